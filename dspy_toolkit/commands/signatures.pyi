# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import StarterName
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.signatures.source import Cell
from dspy_toolkit.views.signatures import SignatureView
from typing import Any

def define(source: str | Cell, name: str='Signature', namespace: dict[Any, Any] | None=None, origin: dict[Any, Any] | None=None) -> SignatureView:
    "Define a signature, keep it as a version, and run it if the cell has inputs."

def describe_hidden_fields(names: Any) -> str:
    "Say which outputs a prediction's own methods hide, and how to get at them."

def view_of(target: Any, version: Any=None, problem: str='', spec: Any=None, name: str='') -> SignatureView:
    "Show a signature, or what a program asks for and gives back, with the version it is and what that changed."

def demos_of(target: Any) -> dict[Any, Any]:
    "The demos of a program; a signature has none."

def show(name: Target, namespace: Given[dict[Any, Any]], *, prompt: bool=False) -> Any:
    "Show a signature: what it is for, what goes in and out; or the first rows of a dataset."

def edit(name: Target | None=None, namespace: Given[dict[Any, Any] | None]=None) -> SignatureView:
    'Open a signature in the editor; in a terminal, show its cell.\n\nRaises `InputError` where there is nothing to show and no editor, in a terminal.'

def diff(old: Target, new: Target | None=None, namespace: Given[dict[Any, Any] | None]=None) -> Any:
    "Show what changed between two versions, and whom it breaks."

def library(name: StarterName | None=None, namespace: Given[dict[Any, Any] | None]=None) -> Any:
    "Show the starter library, or define one of its signatures."
