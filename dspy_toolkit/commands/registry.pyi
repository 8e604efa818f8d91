# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Alias
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Message
from dspy_toolkit.commands.verb import NotebookName
from dspy_toolkit.commands.verb import Option
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.commands.verb import RegistryName
from dspy_toolkit.commands.verb import SearchWord
from dspy_toolkit.commands.verb import Sentence
from dspy_toolkit.commands.verb import Tag
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.commands.verb import Variable
from dspy_toolkit.views.registry import LineageView
from dspy_toolkit.views.registry import Told
from dspy_toolkit.views.registry import VersionList
from typing import Annotated
from typing import Any

def save(name: NotebookName, namespace: Given[dict[Any, Any]], *, to: RegistryName | None=None, message: Message='', tag: Annotated[list[Tag], Option(repeat=True)]=..., parent: Reference | None=None) -> Told:
    "Keep a signature, a program or a dataset of this notebook as a version."

def load(ref: Reference, namespace: Given[dict[Any, Any]], *, to: Variable | None=None) -> Any:
    "Define a signature, a program or a dataset of the registry in this notebook."

def search(words: list[SearchWord], *, history: bool=False, most: int=20) -> VersionList:
    "Find signatures, programs and datasets by their words."

def log(name: Target, *, trail: bool=False) -> Any:
    "Show the versions of a name and what each of them changed, or the history of an alias."

def lineage(ref: Reference) -> LineageView:
    "Draw where a version came from and what became of it."

def alias(ref: Reference, alias: Alias | None=None, *, remove: bool=False, protect: bool=False, unprotect: bool=False, force: bool=False, message: Message='') -> Told:
    "Point an alias at a version, protect it or remove it; with a name alone, show its aliases."

def tag(ref: Reference, tags: list[Tag], *, remove: bool=False) -> Told:
    "Add tags to a version, or remove them."

def note(ref: Reference, text: list[Sentence]) -> Told:
    "Add a note to a version."

def export(path: Path, refs: list[Reference]=...) -> Told:
    "Write versions, with everything they need, to one file."

def import_(path: Path, *, move: bool=False, dry_run: bool=False) -> Told:
    "Import a file that somebody exported; nothing in it is executed."

def delete(ref: Reference) -> Told:
    "Delete a version, or all versions of a name, if nothing else needs them."
