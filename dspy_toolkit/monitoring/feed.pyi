# Made by `make export` from the modules: edit the notebooks.
from collections import deque
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.events import Event
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

FIELDS: Any

def point_row(point: dict[Any, Any]) -> list[Any]:
    "Write a point as a row of short numbers."

def call_row(call: Call) -> dict[Any, Any]:
    "Write a call as a line of a table."

def call_details(call: Call) -> dict[Any, Any]:
    "Write everything that is known of a call, its prompt and its answer too."

def prompt_text(prompt: Any) -> list[Any]:
    "A prompt as texts: messages as DSPy has them, or one text."

def answer_text(outputs: Any) -> str:
    "An answer as text."

def event_row(event: Event) -> dict[Any, Any]:
    "Write a rare event as a line: when, what, about whom, in words, as a sentence, and whether it is bad or good news."

RECOVERIES: int

def describe_alerts() -> list[dict[Any, Any]]:
    "The alerts that are on, as plain data."

def describe_recovery(now: float) -> dict[str, list[dict[Any, Any]]]:
    "What supervisors look after, and what they did, as plain data."

@dataclass(eq=False)
class Reader:
    "A page, and what it has already."
    send: object
    seconds: float = ...
    whole: bool = ...
    rows: dict[Any, Any] = field(default_factory=...)
    calls: deque[Any] = field(default_factory=...)
    events: deque[Any] = field(default_factory=...)
    loads: deque[Any] = field(default_factory=...)
    counted: object = ...
    sent_at: float = ...
    called_at: float = ...
    alive_at: float = field(default_factory=...)
    def restart(self, seconds: float | None=None) -> None:
        "Have everything sent anew, perhaps for another range."
    def take(self, points: list[dict[Any, Any]]) -> list[Any]:
        "What the page lacks of these points."

LINES: int

QUIET: float

FASTEST: float

PATIENCE: float

class Sampler:
    "Hands what is new to pages, from one thread."
    def __init__(self, watched: Monitor, rate: float | None=None) -> None:
        ...
    def add(self, batch: Any) -> None:
        "Take a batch of the monitor, on the monitor's thread."
    def open(self, send: Any, seconds: float=600.0) -> Reader:
        "Begin to send to a page."
    def close(self, reader: Reader) -> None:
        "Send no more to a page; the thread ends with the last one."
    def look(self) -> None:
        "Look once at what is new, and send it."
    def everything(self, reader: Reader) -> dict[Any, Any]:
        "All that a page shows."
    watched: Monitor
    every: Any
    readers: Any
    spent: Any
    sent: Any

LOAD: Any

def summary_row(summary: dict[Any, Any]) -> dict[Any, Any]:
    "The figures of the last minute, as short numbers."

def sampler() -> Sampler:
    "Give the sampler of this process, over its monitor."

def stop_sampler() -> None:
    "Send nothing more to any page."
