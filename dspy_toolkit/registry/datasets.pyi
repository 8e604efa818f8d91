# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.dataset import Dataset
from typing import Any

MOST_COLUMNS: int

def describe_dataset(data: Dataset) -> dict[Any, Any]:
    "Say in short what a dataset has."

def restore_dataset(data: Dataset, version: Any) -> Dataset:
    "Give a dataset the order of its columns, and its inputs, which are not in the content."

LARGEST: Any

def check_size(data: Dataset, largest: int=...) -> None:
    "Raise `InputError` for a dataset that is too large to keep."

def check_name_is_free(connection: Any, name: Any, kind: str) -> None:
    "Raise `InputError` where a dataset and something else would have one name."
