# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

def read_moment(when: Any, now: float | None=None) -> float:
    "Read a moment; a date is its beginning, in local time. Raises `InputError`."

@dataclass
class Search:
    "What is looked for, in the numbers of a file."
    low: int = ...
    high: int = ...
    numbers: dict[str, list[int]] = field(default_factory=...)
    model: list[int] | None = ...
    words: list[str] = field(default_factory=...)
    @property
    def impossible(self) -> bool:
        "Is there a name that nothing in the file has?"
    def find(self, connection: Any, most: int | None=None, newest_first: bool=True) -> list[int]:
        "The keys of the calls that fit."
    def condition(self) -> tuple[str, list[Any]]:
        "The condition on the table of calls, without the words."
    def expression(self, connection: Any) -> str:
        "The question to the full-text index."
    def sums(self, connection: Any) -> dict[Any, Any]:
        "Count the calls that fit, and their tokens."

@dataclass(frozen=True)
class Filters:
    "What a caller may ask for; None means everything."
    since: object = ...
    until: object = ...
    signature: str | None = ...
    version: str | None = ...
    model: str | None = ...
    outcome: str | tuple[Any, ...] | None = ...
    session: int | None = ...
    words: str | tuple[Any, ...] = ...

def make_search(connection: Any, filters: Filters, now: float | None=None) -> Search:
    "Look up the numbers of what is asked for; raises `InputError`."

def read_calls(connection: Any, keys: list[int], contents: bool=True) -> list[dict[Any, Any]]:
    "The rows of calls, with their labels as texts."
