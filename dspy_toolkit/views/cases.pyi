# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class CaseList(View):
    "The cases of a signature."
    name: str
    cases: list[Any]
    remarks: list[Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

SIGNS: Any

@dataclass
class TestView(View):
    "Cases on versions and models, side by side."
    name: str
    trials: list[Any]
    results: list[Any]
    def to_json(self) -> Any:
        ...
    @property
    def summary(self) -> dict[Any, Any]:
        "For each trial how many passed, changed and failed."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
