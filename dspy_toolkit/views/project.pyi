# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.views.base import View
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class ProjectView(View):
    "A project, its files, and the next steps."
    folder: Path
    template: str
    summary: str
    files: tuple[tuple[str, str], ...]
    kept: tuple[str, ...] = ...
    def to_json(self) -> Any:
        ...
    @property
    def steps(self) -> list[str]:
        "What to type next, in a terminal."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
