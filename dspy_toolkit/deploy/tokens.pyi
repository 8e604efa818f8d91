# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class Token:
    "A token, without its text."
    name: str
    digest: str
    programs: tuple[Any, ...] = ...
    expires: float | None = ...
    made: float = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the token as JSON data, without its digest."

class Tokens:
    "The tokens of one file; a change by another process counts from its next request on."
    def __init__(self, path: Path, clock: Any=...) -> None:
        ...
    def list(self) -> list[Token]:
        "List the tokens; raises `InputError` for a file that is not one of tokens."
    def add(self, name: str, programs: Any=..., seconds: float | None=None) -> str:
        "Make a token; raises `InputError` for a name that is in use."
    def remove(self, name: str) -> Token:
        "Revoke a token; raises `InputError` where there is none of this name."
    def check(self, header: str | None, program: str | None=None) -> Token:
        "Find the token of a request; raises `Problem`."
    path: Any
    clock: Any
