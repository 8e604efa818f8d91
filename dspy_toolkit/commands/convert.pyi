# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.views.convert import ConvertView
from typing import Any

def convert(source: Path, target: Path, *, force: bool=False) -> ConvertView:
    "Convert signatures: notebook, Python module, export, bundle, BAML. No file is run for it."
