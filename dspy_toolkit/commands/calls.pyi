# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import FreeWord
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.views.calls import CallsView
from typing import Any

MOST: int

def made_for(version: str, calls: Any) -> None:
    "Remember for which version calls were made."

def history(words: list[FreeWord]=..., *, version: Reference | None=None, model: ModelName | None=None, most: int=20) -> CallsView:
    "Show the calls of this session, the latest first, or one of them in full."
