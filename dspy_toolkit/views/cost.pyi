# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass(frozen=True)
class EstimateView(View):
    "The likely cost of a run."
    title: str
    estimate: object
    def to_json(self) -> Any:
        ...
    def rows(self) -> list[Any]:
        "The numbers as text."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
