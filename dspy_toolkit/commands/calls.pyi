# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import FreeWord
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.views.calls import CallsView
from typing import Any
from typing import Literal

MOST: int

def remember_version(version: str, calls: Any) -> None:
    "Remember for which version calls were made."

def history(words: list[FreeWord]=..., *, version: Reference | None=None, model: ModelName | None=None, since: str | None=None, outcome: Literal['ok', 'unparsed', 'cancelled', 'error'] | None=None, session: Literal['all', 'this']='all', most: int=20) -> CallsView:
    'Show the calls of this session and of earlier ones, the latest first, or one in full.\n\nRaises `InputError` for a session that is none.'

class _Source:
    "Calls that DSPy remembers, and below them those of the file; while calls are recorded, all of them are in the file."
    def __init__(self, stored: Any, remembered: Any, session: Any) -> None:
        ...
    @property
    def total(self) -> Any:
        ...
    def one(self, number: Any) -> Any:
        ...
    def search(self, words: Any, filters: Any, most: Any) -> Any:
        ...
    stored: Any
    remembered: Any
    session: Any
    now: Any
