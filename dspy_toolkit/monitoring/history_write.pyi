# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy_toolkit.monitoring.history_file import HistoryFile
from dspy_toolkit.monitoring.history_rows import Packed
from typing import Any

LABELS: Any

def label_word(column: str, number: int) -> str:
    "The word of the full-text index that stands for a label."

class HistoryWriter:
    "Writes into a file for one session. Used by one thread."
    def __init__(self, file: HistoryFile, uid: str, clock: Any=...) -> None:
        ...
    def forget(self) -> None:
        "Forget what was learned from the file: it may not be there any more."
    def write(self, packed: list[Packed]) -> None:
        "Write a batch; raises `sqlite3.Error`, `OSError` or `HistoryError`, and then nothing of it is written."
    file: HistoryFile
    uid: str
    began: Any

def read_text(connection: Any, key: int) -> tuple[str] | None:
    "The text whose words are in the index for a call: to take it out, SQLite wants it once more."

CHUNK: int

def trim(file: HistoryFile, days: float, mb: float, now: float) -> Iterator[Any]:
    "Delete what is too old or too much, step by step; raises `sqlite3.Error`, `OSError` or `HistoryError`."

def count_used_bytes(file: HistoryFile) -> int:
    "The bytes of a file that hold something."
