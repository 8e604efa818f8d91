# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy_toolkit.core.errors import HistoryError
from pathlib import Path
from typing import Any
import contextlib
import sqlite3

STEPS: Any

OUTCOMES: Any

LAST_KEY: Any

def to_key(moment: float) -> int:
    "The key of a moment; one beyond all keys becomes the first or the last."

def to_moment(key: int) -> float:
    "The moment that a key stands for."

WAIT: float

def file_of(url: str) -> Path | None:
    "Give the file that a URL names; raises `HistoryError`."

class HistoryFile:
    "The file of a history. One connection, used by one thread at a time; it is closed before a fork."
    def __init__(self, url: str) -> None:
        ...
    def close(self) -> None:
        "Close the connection; the next use opens a new one."
    @property
    def exists(self) -> bool:
        ...
    @property
    def shown(self) -> str:
        ...
    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        "A connection that sees one state of the file; None where there is no file yet. Raises `HistoryError`."
    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        "A connection whose changes happen all together at the end of the block. Raises `sqlite3.Error`, `OSError` or `HistoryError`."
    @contextlib.contextmanager
    def alone(self) -> Iterator[Any]:
        "The connection outside of a transaction, for what SQLite does by itself."
    def problem(self, error: Exception) -> HistoryError:
        "Say what an error means, and what to do about it."
    url: str
    path: Any
    opened: Any

def prepare(connection: sqlite3.Connection, shown: str='the history') -> Any:
    "Make the tables, or bring them up to date; raises `HistoryError` for a file of a newer version of this package."
