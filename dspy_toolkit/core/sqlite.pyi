# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class SQLiteFile:
    "What a SQLite file holds."
    nbytes: int
    is_whole: bool | None
    damage: str = ...
    tables: frozenset[Any] = ...
    numbers: dict[Any, Any] = field(default_factory=...)

def read_sqlite(path: Path, seconds: float=0.5, **queries: str) -> SQLiteFile:
    "Look into a file; raises `sqlite3.Error` for one that cannot be read, and `OSError` where there is none."
