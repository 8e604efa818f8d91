# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.completion import ScriptView
from typing import Any
from typing import Literal

def completion(shell: Literal['bash', 'zsh', 'fish']) -> ScriptView:
    "Print a script that completes the command line in bash, zsh or fish."
