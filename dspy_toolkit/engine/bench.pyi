# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
import random

@dataclass(frozen=True)
class Ask:
    "One request, for any player."
    messages: tuple[dict[Any, Any], ...]
    max_tokens: int
    schema: dict[Any, Any] | None = ...
    outputs: tuple[str, ...] = ...

def some_text(rng: random.Random, words: int) -> str:
    "Take a number of consecutive words from a random place in the manual."

KINDS: Any

def asks(kind: str, n: int, seed: int, max_tokens: int) -> list[Ask]:
    "Make requests of one kind. They all begin alike, as the calls of one signature do."

def long_asks(tokenizer: Any, tokens: int, seed: int) -> list[Ask]:
    "Make two requests about one long text, for one token each."

def bench_model(folder: Path, parameters: float=80000000.0, quick: bool=False) -> Path:
    "Write a random model of a chosen size."

class Ours:
    "This package's engine, through `dspy.LM`."
    def __init__(self, folder: Any, slots: Any, jump: Any=True, **options: Any) -> None:
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
    "A player in a process of its own."
    def __init__(self, name: str, folder: Path, slots: int) -> None:
        ...
    def ready(self) -> Any:
        "Wait until the player can answer."
    def run(self, given: list[Ask], threads: int, do: str='run') -> dict[Any, Any]:
        "Let the player answer requests; raises `ToolkitError` when it fails."
    def close(self) -> None:
        "End the player's process, and make sure that it has ended."
    name: str
    memory: Any

@dataclass(frozen=True)
class Plan:
    "How much to measure."
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
    "Let the players take turns, and collect their measurements."

def report(found: dict[Any, Any], players: dict[str, Player], model: dict[Any, Any], plan: Plan, commit: str | None=None) -> dict[Any, Any]:
    "Summarize the measurements."

def budgets(report: dict[Any, Any]) -> list[dict[Any, Any]]:
    "List what the engine should reach and what it reached; empty after a quick run."

def tables(report: dict[Any, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    "Arrange a report in tables."

def headline(report: dict[Any, Any]) -> str:
    "Describe in two lines what ran on which machine."

def as_text(report: dict[Any, Any]) -> str:
    "Write a report as text for a terminal."

def as_markdown(report: dict[Any, Any]) -> str:
    "Write a report as Markdown for a page."

def run(model: str | None=None, parameters: float=80000000.0, plan: Plan=..., quick: bool=False, say: Any=...) -> dict[Any, Any]:
    "Measure everything on this machine; raises `ToolkitError` when a player fails."

def main(argv: list[str] | None=None) -> Any:
    "Run the command line."
