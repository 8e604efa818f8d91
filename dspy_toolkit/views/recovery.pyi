# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

MOST: int

@dataclass(frozen=True)
class RecoveryView(View):
    "Supervised models, and the recovery log."
    children: tuple[Any, ...]
    log: tuple[Any, ...] = ...
    is_on: bool = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
