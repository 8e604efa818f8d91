# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.registry import LineageView
from dspy_toolkit.views.registry import Told
from dspy_toolkit.views.registry import VersionList
from typing import Any

def save(name: str, namespace: dict[Any, Any], to: str | None=None, message: str='', tag: Any=..., parent: str | None=None) -> Told:
    "Keep a signature or a program of this notebook as a version."

def load(ref: str, namespace: dict[Any, Any], to: str | None=None) -> Any:
    "Define a signature or a program of the registry in this notebook."

def list_versions(namespace: dict[Any, Any], kind: str | None=None, most: int=50) -> VersionList:
    "List what the registry has, the newest first, and what only this notebook has."

def search(words: Any, history: bool=False, most: int=20) -> VersionList:
    "Find signatures and programs by their words."

def log(name: str, trail: bool=False) -> Any:
    "Show the versions of a name and what each of them changed, or the history of an alias."

def lineage(ref: str) -> LineageView:
    "Draw where a version came from and what became of it."

def alias(ref: str, alias: str | None=None, remove: bool=False, protect: bool=False, unprotect: bool=False, force: bool=False, message: str='') -> Told:
    "Point an alias at a version, protect it or remove it; with a name alone, show its aliases."

def tag(ref: str, tags: Any, remove: bool=False) -> Told:
    "Add tags to a version, or remove them."

def note(ref: str, text: Any) -> Told:
    "Add a note to a version."

def export(path: str, refs: Any=...) -> Told:
    "Write versions, with everything they need, to one file."

def import_(path: str, move: bool=False, dry_run: bool=False) -> Told:
    "Import a file that somebody exported; nothing in it is executed."

def delete(ref: str) -> Told:
    "Delete a version, or all versions of a name, if nothing else needs them."
