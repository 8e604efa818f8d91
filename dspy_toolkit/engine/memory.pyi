# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.errors import ModelNotAvailable
from pathlib import Path
from typing import Any

def read_tensors(folder: Path, pattern: str='model*.safetensors') -> list[tuple[str, int]]:
    "Read the headers of a model's files; raises `ModelNotAvailable` for a broken file."

def least_context(config: dict[Any, Any], model_max_length: float | None=None) -> int:
    "Give the smallest number of tokens that config and tokenizer allow."

def read_context_window(folder: Path) -> int:
    "Read how many tokens a model can hold, prompt and answer together, without loading it."

def choose_group_size(*sizes: int) -> int | None:
    "Choose the size of the groups for quantized keys and values."

def check_kv_bits(bits: int | None, *sizes: int) -> None:
    "Raise `ModelNotAvailable` when keys and values can't be stored with this number of bits."

def compute_single_bytes(tensors: Any, config: dict[Any, Any]) -> int | None:
    "Compute the size of the weights in single precision, for those that are converted to it: on a CPU, if they are not large."

@dataclass(frozen=True)
class Memory:
    "The bytes that a model takes."
    weights: int
    kv: int
    prefix: int
    @property
    def total(self) -> int:
        ...

def estimate_memory(folder: Path, slots: int=8, context: int | None=None, kv_bits: int | None=None, prefix_bytes: int=..., adapter_path: Path | None=None) -> Memory:
    "Estimate the memory of a model without loading it; raises `ModelNotAvailable` when its files can't be read."

class NotEnoughMemory(ModelNotAvailable, MemoryError):
    "A model does not fit into the free memory."
    def __init__(self, name: str, need: Memory, free: int, hint: str='') -> None:
        ...
    need: Memory
    free: int

def check_memory(folder: Path, slots: int=8, context: int | None=None, kv_bits: int | None=None, prefix_bytes: int=..., adapter_path: Path | None=None, free: int | None=None) -> Memory:
    "Raise `NotEnoughMemory`, with advice, when a model will not fit. If the free memory is unknown, every model passes."
