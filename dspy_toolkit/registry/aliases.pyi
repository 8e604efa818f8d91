# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.registry.records import Version
from typing import Any

def find_alias(connection: Any, name: str, alias: str) -> Any:
    "Find the row of an alias."

def set_alias(connection: Any, version: Version, alias: str, have: Any, protected: bool=False) -> None:
    "Add the row of an alias, or change where it points."

class AliasConflict(ToolkitError):
    "Somebody has moved an alias meanwhile."
    def __init__(self, where: str, expected: int | None, found: int | None) -> None:
        ...
    expected: int | None
    found: int | None
