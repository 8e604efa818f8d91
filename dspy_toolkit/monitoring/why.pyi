# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.monitoring.capture import Call
from typing import Any

@dataclass(frozen=True)
class Part:
    "A part of the time of a call."
    name: str
    seconds: float
    note: str = ...

@dataclass(frozen=True)
class Explanation:
    "Where the time of a call went."
    call: Call
    parts: tuple[Part, ...]
    seconds: float
    advice: str
    @property
    def largest(self) -> Part:
        ...

def split_call(call: Call, loading: float=0.0) -> tuple[Part, ...]:
    "The parts of a call's time, in the order in which they passed."

FAST: float

def explain(call: Call, loading: float=0.0) -> Explanation:
    "Say where the time of a call went, and what would help most."
