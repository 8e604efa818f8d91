# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.views.project import ProjectView
from typing import Any
from typing import Literal

def init(folder: Path, *, template: Literal['basic', 'lora', 'diffusion', 'clip', 'federated']='basic', force: bool=False) -> ProjectView:
    "Start a project that works at once: notebook, signature, examples, test and settings."
