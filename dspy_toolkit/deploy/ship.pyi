# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.deploy.bundle import Bundle
from pathlib import Path
from typing import Any
from typing import Literal

KINDS: Any

PAUSE: Any
SPARE: Any

@dataclass(frozen=True)
class Plan:
    "What the files are made of."
    bundle: Bundle
    port: int = ...
    drain: float = ...
    image: str = ...
    place: str = ...
    code: tuple[Any, ...] = ...
    def __post_init__(self) -> None:
        ...
    @property
    def slug(self) -> str:
        ...
    @property
    def number(self) -> str:
        ...
    @property
    def keys(self) -> list[str]:
        ...
    @property
    def has_mlx(self) -> bool:
        ...
    @property
    def folder(self) -> str:
        ...
    @property
    def grace(self) -> int:
        ...

def make_slug(name: str) -> str:
    "Make a name that hosts and services may have: small letters, digits and hyphens."

@dataclass(frozen=True)
class Shipped:
    "The files that were written for one kind of machine."
    kind: str
    plan: Plan = field(repr=...)
    folder: Path
    written: tuple[str, ...]
    same: tuple[str, ...] = ...

def write_ship(bundle: str | Path | Bundle, kind: Any, folder: str | Path | None=None, force: bool=False, **options: Any) -> Shipped:
    "Write the files that serve a bundle; raises `InputError` for a file that a person has changed, and then writes nothing."

def list_steps(shipped: Shipped) -> list[str]:
    "List the commands that bring the service up, in the folder of the files; a file tokens.json is there already."
