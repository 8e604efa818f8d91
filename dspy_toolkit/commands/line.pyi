# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import ToolkitError
from typing import Any
from typing import NamedTuple

class UsageError(ToolkitError):
    "A verb is unknown, or its arguments are not what it takes."

class Word(NamedTuple):
    "A word of a line."
    text: str
    start: int
    end: int
    quote: str = ...
    lead: str = ...
    closed: bool = ...
    @property
    def quoted(self) -> Any:
        ...

def words_of(line: str) -> list[Word]:
    "Split a line into its words."

def spell_text(text: str) -> str:
    "Write a text so that a line reads it as it is."

def expand(word: str, namespace: dict[Any, Any]) -> list[str]:
    "Put the values of variables into a word; raises `UsageError` for what has none."

def fill(text: str, namespace: dict[Any, Any]) -> str:
    "Put values into a text where it names variables that are there; everything else stays as it is."

def inputs_of(line: str, start: int, options: Any=...) -> list[Any]:
    "Find `name = expression` on a line."
