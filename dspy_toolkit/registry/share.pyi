# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Imported:
    "What an import did."
    versions: tuple[Any, ...]
    aliases: tuple[Any, ...] = ...
    left: tuple[Any, ...] = ...
    dry_run: bool = ...
    @property
    def created(self) -> int:
        "How many versions are new."
    def to_json(self) -> dict[Any, Any]:
        "Give the result as JSON data."

class _Undone(Exception):
    "The end of a dry run."
