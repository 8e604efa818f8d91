# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any

def quote(text: str) -> str:
    "A string literal, in double quotes where that needs no escape."

def plain_name(module: str | None, name: str) -> str:
    "Write a name for a reader: names of DSPy and of re with their module, others alone."

def with_article(text: str) -> str:
    "Put `a` or `an` before a word."

def fold_name(name: Any) -> Any:
    "Write a name as Python reads it: with a letter and its accent in one character."

def is_name(text: Any) -> bool:
    "Whether Python reads the text as one name and does not change it: it replaces some letters (ﬁ) by others."

def json_text(data: Any) -> Any:
    "JSON data as a Python literal."

def value_text(data: Any, name: Any=...) -> str:
    "Write a value as the expression one would type."

def type_text(node: dict[Any, Any], name: Any=...) -> str:
    "Write a structure as the annotation one would type."

class SourceNames:
    "Chooses the names for the source of some Enums and models, and perhaps a signature, so that none hides another."
    def __init__(self, definitions: dict[Any, Any], fields: Any=..., signature: str='') -> None:
        ...
    def __call__(self, module: Any, name: Any) -> Any:
        ...
    def free(self, name: Any) -> Any:
        "Add _ to a name until nothing else has it."
    def import_lines(self) -> Iterator[Any]:
        "The imports that the names used so far need, one a module."
    inner: Any
    taken: Any
    imports: Any
    aliases: Any

def docstring_literal(text: str, indent: int) -> str:
    "Write a docstring that `inspect.cleandoc` turns back into `text`."

def call_text(function: str, arguments: dict[Any, Any]) -> str:
    "Write a call with keyword arguments."

def definition_blocks(definitions: dict[Any, Any], names: SourceNames) -> Iterator[Any]:
    "Write the source of each definition, in the order in which they can run."
