# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.diff import Compared
from dspy_toolkit.signatures.spec import FieldSpec
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.views.base import View
from typing import Any

LIMITS: Any

def remark(spec: FieldSpec) -> str:
    "What a field's description, constraints and default say, on one line."

def type_rows(definition: dict[Any, Any]) -> list[Any]:
    "The members of an Enum, or the fields of a model."

@dataclass
class SignatureView(View):
    "What a signature, or a program, asks for and gives back."
    spec: SignatureSpec
    signature: type[Any] | None = field(default=..., repr=...)
    module: str = ...
    version: object = ...
    note: str = ...
    alarming: bool = ...
    cell: str = ...
    latest: str = ...
    demos: dict[Any, Any] = field(default_factory=...)
    remarks: list[Any] = field(default_factory=...)
    def to_json(self) -> Any:
        "The signature; rare keys only if they have a value."
    @property
    def aside(self) -> Any:
        "Which version it is."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

def short_form(spec: SignatureSpec) -> str:
    "The fields of a signature, as in `question, context -> answer`."

@dataclass
class LibraryView(View):
    "The starter library, by topic."
    starters: list[Any]
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

def breaks(changes: Any) -> str:
    "Say whom changes break: callers, examples, or both; empty where they break nobody."

@dataclass
class ComparedView(View):
    "Two things, and what is different."
    difference: Compared
    old: str = ...
    new: str = ...
    def __post_init__(self) -> None:
        ...
    def to_json(self) -> Any:
        ...
    @property
    def verdict(self) -> Any:
        ...
    def add_heading(self, *body: Any) -> Any:
        "The first lines of both kinds of view, in a terminal."

class DiffView(ComparedView):
    "Two signatures, and what is different."
    def rows(self) -> Iterator[Any]:
        "Give (mark, text before, text after, note, changes) of each field, and of the instructions and the order where they changed."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
