# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any

class Cover:
    "Answers whether a type takes all values of another."
    def __init__(self, wide: dict[Any, Any], narrow: dict[Any, Any]) -> None:
        ...
    def __call__(self, wide: dict[Any, Any], narrow: dict[Any, Any]) -> bool:
        ...
    def takes(self, wide: Any, value: Any) -> Any:
        "Whether a type takes one value of a Literal."
    def parts(self, wide: Any, narrow: Any) -> Any:
        "Compare containers by the types of what they hold."
    def cover_annotated(self, wide: Any, narrow: Any) -> Any:
        ...
    def cover_defined(self, wide: Any, narrow: Any) -> Any:
        ...
    wide: dict[Any, Any]
    narrow: dict[Any, Any]
    assumed: Any

@dataclass(frozen=True)
class Change:
    "One difference between two signatures."
    what: str
    field: str = ...
    before: str = ...
    after: str = ...
    note: str = ...
    callers: bool = ...
    examples: bool = ...
    @property
    def breaking(self) -> bool:
        ...
    def __str__(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        ...

def find_renames(old: SignatureSpec, new: SignatureSpec) -> dict[Any, Any]:
    "Find the fields that have another name now."

@dataclass(frozen=True)
class Compared:
    "All differences between two specs."
    old: object
    new: object
    changes: tuple[Any, ...]
    @property
    def callers(self) -> bool:
        ...
    @property
    def examples(self) -> bool:
        ...
    @property
    def breaking(self) -> bool:
        ...
    @property
    def summary(self) -> str:
        "The differences on one line."
    def to_json(self) -> dict[Any, Any]:
        ...

class Difference(Compared):
    "All differences between two signatures."
    @property
    def rows(self) -> list[Any]:
        "The fields side by side: those of the new signature, then the removed ones."

def diff(old: SignatureSpec, new: SignatureSpec) -> Difference:
    "Compare what two signatures mean."
