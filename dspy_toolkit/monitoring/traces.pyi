# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.events import StepFinished
from dspy_toolkit.monitoring.capture import Call
from typing import Any

@dataclass(frozen=True)
class Span:
    "A piece of work that has ended."
    id: str
    trace: str
    parent: str
    name: str
    kind: str
    start: float
    end: float
    attributes: dict[Any, Any]
    error: str = ...
    message: str = ...
    first_token: float | None = ...

LONGEST_CONTENT: int

def describe_call(call: Call, names: str='latest', content: bool=False) -> dict[Any, Any]:
    "The attributes of a call's span."

def describe_step(step: StepFinished) -> dict[Any, Any]:
    "The attributes of a step's span."

@dataclass(frozen=True)
class _Place:
    "Where something stands in its tree."
    trace: str
    parent: str
    at: float

class Traces:
    "Puts calls and steps together to spans. Used by one thread, or under a lock."
    def __init__(self, names: str='latest', content: bool=False, patience: float=5.0, limit: int=10000, remembered: int=1000) -> None:
        ...
    def feed(self, batch: Any) -> None:
        "Read a batch of the monitor."
    def take(self, now: float, everything: bool=False) -> list[Span]:
        "Give the spans that are ready."
    names: str
    content: bool
    patience: float
    limit: int
    remembered: int
    waiting: Any
