# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass(frozen=True)
class RunsView(View):
    "Runs, the newest first."
    runs: tuple[dict[Any, Any], ...]
    at: float
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
