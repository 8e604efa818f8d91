# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

def list_comparisons(findings: Any) -> list[tuple[Any, ...]]:
    "Write findings, a line each."

@dataclass(frozen=True)
class RolloutView(View):
    "A rollout, its counts and its trail."
    standing: object
    @property
    def rollout(self) -> Any:
        ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
