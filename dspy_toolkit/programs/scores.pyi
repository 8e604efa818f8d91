# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.errors import ToolkitError
from typing import Any

@dataclass(frozen=True)
class Scored:
    "The score of one answer."
    value: float
    note: str = ...

class MetricError(ToolkitError, ValueError):
    "A metric gives no score for a row."
    def __init__(self, reason: str, hint: str='', row: int | None=None) -> None:
        ...
    def at(self, row: int) -> MetricError:
        "Make the same error with the number of its row."
    reason: str
    row: int | None

def read_score(found: Any, name: str) -> Scored:
    "Read what a metric gave: a bool, a number, a `Scored` or a `dspy.Prediction` with score and feedback; raises `MetricError`."

class Metric:
    "A way to score answers; a base class, whose heirs have `measure`."
    name: str
    needs: str
    paid: bool
    @property
    def key(self) -> str:
        "What scores are stored under: the name, and for a function also a digest of its code."
    def __repr__(self) -> str:
        ...
    def measure(self, expected: dict[Any, Any], prediction: dict[Any, Any], **seen: Any) -> None:
        "Give what `read_score` can read."
    def check(self, rows: Any) -> list[str]:
        "Find out, before anything is spent, whether this metric can score the rows; raises `InputError` or `MetricError`."
    def summarise(self, pairs: Any) -> str:
        "Say what only all rows together show."
    def score(self, expected: dict[Any, Any], prediction: dict[Any, Any], **seen: Any) -> Scored:
        "Score an answer; raises `MetricError` where a label is missing or the metric fails."
    def __call__(self, example: Any, prediction: Any, trace: Any=None, pred_name: Any=None, pred_trace: Any=None) -> float:
        "Score an answer as DSPy's optimisers ask for it."
