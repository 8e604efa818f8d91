# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

LONGEST_NAME: Any
LONGEST_ALIAS: Any
LATEST: Any

@dataclass(frozen=True)
class Reference:
    "A version, as a person writes it."
    name: str
    version: int | None = ...
    alias: str | None = ...
    def __str__(self) -> str:
        ...

def check_name(name: str) -> str:
    "Check the name of a signature, a program or a dataset, and return it; raises `InputError`."

def check_alias(alias: str, what: str='alias') -> str:
    "Check an alias or a tag, and return it; raises `InputError`."

def plain_text(text: str, what: str, most: int=...) -> str:
    "Check a text, and return it; raises `InputError` for one that some database cannot store."

def parse_reference(text: str, old: bool=False) -> Reference:
    "Read `Name`, `Name@3` or `Name@alias`; raises `InputError`."

def near(word: str, known: Any, most: int=6) -> str:
    "Suggest the known word that was probably meant, or list the known words."
