# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.grammar import Vocabulary
from pathlib import Path
from typing import Any

def make_schemas() -> dict[str, dict[Any, Any]]:
    "Make the built-in schemas by name, from small to hard."

def read_schemas(folder: Path) -> dict[str, dict[Any, Any]]:
    "Read schemas by the names of their files; raises `ToolkitError` when there are none."

def read_vocabulary(path: Path, end: str | None=None) -> Vocabulary:
    "Read the vocabulary of a tokenizer; raises `ToolkitError` when it is unknown which token ends an answer."

@dataclass
class SchemaCost:
    "The times of one schema, in seconds."
    name: str
    read: float = ...
    compile: float = ...
    masks: list[float] = field(default_factory=...)
    pushes: list[float] = field(default_factory=...)
    relaxed: tuple[str, ...] = ...
    error: str | None = ...

def cost_of(name: str, schema: dict[Any, Any], letters: Vocabulary, tokens: int=300, seed: int=0) -> SchemaCost:
    "Measure one schema: read it, compile it, and write an answer of random tokens."

BUDGETS: Any

def report(costs: list[SchemaCost], letters: Vocabulary, build: float) -> dict[Any, Any]:
    "Make the report of a run."

def list_missed(found: dict[Any, Any]) -> list[str]:
    "List the budgets that a report exceeds."

def as_text(found: dict[Any, Any]) -> str:
    "Write a report as text for a terminal."

def run(tokenizer: Path=..., schemas: Path | None=None, tokens: int=300, end: str | None=None) -> dict[Any, Any]:
    "Measure all schemas, one after the other."

def main(argv: list[str] | None=None) -> None:
    "Run the command line."
