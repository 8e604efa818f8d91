# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.errors import NotRegistered
from dspy_toolkit.registry.base import Registry
from typing import Any

@dataclass(frozen=True)
class Case:
    "An input that is kept for a signature."
    of: str
    name: str
    inputs: dict[Any, Any]
    expected: dict[Any, Any] = field(default_factory=...)
    answer: dict[Any, Any] = field(default_factory=...)
    author: str = ...
    at: float = ...
    def __str__(self) -> str:
        ...
    def share(self) -> dict[Any, Any]:
        "Give what an export says of it."
    def to_json(self) -> dict[Any, Any]:
        "Give the case as JSON data."

def read_cases(connection: Any, name: str) -> list[Any]:
    "Read the cases of a name."

def explain_missing_case(name: str, case: str, known: Any) -> NotRegistered:
    "Make the error for a case that is not there."

def import_cases(registry: Registry, connection: Any, name: str, shared: dict[Any, Any]) -> None:
    "Add the cases of a file that are not there."
