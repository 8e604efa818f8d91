# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

FASTEST: Any
OCTAVE: Any
BUCKETS: Any

def find_bucket(seconds: float) -> int:
    "Find the bucket of a duration."

def find_edge(bucket: int) -> float:
    "Find where a bucket begins."

@dataclass
class Counts:
    "How answers went."
    requests: int = ...
    errors: int = ...
    parse_failures: int = ...
    refused: int = ...
    metric_count: int = ...
    metric_sum: float = ...
    metric_squares: float = ...
    latency: list[Any] = field(default_factory=...)
    def add(self, error: bool=False, parse_failed: bool=False, refused: bool=False, seconds: float | None=None) -> None:
        "Count a request."
    def add_score(self, score: float) -> None:
        "Count a score; of many requests it comes later, or not at all."
    def __add__(self, other: Any) -> Any:
        ...
    @property
    def answers(self) -> int:
        ...
    def percentile(self, share: float) -> float | None:
        "Find the duration that a share of the answers did not exceed, as the upper edge of its bucket; None where there are no answers."
    def count_slower(self, seconds: float) -> int:
        "Count the answers that took longer than a duration for certain: those of its own bucket are left out."
    def measure_metric(self) -> tuple[float, float]:
        "Find the mean score and how uncertain it is; one score of 0 and one of 1 are added to the variance, so few equal ones prove nothing."
    def to_json(self) -> dict[Any, Any]:
        "Give the counts as JSON data."

NUMBERS: Any
