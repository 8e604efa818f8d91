# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.programs.rows import RowResult
from pathlib import Path
from typing import Any
from typing import NamedTuple
from typing import TextIO

class Line(NamedTuple):
    "One row of inputs."
    number: int
    inputs: dict[Any, Any]
    error: Exception | None = ...

def read_lines(source: TextIO, name: str='stdin') -> Iterator[Line]:
    "Read JSON lines, a JSON list or CSV; raises `InputError` for CSV that cannot be read."

def write_line(number: int, result: RowResult) -> dict[Any, Any]:
    "Write what came of a row."

class _InOrder:
    "Passes results on in the order of their rows."
    def __init__(self, write: Any) -> None:
        ...
    def add(self, result: Any) -> None:
        ...
    def end(self) -> None:
        "Pass on what still waits for a row that did not come."
    write: Any

@dataclass
class LinesDone:
    "How many rows were answered."
    answered: int = ...
    kept: int = ...
    failed: list[Any] = field(default_factory=...)
    @property
    def total(self) -> int:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Give the counts as JSON data."

def run_lines(program: Any, signature: Any, lines: Iterable[Line], write: Callable[..., Any], threads: int=8, skip: Any=...) -> LinesDone:
    "Ask a program for every line, several at a time; raises what stops it, after the finished rows were written."

def fit_inputs(line: Line, signature: Any, fitters: dict[Any, Any] | None=None) -> dict[Any, Any]:
    "Fit the values of a line to the types of a signature; raises `InputError`."

def open_answers(path: Path) -> tuple[frozenset[Any], TextIO]:
    "Open a file of answers to add to it; raises `InputError` for a file of something else."
