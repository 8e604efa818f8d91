# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core import events
from dspy_toolkit.core.events import Event
from dspy_toolkit.core.events import StepFinished
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.tally import Tally
from typing import Any

@dataclass(frozen=True)
class Batch:
    "What happened since the last batch."
    events: list[Event]
    ended: list[Call]
    amended: list[Call]
    steps: list[StepFinished]
    happened: list[Event]

class Monitor:
    "Watches every call of this process."
    def __init__(self, bus: events.Bus=..., clock: Any=..., limit: int=100000, pause: float=0.1) -> None:
        ...
    def points(self, seconds: float=600.0, model: str='', after: float=0.0) -> list[dict[Any, Any]]:
        "The points of a chart, the oldest first; the last may still grow."
    def latest(self, most: int=200) -> tuple[list[Any], list[Any]]:
        "The last calls and events, the latest last."
    def summary(self, seconds: float=60.0) -> dict[Any, Any]:
        "Counts, percentiles and rates of the last seconds, of all models."
    def flush(self, timeout: float | None=10.0) -> bool:
        "Wait until everything that happened until now is counted."
    def add_sink(self, sink: Any) -> Any:
        "Pass what happens from now on to a sink."
    def close(self) -> None:
        "Read what waits, and stop; a second time does nothing."
    def snapshot(self, window: float=60.0, flush: bool=True) -> Snapshot:
        "How things stand; raises `InputError` for a window that is not possible."
    def oldest(self, now: float) -> float:
        "Seconds since the oldest call that runs began; 0 where none runs."
    def tally(self, window: float=60.0, model: str=...) -> Tally:
        "What was counted in the last seconds."
    bus: events.Bus
    clock: Any
    limit: int
    pause: float
    capture: Any
    series: Any
    happened: Any
    recent: Any
    dropped: Any
    started_at: Any

class _Mark:
    "A place in the queue, for somebody who waits until it is reached."
    def __init__(self) -> None:
        ...
    reached: Any

@dataclass(frozen=True)
class Snapshot:
    "How things stand at a moment."
    at: float
    window: float
    total: dict[Any, Any]
    models: dict[str, dict[Any, Any]]
    in_flight: int | None
    oldest: float | None
    breakers: list[dict[Any, Any]]
    engines: dict[str, dict[Any, Any]] = field(default_factory=...)
    steps: int | None = ...
    dropped: int = ...

def describe_breakers() -> list[dict[Any, Any]]:
    "The breakers of this process, as plain data."

def describe_breaker(breaker: Any) -> dict[Any, Any]:
    "A breaker's state, counts and thresholds as plain data."

def monitor() -> Monitor:
    "Give the monitor of this process: from then on every call is watched, and recorded unless the setting `history` is off."

def stop_monitor() -> None:
    "Close the monitor of this process, if there is one."
