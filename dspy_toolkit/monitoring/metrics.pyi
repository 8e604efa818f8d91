# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

SECONDS: Any

TOKENS: Any

FIRST_TOKEN: Any

EACH_TOKEN: Any

@dataclass(frozen=True)
class Instrument:
    "A metric: what is measured, in which unit, and its names."
    kind: str
    unit: str
    description: str
    names: dict[str, str]
    bounds: tuple[Any, ...] = ...

INSTRUMENTS: Any

GENERATIONS: Any

PROVIDER_NAMES: Any

@dataclass(frozen=True)
class Measurement:
    "One value for one instrument."
    instrument: str
    value: float
    labels: tuple[tuple[str, str], ...]

def split_model(name: str) -> tuple[str, str]:
    "Split the name of a model; the provider is `unknown` where the name has none."

def measure_call(call: Call, names: str='latest') -> Iterator[Measurement]:
    "Everything that is measured of a call that has ended."

def measure_event(event: Any) -> Iterator[Measurement]:
    "What is measured of an event of a breaker; nothing of others."

MOST_LABELS: int

class Histogram:
    "Counts of values by bucket."
    def __init__(self, bounds: Any) -> None:
        ...
    def add(self, value: float) -> None:
        "Count one value."
    @property
    def count(self) -> int:
        ...
    bounds: Any
    counts: Any
    total: Any

class Metrics:
    "Adds up what is measured; a sink of the monitor."
    def __init__(self, names: str='latest') -> None:
        ...
    def record(self, measurement: Measurement) -> tuple[Any, ...] | None:
        "Add one measurement."
    def add(self, batch: Any) -> None:
        "Add what a batch of the monitor holds. An answer that turns out to be unreadable moves to the outcome `unparsed`."
    def collect(self) -> dict[Any, Any]:
        "A copy of everything that was added."
    def total(self, instrument: str, **labels: str) -> float:
        "The sum of a counter, or the number of values of a histogram."
    names: str
    values: Any

STATES: Any

@dataclass(frozen=True)
class Reading:
    "What a gauge shows at a moment."
    name: str
    description: str
    value: float
    labels: tuple[tuple[str, str], ...] = ...

def read_gauges(watcher: Monitor) -> Iterator[Reading]:
    "How breakers and engines stand, and what runs."
