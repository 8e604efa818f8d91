# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.resilience.breaker import CircuitBreaker
from typing import Any
from typing import NamedTuple

class Moment(NamedTuple):
    "What happened to a breaker, and how it stood after it."
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
        "When it ended; now, while it goes on."
    def moments(self) -> list[Moment]:
        "What is kept, the oldest first."
    def close(self) -> None:
        "Record no more; what is kept stays."
    name: Any
    config: Any
    ended: Any

lives: Any

def follow(breaker: CircuitBreaker) -> Life:
    "Record the life of a breaker, unless it is recorded."

def forget_lives() -> None:
    "Record no life any more, and forget those that were recorded."

def life(name: str) -> Life:
    "The life that is recorded; raises `NotRegistered`."
