# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Hardware:
    "What a model runs on here."
    chip: str
    memory: int | None
    free: int | None
    device: str
    cores: int
    blas: str | None = ...

def hardware() -> Hardware:
    "Look at this machine."

def default_device() -> str:
    "Name the kind of device that MLX computes on here. MLX is asked where it is imported already; it is not imported for this."

def format_bytes(nbytes: float) -> str:
    "Write a size as a person reads it."

def need_mlx() -> None:
    "Raise `MissingExtra` where MLX is not installed, or can't be; where it is, load a fast BLAS before MLX is imported."

def load_fast_blas() -> bool:
    "On a Linux CPU, let MLX use OpenBLAS if it is installed; call it before MLX is imported."

def uses_slow_blas() -> bool:
    "Say whether MLX multiplies matrices with the reference BLAS."

def fast_blas_hint() -> str:
    "Say what to do so that MLX uses OpenBLAS."
