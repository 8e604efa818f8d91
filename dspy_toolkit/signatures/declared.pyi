# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.source import SourceText
from typing import Any
from typing import NamedTuple

class Declared(NamedTuple):
    "What the classes of a source say."
    classes: dict[Any, Any]
    problems: dict[Any, Any]

def read_classes(text: str, namespace: dict[Any, Any] | None=None, first_line: int=1) -> Declared:
    "Read the Enums and models of a source; raises `SyntaxError` for a text that is not Python."

class _Reader:
    "Reads one statement."
    def __init__(self, src: Any, namespace: Any) -> None:
        ...
    def read(self, node: Any) -> Any:
        "The classes that a statement makes, by name."
    def read_class(self, node: Any) -> Any:
        ...
    def fail(self, node: Any, message: Any) -> Any:
        "The error for a node."
    def literal(self, node: Any, what: Any) -> Any:
        ...
    def read_enum(self, node: Any, bases: Any) -> Any:
        "An Enum that is written as a class."
    def members(self, node: Any) -> Any:
        "The names and values of an assignment: low, high = 1, 2 makes two members."
    def member(self, node: Any) -> Any:
        ...
    def read_call(self, node: Any) -> Any:
        "An Enum that is written as a call."
    def make_enum(self, name: Any, base: Any, members: Any, mixin: Any, doc: Any) -> Any:
        ...
    def read_model(self, node: Any, base: Any) -> Any:
        "A model; `base` is one that it extends."
    def config(self, node: Any) -> Any:
        "The configuration of a model, in its first line or in `model_config`."
    def model_field(self, node: Any) -> Any:
        "The annotation and the `Field` of a field."
    def field_arguments(self, node: Any) -> Any:
        ...
    def make_default(self, code: Any, node: Any) -> Any:
        ...
    src: Any
    namespace: Any
    types: Any

def last_name(node: Any) -> str:
    "The last part of a dotted name; '' for something else."

def span(src: SourceText, node: Any) -> tuple[Any, ...]:
    "Find where a node stands."
