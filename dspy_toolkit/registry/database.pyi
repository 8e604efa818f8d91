# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import RegistryError
from typing import Any
import sqlalchemy as sa

HEAD: str

WAIT: float

PATIENCE: int

def normal_url(url: str) -> sa.URL:
    "Read a database's URL; raises `RegistryError`."

class _Moved(Exception):
    "The file of the registry is not in its place any more."

class Database:
    "A database with these tables in it, made or migrated when it is opened."
    def __init__(self, url: str) -> None:
        ...
    @property
    def is_open(self) -> bool:
        ...
    @property
    def shown_url(self) -> str:
        ...
    def close(self) -> None:
        "Close every connection; the next use opens new ones. One in memory stays, or what is in it would go."
    def reading(self) -> Any:
        "A connection that sees one state of the database."
    def writing(self) -> Any:
        "A connection whose changes happen all together at the end of the block, or not at all."
    @property
    def place(self) -> tuple[Any, ...]:
        "Which registry this is: its URL, and the file that stands there now."
    def problem(self, error: sa.exc.DBAPIError) -> RegistryError:
        "What a driver's error means, and what to do about it."
    def open(self) -> None:
        "Make the tables, or bring them up to date; does nothing after the first time. Raises `RegistryError`."
    def schema(self) -> str | None:
        "The number of the schema that the database has; raises `RegistryError` when this version does not know it."
    url: Any
    sqlite: Any
    in_memory: Any
    engine: Any
    read_only: Any
