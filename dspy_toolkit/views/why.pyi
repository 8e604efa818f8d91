# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass(frozen=True)
class WhyView(View):
    "The parts of a call's time."
    title: str
    about: str
    seconds: float
    parts: tuple[tuple[str, float, str], ...]
    advice: str = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
