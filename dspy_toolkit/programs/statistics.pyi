# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple

DRAWS: int

CHUNK: int

def interval(scores: Any, level: float=0.95, seed: int=0) -> tuple[float, float]:
    "Find the interval of the mean score: Wilson's where all scores are 0 or 1, else the percentile bootstrap; raises `InputError`."

class Paired(NamedTuple):
    "How the scores of a second version differ from those of a first one, on the same rows."
    difference: float
    low: float
    high: float
    better: int
    worse: int
    @property
    def verdict(self) -> str:
        "What the interval says of the second: better, worse, or no difference that chance does not explain."

def compare_pairs(first: Any, second: Any, level: float=0.95, seed: int=0) -> Paired:
    "Find how much better a second version is, with the percentile bootstrap of the differences; raises `InputError`."

def find_flips(first: Any, second: Any) -> tuple[list[int], list[int]]:
    "Find the rows in which the second version is better, and those in which it is worse."

class Confusion(NamedTuple):
    "How often each label was answered with each label."
    labels: tuple[Any, ...]
    counts: object
    def to_json(self) -> dict[Any, Any]:
        "Give the matrix as JSON data."

def confusion(expected: Any, got: Any) -> Confusion:
    "Count how often each label was answered with each label."

def calibration_error(confidences: Any, right: Any, bins: int=10) -> float:
    "Measure by how much confidences differ from the share of right answers, in bins with equally many answers."
