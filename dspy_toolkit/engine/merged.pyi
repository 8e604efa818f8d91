# Made by `make export` from the modules: edit the notebooks.
from typing import Any

MERGED: Any

class Merged:
    "Rows that share a step of one token each."
    max_tokens: int
    def __init__(self, model: Any) -> None:
        ...
    def __len__(self) -> Any:
        ...
    @property
    def nbytes(self) -> int:
        ...
    def choose_tokens(self, waiting: list[int], limit: int) -> int:
        "How many tokens to feed each row: one."
    def admit(self, caches: Any, length: int | None=None) -> None:
        "Add a row, with the caches that `Apart.extract` gave."
    def filter(self, rows: list[int]) -> None:
        "Drop all rows but these."
    def compute_logits(self, tokens: list[list[int]]) -> Any:
        "Feed one token to every row; gives the logits after it."
    model: Any
    caches: Any
    size: Any
