# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

VERDICTS: Any

@dataclass(frozen=True)
class Mark:
    "What a person said of an answer."
    name: str
    version: str
    verdict: str
    inputs: dict[Any, Any]
    outputs: dict[Any, Any]
    author: str = ...
    at: float = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the mark as JSON data."
