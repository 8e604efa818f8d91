# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.offers import Place
from dspy_toolkit.commands.offers import Sources
from typing import Any
from typing import NamedTuple

class Scan(NamedTuple):
    "A text whose strings and comments are blanked out."
    code: str
    strings: list[Any]
    comments: list[Any]
    def inside(self, cursor: Any) -> Any:
        "'string', 'comment' or ''."

def scan(text: str, start: int=0) -> Scan:
    "Read a text that may be unfinished."

def locate(text: str, cursor: int, verbs: Any) -> Place | None:
    "Find out what can stand at the cursor."

def flat(line: str) -> str:
    "A line with dots for what stands in brackets."

def complete(text: str, cursor: int, sources: Sources) -> list[Any]:
    "Offer what can stand at the cursor; never raises."

class NotebookSources(Sources):
    "What a running notebook has to offer."
    def __init__(self, ip: Any) -> None:
        ...
    @property
    def namespace(self) -> Any:
        ...
    def verbs(self) -> Any:
        ...
    def notebook_names(self) -> Any:
        ...
    def starters(self) -> Any:
        ...
    def runs(self) -> Any:
        ...
    def files(self, typed: Any) -> Any:
        ...
    def functions(self) -> Any:
        ...
    def variables(self) -> Any:
        ...
    def attributes(self, expression: Any) -> Any:
        "As IPython finds them in any cell, under the policy set there; by default it runs no property, call or subscript of anybody's class."
    def inputs(self, ref: Any) -> Any:
        ...
    def types(self, qualifier: Any) -> Any:
        ...
    def models(self, typed: Any) -> Any:
        ...
    def breakers(self) -> Any:
        ...
    def registry_names(self, typed: Any) -> Any:
        ...
    def versions(self, name: Any, typed: Any) -> Any:
        ...
    def tags(self, typed: Any) -> Any:
        ...
    def fields(self, typed: Any) -> Any:
        ...
    def aliases(self, name: Any) -> Any:
        ...
    ip: Any

PATIENCE: float

class Patient:
    "Asks a question on another thread, and waits a short time for the answer."
    def __init__(self, seconds: float=...) -> None:
        ...
    def __call__(self, question: Any, *args: Any) -> Any:
        "Ask a question on a thread of its own; raises what it raises."
    seconds: float

IDENTIFIER: str

class _Nothing:
    "No completions. IPython lets a matcher silence others only if it has some, so it has length 1."
    def __len__(self) -> Any:
        ...
    def __iter__(self) -> Any:
        ...

def matcher(sources: Sources) -> Any:
    "Make IPython's completer ask these sources."

def install(ip: Any) -> None:
    "Complete `%dspy` and `%%dspy`; installing twice does nothing."

def uninstall(ip: Any) -> None:
    "Remove the matcher."
