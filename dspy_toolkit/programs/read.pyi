# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.dataset import Dataset
from typing import Any

def read_json_lines(text: str, name: str='examples') -> list[Any]:
    "Read JSON lines, or a JSON list of objects; raises `InputError`."

def read_csv(text: str, name: str='examples') -> list[Any]:
    "Read CSV with a header; raises `InputError`, which names row and line."

def read_blocks(text: str, name: str='examples') -> list[Any]:
    "Read `field = value` lines, with a blank line between two examples; raises `InputError`."

def read_text(text: str, name: str='examples', origin: str='') -> Dataset:
    "Read JSON lines, CSV or blocks; raises `InputError`, which names row and column."

def write_json_lines(data: Dataset) -> str:
    "Write a dataset as JSON lines."

def write_csv(data: Dataset) -> str:
    "Write a dataset as CSV; what is no text is written as JSON."

def write_blocks(data: Dataset) -> str:
    "Write a dataset as `field = value` blocks; raises `InputError` for a column whose name is no name of a field."

def is_data(value: Any) -> bool:
    "Say whether a value is a dataset, a table, or a list of dicts or examples."

def make_dataset(value: Any, name: str='examples', origin: str='') -> Dataset:
    "Make a dataset of a value of a notebook; raises `InputError`, which names row and column."

FILES: Any

def read_file(path: Any, name: str | None=None) -> Dataset:
    "Read the examples of a file; raises `InputError`, which names row and column."

def find_dataset(name_or_value: Any, namespace: dict[Any, Any] | None=None) -> Dataset:
    "Find the dataset that a person means; raises `NotRegistered`, with the nearest name, and `InputError` for what is no dataset."

def near_dataset(name: str, namespace: dict[Any, Any]) -> str:
    "Suggest the dataset that was probably meant."
