# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

def base_name(name: str) -> str:
    "The name of the class, without the number that a second class of that name gets."

def same_classes(cls: Any, name: str, definitions: dict[Any, Any]) -> dict[Any, Any]:
    "The classes that a definition stands for, where `cls` means what it says."

def is_data_class(found: Any) -> bool:
    "Whether it is an Enum or a model, and no signature."

MOST_MODULES: int

def candidates(name: str, namespace: dict[Any, Any]) -> Iterator[Any]:
    "The Enums and models of a name in a namespace, each once."

def own_classes(definitions: dict[Any, Any], namespace: dict[Any, Any] | None) -> tuple[Any, ...]:
    "Look for the person's own classes behind some definitions."

def change_of(name: str, definitions: dict[Any, Any], cls: Any) -> str:
    "Say in what a class is not what a definition says."
