# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
import random

@dataclass(frozen=True)
class Ask:
    "One request, for whoever serves it."
    messages: tuple[dict[Any, Any], ...]
    max_tokens: int
    schema: dict[Any, Any] | None = ...
    outputs: tuple[str, ...] = ...

def some_text(rng: random.Random, words: int) -> str:
    "So many words in a row from somewhere in the manual."

KINDS: Any

def asks(kind: str, n: int, seed: int, max_tokens: int) -> list[Ask]:
    "Make requests of a kind. What they have in common is their beginning, as with a signature that is called again and again."

def long_asks(tokenizer: Any, tokens: int, seed: int) -> list[Ask]:
    "Make two requests about one long text, for one token each."

def bench_model(folder: Path, parameters: float=80000000.0, quick: bool=False) -> Path:
    "Write a random model of a chosen size."

class Ours:
    "This package's engine, through `dspy.LM`."
    def __init__(self, folder: Any, slots: Any, jump: Any=True) -> None:
        ...
    def request(self, ask: Any) -> Any:
        ...
    def answer(self, ask: Any) -> Any:
        ...
    def pids(self) -> Any:
        ...
    def close(self) -> None:
        ...
    lm: Any

class Locked:
    "`mlx_lm.generate` behind a lock."
    def __init__(self, folder: Any, slots: Any) -> None:
        ...
    def answer(self, ask: Any) -> Any:
        ...
    def pids(self) -> Any:
        ...
    def close(self) -> None:
        ...
    lock: Any
    loaded: Any

class Served(Ours):
    "mlx_lm's server, through `dspy.LM`."
    def __init__(self, folder: Any, slots: Any) -> None:
        ...
    def request(self, ask: Any) -> Any:
        ...
    def pids(self) -> Any:
        ...
    def close(self) -> None:
        ...
    process: Any
    lm: Any

PLAYERS: Any

class Player:
    "One who answers, in a process of its own."
    def __init__(self, name: str, folder: Path, slots: int) -> None:
        ...
    def ready(self) -> Any:
        "Wait until it can answer."
    def run(self, given: list[Ask], threads: int, do: str='run') -> dict[Any, Any]:
        "Have it answer."
    def close(self) -> None:
        "Let go of its process, and see to it that it is gone."
    name: str
    memory: Any

@dataclass(frozen=True)
class Plan:
    "How much is measured."
    threads: tuple[int, ...] = ...
    rounds: int = ...
    max_tokens: dict[Any, Any] = field(default_factory=...)
    prefix: int = ...
    slots: int = ...
    alone: int = ...
    quiet: float = ...
    patience: int = ...
    def count(self, threads: int) -> int:
        ...

QUICK: Plan

def measure(players: dict[str, Player], plan: Plan, tokenizer: Any, say: Any=...) -> dict[Any, Any]:
    "Let the players take turns."

def report(found: dict[Any, Any], players: dict[str, Player], model: dict[Any, Any], plan: Plan, commit: str | None=None) -> dict[Any, Any]:
    "Sum up."

def budgets(report: dict[Any, Any]) -> list[dict[Any, Any]]:
    "What the engine should reach, and what it did; nothing after a quick run."

def tables(report: dict[Any, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    "Lay a report out."

def headline(report: dict[Any, Any]) -> str:
    "What ran where, in two lines."

def as_text(report: dict[Any, Any]) -> str:
    "For a terminal."

def as_markdown(report: dict[Any, Any]) -> str:
    "For a page."

def run(model: str | None=None, parameters: float=80000000.0, plan: Plan=..., quick: bool=False, say: Any=...) -> dict[Any, Any]:
    "Measure everything on this machine; raises `ToolkitError` when a player fails."

def main(argv: list[str] | None=None) -> Any:
    "The command line."
