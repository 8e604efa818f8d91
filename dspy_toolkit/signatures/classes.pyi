# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

def base_name(name: str) -> str:
    "The name of the class, without the number that a second class of that name gets."

def same_classes(cls: Any, name: str, definitions: dict[Any, Any]) -> dict[Any, Any]:
    "Find the classes that a definition and all it refers to stand for, if `cls` means the same."

def is_data_class(found: Any) -> bool:
    "Whether something is an Enum or a model, and not a signature."

MOST_MODULES: int

def candidates(name: str, namespace: dict[Any, Any]) -> Iterator[Any]:
    "Find the Enums and models of a name in a namespace, each once."

def own_classes(definitions: dict[Any, Any], namespace: dict[Any, Any] | None) -> tuple[Any, ...]:
    "Find the user's own classes for some definitions."

def change_of(name: str, definitions: dict[Any, Any], cls: Any) -> str:
    "Describe how a class differs from a definition."
