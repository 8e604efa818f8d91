# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import NamedTuple

class Part(NamedTuple):
    "A cell."
    kind: str
    text: str
    extra: dict[Any, Any] = ...

class Note(NamedTuple):
    "Something that did not come over as it was."
    place: str
    text: str

@dataclass
class Notebook:
    "Cells, and what was said of the way they were made."
    parts: list[Any]
    metadata: dict[Any, Any] = field(default_factory=...)
    notes: list[Any] = field(default_factory=...)

def read_notebook(text: str) -> Notebook:
    "Read a notebook; raises `ValueError` for what is none."

def write_notebook(notebook: Notebook) -> str:
    "Write a notebook as JSON; a cell that stays as it is keeps its id, so that a diff is short."

KERNEL: Any

TITLE: str

def write_module(notebook: Notebook) -> tuple[Any, ...]:
    "Write a notebook as a Python module."

class _Chunk(NamedTuple):
    "What stands below one marker."
    line: int
    kind: str
    extra: dict[Any, Any]
    text: str
    said: str = ...

def read_module(text: str) -> Notebook:
    "Read a module: one that `write_module` wrote, one with markers of another program, or a file of classes; raises `SyntaxError`."

class _FileReader:
    "Makes cells of Python that was not made from cells."
    def __init__(self) -> None:
        ...
    def read_chunk(self, chunk: Any) -> None:
        ...
    def read(self, text: Any, line: Any) -> None:
        "Read a text whose first line has this number."
    parts: Any
    notes: Any
    namespace: Any
    names: Any
