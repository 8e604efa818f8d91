# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.errors import ModelNotAvailable
from pathlib import Path
from typing import Any

def read_tensors(folder: Path, pattern: str='model*.safetensors') -> list[tuple[str, int]]:
    "Read the heads of a model's files; raises `ModelNotAvailable` for a file that is broken."

def least_context(config: dict[Any, Any], model_max_length: float | None=None) -> int:
    "Choose the least number of tokens that config and tokenizer allow."

def read_context_window(folder: Path) -> int:
    "Read how many tokens a model holds, prompt and answer together, without loading it."

def choose_group_size(*sizes: int) -> int | None:
    "Choose the size of the groups in which keys and values of fewer bits are kept."

def check_kv_bits(bits: int | None, *sizes: int) -> None:
    "Raise `ModelNotAvailable` where keys and values can't be kept in so many bits."

def uses_single_precision(kinds: Any, nbytes: int) -> bool:
    "Say whether a model of halves is computed in single precision here: on a CPU, where all of it is floats and it is not large."

@dataclass(frozen=True)
class Memory:
    "Bytes a model takes."
    weights: int
    kv: int
    prefix: int
    @property
    def total(self) -> int:
        ...

def estimate_memory(folder: Path, slots: int=8, context: int | None=None, kv_bits: int | None=None, prefix_bytes: int=..., adapter_path: Path | None=None) -> Memory:
    "Estimate what a model will take, without loading it; raises `ModelNotAvailable` for files that are no model's."

class NotEnoughMemory(ModelNotAvailable, MemoryError):
    "A model does not fit into the memory that is free."
    def __init__(self, name: str, need: Memory, free: int, hint: str='') -> None:
        ...
    need: Memory
    free: int

def check_memory(folder: Path, slots: int=8, context: int | None=None, kv_bits: int | None=None, prefix_bytes: int=..., adapter_path: Path | None=None, free: int | None=None) -> Memory:
    "Raise `NotEnoughMemory` when a model will not fit, with what would help; where the free memory is not known, all fits."
