# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

def to_jsonable(value: Any) -> Any:
    "Write a value as JSON data; raises `InputError`."

DEEPEST: Any
LONGEST_COLUMN: Any

def find_problem(value: Any) -> str:
    "Say why a value could not be kept."

@dataclass(frozen=True)
class Dataset:
    "Rows with a name; it does not change."
    name: str
    rows: tuple[Any, ...] = field(repr=...)
    inputs: tuple[Any, ...] | None = ...
    origin: str = ...
    def __post_init__(self) -> None:
        ...
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
    def plain(self) -> list[dict[Any, Any]]:
        "The rows as JSON data; raises `InputError` where a value cannot be kept."
    @property
    def digest(self) -> str:
        "SHA-256, in hex, of the rows as JSON; the name does not count."
    def to_json(self) -> dict[Any, Any]:
        "Give the name and the rows as JSON data."

def explain_cell(data: str, row: int, column: str) -> str:
    "Name a cell of a dataset."

def read_dataset(data: Any) -> Dataset:
    "Make a dataset of its JSON data; raises `BundleError`."

def make_examples(data: Dataset, signature: Any) -> list[Any]:
    "Make the examples that DSPy's optimisers and metrics take."

def read_examples(examples: Any) -> tuple[Any, ...]:
    "Read the rows of DSPy's examples."
