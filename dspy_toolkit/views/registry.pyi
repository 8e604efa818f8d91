# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

def day(at: float) -> str:
    "Write the day of a time in seconds since the epoch; empty for 0."

def minute(at: float) -> str:
    "Write the day and the minute of a time in seconds since the epoch; empty for 0."

def labels(version: Any) -> str:
    "The aliases and tags of a version, as text."

@dataclass
class VersionList(View):
    "Versions of many names, one a line: what is kept, or what was found."
    entries: list[Any]
    title: str = ...
    where: str = ...
    unsaved: dict[Any, Any] = field(default_factory=...)
    empty: str = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class LogView(View):
    "The versions of a name, the newest first, each with what it changed."
    name: str
    entries: list[Any]
    notes: dict[Any, Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

class _Said(dict):
    def __missing__(self, key: Any) -> Any:
        ...

def describe_event(change: Any) -> str:
    "Say a change in a line."

@dataclass
class TrailView(View):
    "Who did what, the newest first."
    name: str
    changes: list[Any]
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class Told(View):
    "What was done, in a sentence."
    message: str
    rows: list[Any] = field(default_factory=...)
    data: dict[Any, Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

def estimate_width(text: str, size: float, even: bool=False) -> float:
    "Estimate how wide a text is, whichever font a page has."

def fit_text(text: str, width: float, size: float, even: bool=False) -> str:
    "Shorten a text to what has room."

@dataclass
class LineageView(View):
    "Where versions came from and what became of them."
    name: str
    graph: object
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
