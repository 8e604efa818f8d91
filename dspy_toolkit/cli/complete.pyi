# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.offers import Sources
from typing import Any
from typing import NamedTuple

class ShellSources(Sources):
    "What a shell has to offer."
    quotes: bool
    def verbs(self) -> Any:
        ...
    def files(self, typed: Any) -> Any:
        ...
    def registry_names(self, typed: Any) -> Any:
        ...
    def versions(self, name: Any, typed: Any) -> Any:
        ...
    def aliases(self, name: Any) -> Any:
        ...
    def tags(self, typed: Any) -> Any:
        ...
    def models(self, typed: Any) -> Any:
        ...
    def breakers(self) -> Any:
        ...
    def starters(self) -> Any:
        ...
    def runs(self) -> Any:
        ...
    def functions(self) -> Any:
        ...

class Offered(NamedTuple):
    "Something that can stand in the place of the last word."
    text: str
    about: str = ...
    open: bool = ...

def offer_words(words: list[Any], options: Any=..., sources: Sources | None=None) -> list[Any]:
    "Offer what can be the last word."

class Typed(NamedTuple):
    "A line of bash as far as the cursor."
    words: list[Any]
    raw: str
    quote: str

def split_line(line: str) -> Typed:
    "Split a line as bash does, though a quote may still be open."

def complete_bash(line: str, part: str, options: Any=...) -> list[str]:
    "Offer what bash puts in the place of a part of the line; a word that is complete ends in a blank, or bash closes its quotes."

def answer(shell: str, words: list[Any], options: Any=..., environment: Any=None) -> list[str]:
    "Answer a shell."

def main(words: list[Any], options: Any=...) -> int:
    "Print the answer to a shell, or nothing."
