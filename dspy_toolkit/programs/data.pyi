# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

def to_jsonable(value: Any) -> Any:
    "Write a value as JSON data; raises `InputError`."

@dataclass(frozen=True)
class Dataset:
    "Rows with a name; it does not change."
    name: str
    rows: tuple[Any, ...] = field(repr=...)
    inputs: tuple[Any, ...] | None = ...
    origin: str = ...
    def __len__(self) -> Any:
        ...
    def __iter__(self) -> Any:
        ...
    def __getitem__(self, which: Any) -> Any:
        ...
    @property
    def columns(self) -> tuple[str, ...]:
        "The names of the fields, in the order in which the rows name them first."
    @property
    def digest(self) -> str:
        "SHA-256, in hex, of the rows as JSON; the name does not count."

def make_examples(data: Dataset, signature: Any) -> list[Any]:
    "Make the examples that DSPy's optimisers and metrics take."
