# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class PromptView(View):
    "The prompts of a signature or a program."
    name: str
    model: str
    layout: str
    prompts: list[Any]
    def to_json(self) -> Any:
        ...
    @property
    def aside(self) -> Any:
        "Who would be asked, and how much it would read."
    def parts(self) -> list[Any]:
        "List the messages, each under a line with its role and its tokens."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
