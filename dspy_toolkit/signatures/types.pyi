# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib
import re

PLAIN_TYPES: Any

CONTAINERS: Any

DSPY_TYPES: Any

DECISIONS: Any

class _Missing:
    def __repr__(self) -> str:
        ...
    def __bool__(self) -> Any:
        ...

MISSING: _Missing

def canonical(data: Any) -> str:
    "Write JSON data so that equal data gives equal text: sorted keys, no spaces, ASCII; `1`, `1.0` and `true` stay apart."

TEXT_VALUES: Any

FACTORIES: Any

def pattern_text(pattern: re.Pattern) -> str:
    "Write a compiled pattern as text with the same meaning; its flags stand at the beginning."

def encode(value: Any, reader: Any=None) -> Any:
    "Write a value as JSON data; raises `UnsupportedType` for a value that has no such form."

def short_repr(value: Any, most: int=60) -> str:
    "The repr of a value, cut where it is too long for a message."

def decode(data: Any, classes: Any=None) -> Any:
    "Rebuild the value that `encode` wrote."

def import_name(module: str, name: str) -> Any:
    "Import a name from a module; it is only called with names from the tables of this file."

SHOWN: Any

CONSTRAINTS: Any

FIELD_INFO: Any

def constraints_of(item: Any) -> list[Any] | None:
    "The constraints in one piece of metadata."

class TypeReader:
    "Reads annotations into structure, and collects the definitions of the Enums and models it finds."
    def __init__(self) -> None:
        ...
    def refuse(self, annotation: Any, why: Any='', hint: Any='') -> None:
        "Raise `UnsupportedType` for an annotation, naming the place."
    @contextlib.contextmanager
    def inside(self, name: Any) -> Iterator[Any]:
        "Add `name` to the place that errors report, while a part of it is read."
    def read(self, annotation: Any) -> Any:
        "Give the structure of an annotation; raises `UnsupportedType` for what cannot be kept."
    def read_container(self, kind: Any, annotation: Any, args: Any) -> Any:
        ...
    def read_alias(self, annotation: Any) -> Any:
        ...
    def read_annotated(self, annotation: Any, metadata: Any) -> Any:
        ...
    def merge(self, node: Any, item: Any, annotation: Any) -> Any:
        ...
    def read_class(self, cls: Any) -> Any:
        ...
    def define(self, cls: Any) -> Any:
        "Return the name under which a class is defined; a new class is described first."
    def read_enum(self, cls: Any) -> Any:
        ...
    def read_model(self, cls: Any) -> Any:
        ...
    def read_model_field(self, name: Any, info: Any) -> Any:
        ...
    def read_default(self, info: Any) -> Any:
        "The default of a field as `{'default': ...}`, or nothing when it is required."
    def read_dspy(self, cls: Any, name: Any) -> Any:
        ...
    definitions: Any
    names: Any
    where: Any

def union_of(nodes: list[Any]) -> dict[Any, Any]:
    "Make the union of some types: flat, each once, None last."

def ignore_order(node: Any) -> Any:
    "Sort what Python compares without order: `Literal[1, 2]` equals `Literal[2, 1]`, and a union of the two keeps the first."

def literal_of(values: list[Any]) -> dict[Any, Any]:
    "A Literal of some values, each once."

def annotate(inner: dict[Any, Any], **parts: Any) -> dict[Any, Any]:
    "Add constraints, info, notes or a decision to a type; without any of them, return the type itself."

def encode_plain(value: Any, name: Any, reader: Any) -> Any:
    "Copy a value that is JSON already (a title, examples), and refuse any other."

def definition_name(cls: Any) -> str:
    "The name a class is defined under, unless another class has it already."

ENUM_BASES: Any

ENUM_MIXINS: Any

MODEL_CONFIG: Any

def dspy_type_name(cls: Any) -> str | None:
    "The name of the DSPy type that a class is; `Code` for `dspy.Code['sql']` too."

def refs(data: Any) -> set[Any]:
    "The definitions that some JSON data refers to directly."

def reachable(names: Any, definitions: dict[Any, Any]) -> set[Any]:
    "The definitions that some names refer to, directly or through others, and those names themselves."

def group_definitions(definitions: dict[Any, Any]) -> list[Any]:
    "Put definitions into the order to build them: groups of those that refer to each other, leaves first."

def build_classes(definitions: dict[Any, Any], live: dict[Any, Any] | None=None) -> dict[Any, Any]:
    "Make the Enums and models of some definitions."

def to_docstring(text: str) -> str:
    "Return a docstring that `inspect.cleandoc` turns back into this text."

def meaning_of(definition: dict[Any, Any]) -> dict[Any, Any]:
    "Return a definition without `lost`, the names of code that could not be kept."

def default_argument(default: Any, classes: Any) -> dict[Any, Any]:
    "The keyword argument that gives a field its default; empty when there is none."

def annotation_of(node: dict[Any, Any], classes: dict[Any, Any] | None=None) -> Any:
    "Make the annotation that a structure describes."

def dspy_class(node: dict[Any, Any]) -> Any:
    "Return the DSPy class that a structure names, with its language or options."
