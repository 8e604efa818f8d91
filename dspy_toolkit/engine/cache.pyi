# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any
import numpy as np

def count_common(a: Any, b: Any) -> int:
    "The number of tokens at the beginning that two prompts (numpy arrays) share."

@dataclass(frozen=True, eq=False)
class PromptEntry:
    "A prompt in the cache."
    tokens: np.ndarray
    layers: list[Any]
    nbytes: int
    pinned: bool

class PromptCache:
    "Keys and values of recent prompts."
    min_new_tokens: int
    def __init__(self, limit: int) -> None:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def count_cached(self, tokens: list[int]) -> int:
        "How many tokens at the beginning of a prompt are in the cache."
    def fetch(self, tokens: list[int]) -> Any:
        "The cached beginning of a prompt: from the entry with the longest common prefix."
    def insert(self, tokens: list[int], copy_layers: Any, pinned: bool=False) -> None:
        "Store a prompt. An entry that is its beginning is dropped, then the least recently used ones until all fit into the limit."
    def clear(self) -> int:
        "Drop all entries but the pinned ones."
    limit: int
    entries: Any
    hits: Any
    misses: Any
    spared_tokens: Any
