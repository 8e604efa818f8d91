# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class ErrorView(View):
    "An error as a person should see it."
    kind: str
    message: str
    hint: str = ...
    marked: tuple[Any, ...] = ...
    stack: str = ...
    log: tuple[Any, ...] = ...
    def __post_init__(self) -> None:
        ...
    @property
    def lines(self) -> Any:
        ...
    def to_json(self) -> Any:
        ...
    def __str__(self) -> str:
        ...
    def __rich__(self) -> Any:
        ...
    def html(self) -> Any:
        ...

HINTS: Any

DISK: Any

def of_error(error: BaseException) -> ErrorView:
    "Describe an error in one line, and what to do in another; an unknown error keeps its stack."

def describe_error(error: BaseException) -> list[str] | None:
    "Write an error as lines of text."
