# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.grammar import Vocabulary
from pathlib import Path
from typing import Any

def made_schemas() -> dict[str, dict[Any, Any]]:
    "Schemas by name, from small to hard."

def read_schemas(folder: Path) -> dict[str, dict[Any, Any]]:
    "Schemas by the names of their files; raises `ToolkitError` where there are none."

def read_vocabulary(path: Path, end: str | None=None) -> Vocabulary:
    "The vocabulary of a tokenizer; raises `ToolkitError` when no end of an answer is known."

@dataclass
class SchemaCost:
    "What one schema costs, in seconds."
    name: str
    read: float = ...
    compile: float = ...
    masks: list[float] = field(default_factory=...)
    pushes: list[float] = field(default_factory=...)
    relaxed: tuple[str, ...] = ...
    error: str | None = ...

def cost_of(name: str, schema: dict[Any, Any], letters: Vocabulary, tokens: int=300, seed: int=0) -> SchemaCost:
    "Read a schema, compile it, and answer it as a model would that knows nothing."

BUDGETS: Any

def report(costs: list[SchemaCost], letters: Vocabulary, build: float) -> dict[Any, Any]:
    "The figures of a run."

def list_missed(found: dict[Any, Any]) -> list[str]:
    "Which budgets a report does not keep."

def as_text(found: dict[Any, Any]) -> str:
    "For a terminal."

def run(tokenizer: Path=..., schemas: Path | None=None, tokens: int=300, end: str | None=None) -> dict[Any, Any]:
    "Measure all schemas, one after the other."

def main(argv: list[str] | None=None) -> None:
    "The command line."
