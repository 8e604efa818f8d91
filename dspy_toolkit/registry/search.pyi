# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

def words(text: str) -> list[Any]:
    "The words of a text as they are looked up; those of a name come whole and in parts."

def facet(key: str, value: str) -> str:
    ...

LATEST: str

NAMED: str

def document(name: str, kind: str, body: dict[Any, Any], message: str='', tags: Any=..., notes: Any=..., latest: bool=True) -> dict[Any, Any]:
    "The words of a version."

def index(connection: Any, *ids: int) -> None:
    "Make the documents of some versions anew."

def rebuild(connection: Any) -> None:
    "Make every document anew."

FILTERS: Any

@dataclass(frozen=True)
class Query:
    "What is looked for."
    words: tuple[Any, ...] = ...
    filters: tuple[Any, ...] = ...

def parse_query(text: str) -> Query:
    "Read what a person typed; raises `InputError` for a filter that is none."

CANDIDATES: int

def find(connection: Any, query: Query, most: int=20, history: bool=False) -> list[Any]:
    "The versions that fit; of each name, the best one."
