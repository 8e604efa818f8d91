# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.errors import ToolkitError
from typing import Any

class PageError(ToolkitError, ValueError):
    "The modules of a page cannot be joined."

@dataclass
class _Module:
    "One module, read."
    name: str
    imports: list[Any] = field(default_factory=...)
    exports: list[Any] = field(default_factory=...)
    code: list[Any] = field(default_factory=...)
    has_default: bool = ...

def join_modules(modules: dict[Any, Any]) -> str:
    "Join ES modules into one; raises `PageError` for what it does not understand."
