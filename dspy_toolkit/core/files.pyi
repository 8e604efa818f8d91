# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from pathlib import Path
from typing import Any
import contextlib

def replace_text(path: Path, text: str, mode: int | None=None, errors: str='strict', lasting: bool=False) -> None:
    "Replace a file as a whole; raises `OSError`, and leaves nothing behind."

@contextlib.contextmanager
def hold_file(path: Path) -> Iterator[Any]:
    "Keep other processes and threads that hold the same file out until the block ends."

@contextlib.contextmanager
def name_file(name: Any) -> Iterator[Any]:
    "Let an `OSError` of the block that names no file name this one."

@contextlib.contextmanager
def write_home(path: Path) -> Iterator[Any]:
    "Let the block write a file; raises `NotWritten` where the system refuses it."
