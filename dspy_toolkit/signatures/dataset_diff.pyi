# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.dataset import Dataset
from typing import Any

@dataclass(frozen=True)
class DatasetDifference:
    "What one dataset has and the other has not."
    old: Dataset
    new: Dataset
    added: tuple[Any, ...]
    removed: tuple[Any, ...]
    changed: tuple[Any, ...]
    moved: bool = ...
    breaking: bool
    @property
    def same(self) -> bool:
        ...
    @property
    def summary(self) -> str:
        "The difference in a line."
    def to_json(self) -> dict[Any, Any]:
        "Give the difference as JSON data."

def diff_datasets(old: Dataset, new: Dataset) -> DatasetDifference:
    "Compare the rows of two datasets."
