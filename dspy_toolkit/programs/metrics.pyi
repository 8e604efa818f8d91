# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.programs.measures import Measured
from dspy_toolkit.programs.scores import Metric
from typing import Any
from typing import NamedTuple

class FieldMetric(Metric):
    "Score fields of an answer one by one, and take the mean."
    def __init__(self, name: str, measure: Any, signature: Any=None, fields: tuple[Any, ...]=..., strict: bool=False) -> None:
        ...
    def choose(self, expected: dict[Any, Any], prediction: dict[Any, Any]) -> tuple[Any, ...]:
        "Give the names of the fields to score in a row."
    def has_label(self, expected: dict[Any, Any], name: str) -> bool:
        "Whether a row says what a field should be; None is a label where the type of the field has None."
    def measure(self, expected: dict[Any, Any], prediction: dict[Any, Any], **seen: Any) -> Any:
        "Give the mean over the fields, with a note on each that is not right."
    def measure_field(self, name: str, expected: dict[Any, Any], prediction: dict[Any, Any]) -> Measured:
        "Measure one field."
    def check(self, rows: Any) -> list[str]:
        "Find the fields that have labels; raises `InputError` where there are none, or a field that was named has none."
    name: str
    signature: Any
    fields: Any
    strict: bool

class NumericMetric(FieldMetric):
    "Score numbers: right within a tolerance."
    def __init__(self, name: Any, signature: Any=None, fields: Any=..., tolerance: float=0.0, relative: bool=False) -> None:
        ...
    def measure_field(self, name: Any, expected: Any, prediction: Any) -> Any:
        ...
    tolerance: float
    relative: bool

class CalibrationMetric(FieldMetric):
    "Score how well the confidence of an answer fits: 1 minus the Brier score."
    def __init__(self, name: Any, signature: Any=None, fields: Any=...) -> None:
        ...
    def read_confidence(self, name: str, expected: dict[Any, Any], prediction: dict[Any, Any]) -> tuple[float, bool, float]:
        "Read how sure an answer is; raises `MetricError` where it does not say."
    def measure_field(self, name: str, expected: dict[Any, Any], prediction: dict[Any, Any]) -> Measured:
        "Give 1 minus the Brier score of one field."
    def summarise(self, pairs: Any) -> str:
        "Give the expected calibration error and the mean Brier score over all rows."

class Confidences(NamedTuple):
    "How well confidences fit what was right."
    error: float
    count: int

def check_confidences(signature: Any, pairs: Any) -> Confidences | None:
    "Compare how sure answers are with how often they are right, over all their choices."

class FunctionMetric(Metric):
    "Score with a function of a person."
    needs: str
    def __init__(self, function: Any, signature: Any=None, name: str='') -> None:
        ...
    @property
    def paid(self) -> Any:
        ...
    def measure(self, expected: dict[Any, Any], prediction: dict[Any, Any], **seen: Any) -> Any:
        "Call the function as its parameters ask for it."
    def check(self, rows: Any) -> list[str]:
        "Try the function on the first row that has a label; raises `MetricError`."
    @property
    def key(self) -> str:
        "The name, with a digest of the code."
    function: Any
    signature: Any
    name: Any
    takes: Any
    plain: Any

def read_parameters(function: Any, name: str) -> tuple[Any, ...]:
    "Read how a function is to be called; raises `InputError` where it can't be a metric."

METRICS: Any

def find_metric(metric: Any, signature: Any=None, namespace: dict[Any, Any] | None=None, data: Any=None) -> Metric:
    "Find a metric by its name, or make one of a function; raises `InputError` or, where it gives no score on the first row, `MetricError`."
