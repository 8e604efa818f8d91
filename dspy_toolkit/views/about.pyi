# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class ModelView(View):
    "What a model is."
    about: object
    title: str = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class SpeedView(View):
    "How fast a model answers on this machine."
    speed: object
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
