# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.module import Notebook
from pathlib import Path
from typing import Any

CELLS: str

READS: Any

WRITES: Any

@dataclass(frozen=True)
class Converted:
    "What came of a conversion."
    source: str
    target: str
    text: str
    cells: int
    signatures: int
    notes: tuple[Any, ...] = ...

def convert_file(source: str, target: str, force: bool=False, read: Any=None) -> Converted:
    "Convert a file; raises `InputError`, which names file and line, and then writes nothing."

def read_export(path: Path) -> Notebook:
    "Read an export into cells; raises `BundleError` for a file that was changed, and `InputError`."

def add_signature(notebook: Notebook, spec: Any) -> None:
    "Add a signature to a notebook, with the Enums and models it needs."

def read_cells(text: str) -> Notebook:
    "Read a text of cells; each begins with the line `%%dspy Signature NAME`."

def list_cells(notebook: Notebook) -> list[Any]:
    "Read the signature cells of a notebook; nothing is run for it. Raises `SignatureSyntaxError`."
