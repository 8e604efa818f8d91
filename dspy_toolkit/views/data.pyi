# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

SHOWN: Any
WIDEST: Any
LONGEST: Any

def shorten(value: Any, most: int=...) -> Any:
    "Cut a long text."

def rows_html(rows: Any, names: Any, numbers: Any, label: str) -> Any:
    "Show rows as a table; a value that is not there leaves its cell empty."

@dataclass
class DatasetView(View):
    "A dataset."
    data: object
    version: object = ...
    remarks: list[Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class SplitView(View):
    "The parts of a dataset."
    name: str
    parts: list[Any]
    by: str | None = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class DatasetDiffView(View):
    "What a dataset has and another one has not."
    difference: object
    old: str
    new: str
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
