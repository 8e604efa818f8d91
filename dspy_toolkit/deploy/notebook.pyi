# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.bundle import Bundle
from dspy_toolkit.signatures.module import Notebook
from pathlib import Path
from typing import Any

def read_cells(folder: str | Path) -> Notebook:
    "Read a bundle into cells; raises `BundleError`, and runs nothing of it."

def write_cells(bundle: Bundle, place: str) -> Notebook:
    "Write a bundle as cells."
