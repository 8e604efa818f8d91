# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

class Owners:
    "Objects by name, each with a value."
    def __init__(self) -> None:
        ...
    def add(self, name: str, owner: Any, value: Any) -> None:
        "Add an object, which is held weakly; if it is there already, its value is replaced."
    def remove(self, name: str, owner: Any=None) -> None:
        "Remove an object, or all of a name; what is not there is no error."
    def items(self) -> Iterator[tuple[str, object, object]]:
        "Give those that are alive; the second of a name is called NAME #2."
