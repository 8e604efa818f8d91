# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

@dataclass(frozen=True, repr=False)
class Version:
    "One version of a signature, a program or a dataset."
    id: int
    name: str
    number: int
    kind: str
    digest: str
    author: str = ...
    at: float = ...
    message: str = ...
    parent: str | None = ...
    origin: dict[Any, Any] = field(default_factory=...)
    aliases: tuple[Any, ...] = ...
    tags: tuple[Any, ...] = ...
    latest: bool = ...
    created: bool = field(default=..., compare=...)
    def __str__(self) -> str:
        ...
    def __repr__(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Give the version as JSON data."

HEAD: str
