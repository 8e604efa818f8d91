# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Deployment:
    "A version that is or was served somewhere."
    id: int
    version: str
    target: str
    alias: str = ...
    status: str = ...
    author: str = ...
    at: float = ...
    ended: float | None = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the deployment as JSON data."
