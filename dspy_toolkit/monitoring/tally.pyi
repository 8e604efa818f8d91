# Made by `make export` from the modules: edit the notebooks.
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.monitoring.capture import Call
from typing import Any

ACCURACY: float

class Sketch:
    "The distribution of positive numbers; percentiles are right within 1%."
    def __init__(self) -> None:
        ...
    def add(self, value: float) -> None:
        "Count one value."
    def merge(self, other: Any) -> None:
        "Count the values of another sketch too."
    @property
    def mean(self) -> float | None:
        ...
    def percentile(self, q: float) -> float | None:
        "The value that a share `q` of the values does not exceed."
    def percentiles(self, *shares: float) -> list[float | None]:
        "The values that these shares of the values do not exceed, in one walk through the buckets."
    buckets: Any
    count: Any
    total: Any
    largest: Any

@dataclass(slots=True)
class Tally:
    "What happened in a stretch of time."
    calls: int = ...
    cached: int = ...
    errors: Counter = field(default_factory=...)
    cancelled: int = ...
    unparsed: int = ...
    truncated: int = ...
    input_tokens: int = ...
    output_tokens: int = ...
    cached_tokens: int = ...
    forced_tokens: int = ...
    retries: int = ...
    refused: int = ...
    hops: int = ...
    cost: float = ...
    seconds: Sketch = field(default_factory=...)
    first_token: Sketch = field(default_factory=...)
    seconds_per_token: Sketch = field(default_factory=...)
    queued: Sketch = field(default_factory=...)
    prepared: Sketch = field(default_factory=...)
    @property
    def failed(self) -> int:
        ...
    def add(self, call: Call) -> None:
        "Count a call that has ended."
    def merge(self, other: Tally) -> None:
        "Count the calls of another tally too."
    def summary(self, window: float | None=None) -> dict[Any, Any]:
        "Counts, percentiles and rates as plain data."
