# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class LinesView(View):
    "A run over many rows."
    name: str
    done: object
    lm: str = ...
    seconds: float = ...
    answers: list[Any] = field(default_factory=...)
    file: str = ...
    @property
    def failed(self) -> Any:
        ...
    @property
    def is_written(self) -> Any:
        ...
    @property
    def is_message(self) -> Any:
        ...
    def to_json(self) -> Any:
        "The counts; the answers too, where they went nowhere else."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
