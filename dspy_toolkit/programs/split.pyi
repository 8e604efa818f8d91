# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.dataset import Dataset
from typing import Any

PARTS: Any

def read_shares(words: Any, name: str) -> dict[Any, Any]:
    "Read the shares that a person wrote; raises `InputError`."

def split_dataset(data: Dataset, shares: dict[Any, Any], seed: int=0, by: str | None=None) -> dict[Any, Any]:
    "Divide the rows; raises `InputError` where a part would be empty, or the column is not there."
