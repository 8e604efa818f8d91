# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any
import numpy as np

def count_common(a: Any, b: Any) -> int:
    "Tokens that two prompts (numpy arrays) begin with alike."

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
        "How many tokens at the beginning of a prompt are kept."
    def fetch(self, tokens: list[int]) -> Any:
        "What is kept of a prompt: the entry that has the longest prefix in common with it."
    def insert(self, tokens: list[int], copy_layers: Any, pinned: bool=False) -> None:
        "Keep a prompt. An entry that is the beginning of it goes, and so do those used longest ago, until all fit into the limit."
    limit: int
    entries: Any
    hits: Any
    misses: Any
    spared_tokens: Any
