# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple

OPTIONS: Any

class Asked(NamedTuple):
    "A command line, without the options that every verb has."
    words: list[Any]
    options: frozenset[Any] = ...

def split_options(words: list[Any]) -> Asked:
    "Take out the options of every verb."

DONE: Any
FAILED: Any
USAGE: Any
NOT_FOUND: Any
REFUSED: Any

def find_code(error: BaseException) -> int:
    "The exit code for an error."

def write_result(view: Any, options: frozenset[Any]=...) -> str:
    "Write the result of a verb for stdout."

def split_inputs(words: list[Any]) -> tuple[list[Any], dict[Any, Any]]:
    "Take out the inputs of a line; raises `InputError` for a file that cannot be read."

NOTEBOOK_ONLY: Any

def run_verb(words: list[Any], follow: Any=None, redraw: Any=..., announce: Any=...) -> Any:
    "Read the words, and call the verb; raises what it raises."

def main(argv: list[Any] | None=None) -> int:
    "Do what a command line says."

def start() -> None:
    "Be the process `dspy-toolkit`: end with its exit code."
