# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.registry.base import Registry
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

def move_alias(registry: Registry, connection: Any, version: Version, alias: str, *, force: bool=False, message: str='', expected: Any=..., reasons: dict[Any, Any] | None=None) -> int | None:
    "Move an alias within a transaction that does more; raises `Protected` and `AliasConflict`."

def check_protection(name: str, have: Any, force: bool) -> None:
    "Raise `Protected` for a protected alias, unless `force`."
