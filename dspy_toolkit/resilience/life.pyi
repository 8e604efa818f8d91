# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.resilience.breaker import CircuitBreaker
from typing import Any
from typing import NamedTuple

class Moment(NamedTuple):
    "What happened to a breaker, and its state and rates after it."
    at: float
    kind: str
    state: str
    failure_rate: float | None
    slow_call_rate: float | None
    note: str = ...
    count: int = ...

class Life:
    "Records what happens to a breaker, until it is closed."
    def __init__(self, breaker: CircuitBreaker, limit: int=5000) -> None:
        ...
    @property
    def until(self) -> float:
        "The time when it ended; while it goes on, the time now."
    def moments(self) -> list[Moment]:
        "Give the moments, the oldest first."
    def close(self) -> None:
        "Stop recording; the moments stay."
    name: Any
    config: Any
    ended: Any

lives: Any

def follow(breaker: CircuitBreaker) -> Life:
    "Record the life of a breaker, unless it is recorded already."

def forget_lives() -> None:
    "Stop recording all lives, and forget them."

def life(name: str) -> Life:
    "Give the recorded life of a breaker; raises `NotRegistered`."
