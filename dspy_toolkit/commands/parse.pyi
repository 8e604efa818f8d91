# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Verb
from typing import Any
from typing import NamedTuple
import argparse

def find_verb(name: str) -> Verb:
    "Look a verb up, however it is capitalised; raises `UsageError`."

def variable_name(said: str, word: str) -> str:
    "The name of a variable; raises `UsageError` for what is none."

CHECKS: Any

class _Parser(argparse.ArgumentParser):
    others: bool
    def parse_args(self, words: Any=None, namespace: Any=None) -> Any:
        ...
    def error(self, message: Any) -> None:
        ...
    def format_usage(self) -> Any:
        ...

class _Own(argparse.Action):
    "A person's own words: one text where a line gave it, words where a shell did."
    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: Any=None) -> None:
        ...

def parser(verb: Verb) -> argparse.ArgumentParser:
    "The parser of a verb's arguments; what is not given is not in its result, so that the function's defaults hold."

class Line(NamedTuple):
    "A line that was read: its verb and the values of its arguments."
    verb: Verb
    args: argparse.Namespace
    inputs: tuple[Any, ...] = ...

def read_words(words: Any) -> Line:
    "Read the words of a command line; raises `UsageError`."

def read_line(line: str, namespace: dict[Any, Any] | None=None) -> Line:
    "Read a line; raises `UsageError`."

class _Reader:
    "Makes the words of one line into those that the parser takes."
    def __init__(self, verb: Any, line: Any, words: Any, namespace: Any) -> None:
        ...
    @property
    def asks_for_help(self) -> Any:
        ...
    def read(self) -> Any:
        "The words for the parser."
    line: Any
    namespace: Any
    options: Any
    places: Any
    inputs: Any
    words: Any
    common: Any
    made: Any
    texts: Any
    given: Any

def call(line: Line, **given: Any) -> Any:
    "Call the function of a verb."
