# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Hardware:
    "The hardware that a model runs on here."
    chip: str
    memory: int | None
    free: int | None
    device: str
    cores: int
    blas: str | None = ...

def hardware() -> Hardware:
    "Describe the hardware of this machine."

def default_device() -> str:
    "Name the kind of device that MLX computes on here. Asks MLX if it is already imported, and never imports it."

def need_mlx() -> None:
    "Load a fast BLAS before MLX is imported; raises `MissingExtra` when MLX is not installed, or can't be."

def load_fast_blas() -> bool:
    "On a Linux CPU, let MLX use OpenBLAS if it is installed; call it before MLX is imported."

def can_allocate(nbytes: int=...) -> bool:
    "Does the system give this process `nbytes` bytes now? They are given back at once, untouched."

def reserve_blas_memory() -> None:
    "Let OpenBLAS take its buffer now, which it keeps: later, without memory, it would try for ever. Raises `MemoryError`."

def uses_slow_blas() -> bool:
    "Check whether MLX uses the slow reference BLAS."

def fast_blas_hint() -> str:
    "Say what to do so that MLX uses OpenBLAS."
