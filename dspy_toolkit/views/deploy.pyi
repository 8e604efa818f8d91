# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass(frozen=True)
class BundleView(View):
    "A bundle."
    bundle: object
    def to_json(self) -> Any:
        ...
    @property
    def steps(self) -> list[str]:
        "What to type next."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass(frozen=True)
class ShipView(View):
    "The files for one kind of machine."
    shipped: object
    about: str
    steps: list[str]
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
