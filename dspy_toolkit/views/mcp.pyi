# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class ClientConfigView(View):
    "The configuration of a client."
    name: str
    config: dict[Any, Any]
    advice: str
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __str__(self) -> str:
        ...
