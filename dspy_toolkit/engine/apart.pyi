# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class Apart:
    "Rows that take turns."
    max_tokens: int
    min_shared: Any
    def __init__(self, model: Any, kv_bits: int | None=None, group_sizes: list[Any] | None=None) -> None:
        ...
    def __len__(self) -> Any:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def make_empty(self) -> Any:
        "A batch of the same model, with no rows."
    def choose_tokens(self, waiting: list[int], limit: int) -> int:
        "How many tokens to feed each row: one."
    def admit(self, caches: Any=None, length: int=0) -> None:
        "Add a row, with the caches that `extract` gave or with new ones."
    def filter(self, rows: list[int]) -> None:
        "Drop all rows but these."
    def extract(self, row: int, length: int | None=None) -> Any:
        "A row, always all of it, as `admit` takes it."
    def copy_layers(self, row: int) -> Any:
        "None: another prompt cannot begin with a part of these caches."
    def compute_logits(self, tokens: list[list[int]]) -> Any:
        "Feed at least one token to every row; gives the logits after the last of each."
    def prefill(self, prompts: list[list[int]], chunk: int, while_decoding: bool=False) -> list[int]:
        "Read on in the first prompt that is not read yet."
    def compute_fork_logits(self, caches: Any, length: Any, tokens: list[list[int]]) -> Any:
        "The logits after each token, of rows that all begin with the same one. One token at a time, on a copy of its caches."
    model: Any
    kv_bits: int | None
    caches: Any
    group_sizes: Any
