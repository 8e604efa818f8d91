# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import RegistryError
from typing import Any
import sqlalchemy as sa

WAIT: float

PATIENCE: int

def normal_url(url: str) -> sa.URL:
    "Read a database's URL; raises `RegistryError`."

class _Moved(Exception):
    "The file of the registry is not in its place any more."

class Database:
    "A database with the tables of the registry, which are made or migrated when it is opened."
    def __init__(self, url: str) -> None:
        ...
    @property
    def is_open(self) -> bool:
        "Whether its tables were checked already, so that a query opens nothing."
    @property
    def shown_url(self) -> str:
        "The URL without its passwords."
    def close(self) -> None:
        "Close every connection; the next use opens new ones. A database in memory stays open, or its data would be lost."
    def reading(self) -> Any:
        "Open a connection that sees one state of the database until the block ends."
    def writing(self) -> Any:
        "Open a connection whose changes are committed together at the end of the block, or not at all."
    @property
    def place(self) -> tuple[Any, ...]:
        "What identifies this registry: its URL, and the file that stands there now."
    def problem(self, error: sa.exc.DBAPIError) -> RegistryError:
        "Turn an error of a driver into one that says what it means and what to do."
    def open(self) -> None:
        "Make the tables, or bring them up to date; does nothing after the first time. Raises `RegistryError`."
    def schema(self) -> str | None:
        "The number of the schema that the database has; raises `RegistryError` when this version does not know it."
    url: Any
    sqlite: Any
    in_memory: Any
    engine: Any
    read_only: Any
