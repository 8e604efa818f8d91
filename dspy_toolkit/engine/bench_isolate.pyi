# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.bench import Ours
from pathlib import Path
from typing import Any

PLACES: Any

def measure_turn(player: Ours, given: list[Any], streams: int, streamed: bool) -> dict[Any, Any]:
    "Let a player answer requests, `streams` at a time."

def compare(folder: Path, streams: tuple[int, ...]=..., tokens: int=48, rounds: int=5) -> list[dict[Any, Any]]:
    "Measure both engines in turns."

def as_table(rows: list[dict[Any, Any]]) -> str:
    "The figures as text."

def main(args: list[str] | None=None) -> None:
    "Run the benchmark from the command line."
