# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

def words(text: str) -> list[Any]:
    "Split a text into the words of the index; a name such as `TriageEmail` gives the whole and its parts."

def facet(key: str, value: str) -> str:
    "Write a property of a version, such as its author, as one word of the index."

LATEST: str

NAMED: str

def document(name: str, kind: str, body: dict[Any, Any], message: str='', tags: Any=..., notes: Any=..., latest: bool=True) -> dict[Any, Any]:
    "Make the document of a version."

def index(connection: Any, *ids: int) -> None:
    "Write the documents of some versions again, or delete those of versions that are gone."

def rebuild(connection: Any) -> None:
    "Write every document again."

FILTERS: Any

@dataclass(frozen=True)
class Query:
    "A search query, read."
    words: tuple[Any, ...] = ...
    filters: tuple[Any, ...] = ...

def parse_query(text: str) -> Query:
    "Read a query that a person typed; raises `InputError` for an unknown filter."

CANDIDATES: int

def find(connection: Any, query: Query, most: int=20, history: bool=False) -> list[Any]:
    "Find the versions that fit; of each name, the best one."
