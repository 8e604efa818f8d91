# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class HelpView(View):
    "Every verb, with what it does, under the heading of its group."
    rows: list[Any]
    def to_json(self) -> Any:
        ...
    def groups(self) -> Any:
        "Each heading with its rows."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class VerbView(View):
    "One verb in full."
    verb: str
    usage: str
    summary: str
    options: list[Any] = field(default_factory=...)
    example: str = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class SchemaView(View):
    "What a verb gives as JSON."
    verb: str
    schema: dict[Any, Any]
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __str__(self) -> str:
        ...
    def __rich__(self) -> Any:
        ...
