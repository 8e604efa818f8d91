# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.views.base import View
from typing import Any

def empty_row(id: str, direction: str) -> dict[Any, Any]:
    "Make the row of a field in which nothing is typed yet."

def empty_draft() -> dict[Any, Any]:
    "Make the draft of an editor that opens without a signature."

def draft_of(spec: SignatureSpec, namespace: Any=None) -> dict[Any, Any]:
    "Write a signature as a person would type it into the editor."

@dataclass(frozen=True)
class Problem:
    "Something wrong in a draft, and where."
    field: str
    part: str
    message: str
    hint: str = ...
    warning: bool = ...
    def __str__(self) -> str:
        ...

@dataclass(frozen=True)
class Reading:
    "What a draft means."
    spec: SignatureSpec | None
    problems: tuple[Any, ...] = ...
    types: dict[Any, Any] = field(default_factory=...)
    fits: dict[Any, Any] = field(default_factory=...)

def error_line(error: BaseException) -> str:
    "Write an error on one line, with what to do about it."

def inner_type(node: dict[Any, Any]) -> tuple[Any, ...]:
    "Look inside the wrappers of a type, such as `Optional`."

def constraints_for(node: dict[Any, Any]) -> tuple[Any, ...]:
    "Name the constraints that make sense for a type."

class _DraftReader:
    "Reads one draft."
    def __init__(self, draft: Any, namespace: Any, definitions: Any) -> None:
        ...
    @property
    def errors(self) -> Any:
        "The number of problems that are not warnings."
    def add_problem(self, at: Any, part: Any, error: Any, hint: Any='', warning: Any=False) -> None:
        ...
    def read_expression(self, at: Any, part: Any, text: Any, what: Any, read: Any) -> Any:
        "What `read` makes of a text; None, and a problem, when it cannot."
    def check_name(self, at: Any, name: Any, direction: Any) -> Any:
        "Check the name of a field."
    def read_limit(self, at: Any, constraint: Any, text: Any) -> Any:
        "The value of a constraint; None, and a problem, when it cannot be one."
    def read_field(self, row: Any) -> Any:
        "The FieldSpec of one row, or None."
    def read_limits(self, at: Any, typed: Any) -> Any:
        "The constraints of a row; what is left empty is none."
    def check_values(self, at: Any, node: Any, constraints: Any, default: Any) -> None:
        "Check the constraints and the default of a field against its type."
    def warn_of_constraints(self, at: Any, node: Any, constraints: Any) -> None:
        "Warn of constraints that pydantic takes, and that mean nothing for the type."
    def check_default(self, at: Any, node: Any, constraints: Any, default: Any, classes: Any) -> None:
        "Warn of a default of another type."
    def class_of_name(self) -> Any:
        "Map names to the Enums and models that the types mention."
    def check_signature(self, name: Any, rows: Any) -> None:
        "Check what belongs to no single field."
    def make_spec(self, name: Any, fields: Any) -> Any:
        "The signature, when nothing is wrong; None otherwise."
    draft: Any
    types: Any
    definitions: Any
    problems: Any
    fits: Any
    names: Any

def read_draft(draft: dict[Any, Any], namespace: Any=None, definitions: dict[Any, Any] | None=None) -> Reading:
    "Find out what a draft means, and everything that is wrong with it."

USUAL_TYPES: Any

def suggest_types(namespace: Any=None) -> list[Any]:
    "List the types to choose from, the notebook's own first."

def same_class(cls: Any, name: str, definitions: dict[Any, Any]) -> bool:
    "Is a class what the definition of that name describes?"

def classes_in_namespace(spec: SignatureSpec, namespace: Any=None) -> dict[Any, Any]:
    "Find the classes of a signature that the notebook has, and has as the signature defines them."

def classes_of(signature: Any, spec: SignatureSpec) -> dict[Any, Any]:
    "Find the Enums and models of a signature."

@dataclass
class DraftView(View):
    "A draft as it is typed, with what is wrong in it."
    draft: dict[Any, Any]
    problems: tuple[Any, ...] = ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
