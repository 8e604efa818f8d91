# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any
from typing import NamedTuple

class _Line(NamedTuple):
    "One logical line."
    start: int
    end: int
    comments: tuple[Any, ...]

class SourceText:
    "A text, and the lines and columns of its offsets."
    def __init__(self, text: str, first_line: int=1) -> None:
        ...
    def position(self, offset: Any) -> Any:
        ...
    def error(self, message: Any, start: Any, end: Any=None, expected: Any='', hint: Any='') -> Any:
        "A SignatureSyntaxError that points at `text[start:end]`."
    text: str
    first_line: int
    starts: Any

def logical_lines(src: SourceText) -> list[Any]:
    "Find the logical lines of a text: a bracket or a string may go over several; raises `SignatureSyntaxError` for what is not closed."

def parse_expression(text: Any) -> Any:
    "Parse an expression in brackets; Python's warnings about it (such as a stray backslash) are silenced."

class Expression:
    "An expression in the source, parsed, with the offset of every node; raises `SignatureSyntaxError`."
    def __init__(self, src: SourceText, start: int, end: int, what: str) -> None:
        ...
    def show(self, node: Any) -> Any:
        ...
    def error(self, node: Any, message: Any, expected: Any='', hint: Any='') -> Any:
        ...
    def offset(self, line: Any, column: Any) -> Any:
        "The offset of a position in the bracketed text: line from 1, column from 0 in bytes."
    def span(self, node: Any) -> Any:
        ...
    def broken(self, e: Any, what: Any) -> Any:
        "The error for text that Python cannot parse."
    def error_offset(self, rows: Any, line: Any, column: Any) -> Any:
        "The offset of a position in a SyntaxError: line from 1, column from 1 in characters."
    src: Any
    start: Any
    end: Any
    text: Any
    node: Any

TYPE_NAMES: Any

TYPING_FORMS: Any

class TypeParser:
    "Reads types, and values, from parsed text."
    def __init__(self, namespace: dict[Any, Any] | None=None) -> None:
        ...
    def read_dotted(self, node: Any) -> Any:
        "The parts of a (dotted) name, or None."
    def look_up(self, parts: Any) -> Any:
        "Find an Enum or model in the namespace, also inside its modules and classes; nothing is called."
    def find_allowed(self, parts: Any) -> Any:
        "What an allow-listed name stands for: a structure, one of Optional, Union, Literal, Annotated, or None."
    def type(self, code: Any, node: Any) -> Any:
        "The structure that a parsed type stands for."
    def read_quoted(self, code: Any, node: Any) -> Any:
        "A type in quotes, as Python allows for names that come later."
    def name(self, code: Any, node: Any, parts: Any) -> Any:
        ...
    def close(self, parts: Any) -> Any:
        "The name that was probably meant, or None."
    def subscript(self, code: Any, node: Any) -> Any:
        ...
    def container(self, code: Any, node: Any, kind: Any, args: Any) -> Any:
        ...
    def literal(self, code: Any, node: Any) -> Any:
        "The values in one argument of Literal[...], which may be a Literal itself."
    def read_annotated(self, code: Any, node: Any, args: Any) -> Any:
        ...
    def dspy(self, code: Any, node: Any, found: Any, args: Any) -> Any:
        ...
    def value(self, code: Any, node: Any) -> Any:
        "The value that a parsed literal stands for, as `encode` makes it."
    def encode_value(self, code: Any, node: Any, value: Any, items: Any=None) -> Any:
        ...
    def decode_value(self, data: Any) -> Any:
        ...
    def member(self, node: Any) -> Any:
        "An Enum member, as `Mood.calm` or `Mood['calm']`."
    def read_call(self, code: Any, node: Any) -> Any:
        ...
    def model_value(self, code: Any, node: Any, cls: Any) -> Any:
        ...
    def keywords(self, code: Any, node: Any, names: Any, values: Any=False) -> Any:
        "The keyword arguments of a call as data: values as `encode` makes them, or, for titles and the like, as JSON."
    namespace: Any
    reader: Any

def decode_class(kind: Any) -> Any:
    "The class of a kind of value that is written as a call."

def parse_type(text: str, namespace: dict[Any, Any] | None=None) -> tuple[Any, ...]:
    "Read a type; raises `SignatureSyntaxError`."

class _Fields:
    "Reads the fields of one signature."
    def __init__(self, src: Any, namespace: Any) -> None:
        ...
    def read(self, start: Any, end: Any, direction: Any, comments: Any=..., strict: Any=True) -> Any:
        "Read the field in `text[start:end]`; without a direction, InputField or OutputField must say it."
    def name(self, start: Any, stop: Any, direction: Any) -> Any:
        ...
    def read_value(self, code: Any, direction: Any, strict: Any) -> Any:
        "Read a default: its keyword arguments as data, and the direction of the field."
    def keywords(self, code: Any, node: Any) -> Any:
        ...
    def make_field(self, name: Any, direction: Any, node: Any, said: Any, comment: Any, code: Any, value: Any) -> Any:
        "Make the FieldSpec, after pydantic has checked type, constraints and default."
    def check(self, node: Any, constraints: Any, said: Any, code: Any, value: Any) -> None:
        ...
    src: Any
    types: Any
    seen: Any

class Binding(NamedTuple):
    "A value for an input: an expression, not yet evaluated."
    name: str
    expression: str
    line: int
    column: int
    def compile(self, filename: Any='<dspy cell>') -> Any:
        "Code that gives the value when evaluated; a traceback through it shows the line of the cell."

@dataclass(frozen=True)
class Cell:
    "What a signature's text says."
    spec: SignatureSpec
    bindings: tuple[Any, ...] = ...
    types: dict[Any, Any] = field(default_factory=...)
    runs: bool = ...
    definition: str = ...
    def to_dspy(self) -> Any:
        "Make the `dspy.Signature`, with the user's own classes."
    def evaluate(self, namespace: dict[Any, Any]) -> dict[Any, Any]:
        "Evaluate the bindings, in order, in the user's namespace; their errors are raised unchanged."

def parse_cell(text: str, name: str | None=None, namespace: dict[Any, Any] | None=None, first_line: int=1) -> Cell:
    "Read a signature from a cell, a single line, or a class body; raises `SignatureSyntaxError`."
