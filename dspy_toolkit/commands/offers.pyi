# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any
from typing import NamedTuple
from typing import Protocol

class Place(NamedTuple):
    "What stands at the cursor."
    kind: str
    start: int
    typed: str = ...
    about: object = ...

class LineWord(NamedTuple):
    "A word of a line, and what it is for."
    verb: object
    argument: object
    given: list[Any]
    used: list[Any]
    options: bool

def locate_word(verb: Any, words: list[Any], at: int, typed: str) -> Place:
    "Find the place of a word among those before it."

def value_kind(asked: LineWord) -> str:
    "What kind of thing is asked for; the type of the parameter says it (see `commands.verb`)."

class Sources(Protocol):
    "What can be offered, as pairs (text, description)."
    quotes: bool
    def verbs(self) -> Any:
        ...
    def notebook_names(self) -> Any:
        ...
    def registry_names(self, typed: Any) -> Any:
        ...
    def versions(self, name: Any, typed: Any) -> Any:
        ...
    def aliases(self, name: Any) -> Any:
        ...
    def tags(self, typed: Any) -> Any:
        ...
    def fields(self, typed: Any) -> Any:
        ...
    def models(self, typed: Any) -> Any:
        ...
    def breakers(self) -> Any:
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
        ...
    def types(self, qualifier: Any) -> Any:
        ...
    def inputs(self, ref: Any) -> Any:
        ...

class Completion(NamedTuple):
    "Something to put in the place of what was typed."
    text: str
    start: int
    type: str = ...

LIMIT: int

def ask(source: Any, *args: Any) -> list[Any]:
    "The answer of a source; empty when it fails."

def offer(place: Place, sources: Sources, others: Any=...) -> list[Any]:
    "What can stand at a place."

FILTERS: Any

VALUES_OF: Any

def hub_cache() -> Path:
    "The folder of the hub's cache, as `huggingface_hub` would find it."

def is_model_folder(folder: Any) -> bool:
    "Does a folder hold what mlx-lm reads?"

def list_downloads(cache: Path) -> list[Any]:
    "The repositories in a cache that are whole enough to be run."

def list_model_folders(typed: str) -> list[Any]:
    "List folders of models, and the way to them."

def list_files(typed: str) -> list[Any]:
    "List what is in the folder that was typed so far: JSON first, since that is what exports are."
