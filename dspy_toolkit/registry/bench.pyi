# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.registry.store import Registry
from typing import Any
import random

COMMON: str

def make_content(rng: random.Random, number: int) -> dict[Any, Any]:
    "Make the content of a random signature."

def fill(registry: Registry, count: int, names_: int, seed: int=0) -> Any:
    "Put made-up versions into an empty registry; every name has the alias prod, every tenth version the tag reviewed."

QUERIES: Any

@dataclass(frozen=True)
class Timing:
    "How long one kind of call takes."
    what: str
    median: float
    p99: float
    calls: int
    limit: float

def time_calls(what: Any, function: Any, arguments: Any, limit: Any) -> Timing:
    "Call a function with each argument."

def measure(registry: Registry, called: list[Any], seed: int=1) -> list[Any]:
    "Time lookups, loads, searches, and a save."

def against_mlflow(folder: str, count: int=300) -> list[Any]:
    "Time the same tasks in MLflow's prompt registry and in this one, in turns."

def main(argv: Any=None) -> Any:
    "Fill a registry, time it and print a table; the exit status is 0 if every median is within its limit."
