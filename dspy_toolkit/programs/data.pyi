# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.dataset import Dataset as Dataset
from dspy_toolkit.signatures.dataset import make_examples as make_examples
from dspy_toolkit.signatures.dataset import to_jsonable as to_jsonable
from typing import Any

def check_dataset(data: Dataset, signature: Any) -> Dataset:
    "Fit the values of a dataset to a signature; raises `InputError`, which names row and column."
