# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.registry.base import Registry
from typing import Any

def record_change(registry: Registry, connection: Any, action: str, name: str, version: int | None=None, **detail: Any) -> None:
    "Add a row to the audit trail."

@dataclass(frozen=True)
class Change:
    "One change to the registry."
    at: float
    author: str
    action: str
    name: str
    version: int | None
    detail: dict[Any, Any]
    def to_json(self) -> dict[Any, Any]:
        "Give the change as JSON data."
