# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

LONGEST_NAME: Any
LONGEST_ALIAS: Any
LATEST: Any

@dataclass(frozen=True)
class Reference:
    "A version, as a person names it."
    name: str
    version: int | None = ...
    alias: str | None = ...
    def __str__(self) -> str:
        ...

def check_name(name: str) -> str:
    "The name itself; raises `InputError` for one that nothing can have."

def check_alias(alias: str, what: str='alias') -> str:
    "The alias, or tag, itself; raises `InputError` for one that cannot be."

def plain_text(text: str, what: str, most: int=...) -> str:
    "The text itself; raises `InputError` for one that not every database can hold."

def parse_reference(text: str, old: bool=False) -> Reference:
    "Read `Name`, `Name@3` or `Name@alias`; raises `InputError`."

def near(word: str, known: Any, most: int=6) -> str:
    "Say which of the known words was probably meant, or which there are."
