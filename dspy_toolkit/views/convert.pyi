# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class ConvertView(View):
    "A conversion."
    done: object
    @property
    def is_written(self) -> Any:
        ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
