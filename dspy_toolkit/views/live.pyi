# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.base import View
from typing import Any

LOG: int

PACE: int

class LiveView(View):
    "Long work while it runs, and what came of it."
    kind: str
    unit: str
    columns: Any
    by: Any
    def __init__(self, title: str, total: int | None=None, clock: Any=...) -> None:
        ...
    def numbers(self) -> list[Any]:
        ...
    def chart(self) -> Any:
        ...
    def matrix(self) -> Any:
        ...
    def diff(self) -> Any:
        ...
    def count(self, done: float, total: float | None=None) -> None:
        "Say how far the work is."
    def add_row(self, row: list[Any]) -> None:
        "Add a row to the table; a number that JSON does not know is none."
    def write(self, line: str) -> None:
        "Add a line to the log."
    def remark(self, line: str) -> None:
        "Add a sentence below everything else; the same one is added once."
    def end(self, state: str='done', seconds: float | None=None) -> None:
        "The work has ended."
    @property
    def failed(self) -> bool:
        "Say whether the work failed; a shell then exits with 1."
    @property
    def seconds(self) -> float:
        "Give the seconds since the start, or from start to end."
    @property
    def rate(self) -> float | None:
        "Give the units of work a second: lately, or, at the end, altogether."
    @property
    def left(self) -> float | None:
        "Give the seconds that the rest takes at this rate; None where nobody knows, and at the end."
    def live(self, since: int=0) -> dict[Any, Any]:
        "Copy the state, with the rows of the table after the first `since`."
    def to_json(self) -> Any:
        ...
    @property
    def progress(self) -> str:
        "Write how far the work is."
    def first_rows(self, most: int) -> list[Any]:
        "Take the rows that are shown where not all are: those that went wrong come first."
    def find_column(self, name: str | None, kind: str) -> int | None:
        "Find a column of the table."
    def table_html(self) -> Any:
        "The table, as much as is kept."
    def bar_html(self) -> Any:
        "How far the work is, as a bar; none at the end."
    def numbers_html(self) -> Any:
        "The numbers, side by side."
    def log_html(self) -> Any:
        "The log, folded."
    def html(self) -> Any:
        ...
    def table_rich(self) -> Any:
        "The first rows of the table, for a terminal."
    def __rich__(self) -> Any:
        ...
    title: str
    total: int | None
    clock: Any
    state: Any
    done: Any
    rows: Any
    remarks: Any
    log: Any
    lock: Any

SHOWN: int

IN_TERMINAL: int

MARKS: Any

def cell_text(value: Any) -> str:
    "Write a value of the table."

def matrix_html(matrix: dict[Any, Any]) -> Any:
    "Draw a confusion matrix; its diagonal is what was right."

def diff_html(parts: list[Any]) -> Any:
    "Write a text with what was removed from it and added to it."

def matrix_rich(matrix: dict[Any, Any]) -> Any:
    "A confusion matrix, for a terminal."

def diff_text(parts: list[Any]) -> Any:
    "Write a text with what was removed from it and added to it, as `git diff --word-diff` does."
