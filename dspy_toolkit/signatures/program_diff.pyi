# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.diff import Compared
from dspy_toolkit.signatures.program import ProgramSpec
from typing import Any

def words(before: str, after: str) -> list[Any]:
    "Compare two texts word by word."

@dataclass(frozen=True)
class ProgramChange:
    "One difference between two programs."
    what: str
    path: str = ...
    before: object = ...
    after: object = ...
    note: str = ...
    fields: tuple[Any, ...] = ...
    added: tuple[Any, ...] = ...
    removed: tuple[Any, ...] = ...
    kept: int = ...
    callers: bool = ...
    examples: bool = ...
    @property
    def breaking(self) -> bool:
        ...
    @property
    def words(self) -> list[Any]:
        ...
    def __str__(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        ...

def pair_predictors(old: ProgramSpec, new: ProgramSpec) -> list[Any]:
    "Put the predictors of two programs side by side: those of the new program, then the removed ones."

class ProgramDifference(Compared):
    "All differences between two programs."
    @property
    def rows(self) -> list[Any]:
        "The predictors side by side."

def diff_programs(old: ProgramSpec, new: ProgramSpec) -> ProgramDifference:
    "Compare what two programs mean."

def demo_text(demo: dict[Any, Any]) -> str:
    "Write a demo as the expression that makes it."
