# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.module import Notebook
from typing import Any
from typing import NamedTuple

BAML: str

class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

class _Attribute(NamedTuple):
    name: str
    token: _Token
    value: str
    source: str

class _Member(NamedTuple):
    "A field of a class, a value of an enum, or a parameter."
    name: str
    token: _Token
    type: object
    attributes: list[Any]
    doc: str = ...

class _Declaration(NamedTuple):
    "A class, an enum, a function or another name of a type."
    kind: str
    name: str
    token: _Token
    parser: object
    members: list[Any] = ...
    attributes: list[Any] = ...
    type: object = ...
    doc: str = ...
    prompt: _Token | None = ...

class _Parser:
    "Reads the declarations of one file."
    def __init__(self, file: Any, text: Any) -> None:
        ...
    def add_file(self, e: Any) -> Any:
        ...
    def error(self, token: Any, message: Any, expected: Any='', hint: Any='') -> Any:
        ...
    @property
    def next(self) -> Any:
        "The next token; comments before it are put aside."
    def take(self, *wanted: Any, kind: Any='') -> Any:
        ...
    def take_docs(self) -> Any:
        ...
    def leave(self, start: Any, end: Any) -> None:
        ...
    def read(self) -> Any:
        "Read the file; gives itself back."
    def pass_over(self) -> None:
        "Leave a declaration that says nothing of types: a client, a test, a generator."
    def skip_brackets(self) -> Any:
        "Go behind what is in brackets; gives the offset of its end."
    def read_class(self, kind: Any) -> None:
        "A class or an enum."
    def read_alias(self, kind: Any) -> None:
        ...
    def read_function(self, kind: Any) -> None:
        ...
    def leave_line(self, function: Any) -> None:
        "Leave a line of a function that is not its prompt."
    def type(self) -> Any:
        "A type: (kind, token, parts)."
    def type_with_signs(self) -> Any:
        ...
    def plain_type(self) -> Any:
        ...
    def map_type(self) -> Any:
        ...
    def attributes(self) -> Any:
        ...
    def attribute(self) -> Any:
        ...
    file: Any
    src: Any
    found: Any
    left: Any
    docs: Any
    at: Any
    tokens: Any

class _Maker:
    "Makes definitions and signatures of declarations."
    def __init__(self, parsers: Any) -> None:
        ...
    def note(self, parser: Any, token: Any, text: Any) -> None:
        ...
    def leave(self, parser: Any, attributes: Any, of: Any) -> None:
        "Note the attributes that nothing here stands for."
    def structure(self, parser: Any, type: Any) -> Any:
        "The structure of a type; raises `SignatureSyntaxError`."
    def union(self, parser: Any, parts: Any) -> Any:
        "A union; literals come together, the others stay in their order."
    def name(self, parser: Any, token: Any) -> Any:
        "The structure that a name stands for."
    def define(self) -> None:
        "Make the definitions of all classes and enums."
    def describe(self, parser: Any, attributes: Any, doc: Any, of: Any, *others: Any) -> Any:
        "The description that attributes or a comment give; `others` are attributes that are used elsewhere."
    def enum(self, declared: Any) -> Any:
        ...
    def model(self, declared: Any) -> Any:
        ...
    def model_field(self, declared: Any, member: Any) -> Any:
        ...
    def instructions(self, function: Any, names: Any) -> Any:
        "The text of a prompt; what it had besides text is noted."
    def signature(self, function: Any) -> Any:
        "The signature of a function."
    def field_name(self, parser: Any, member: Any, taken: Any) -> Any:
        ...
    parsers: Any
    definitions: Any
    notes: Any
    comments: Any
    opened: Any
    known: Any

def read_baml(files: dict[Any, Any]) -> Notebook:
    "Make cells of BAML files; raises `SignatureSyntaxError`, whose `file` says which of them is meant."
