# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.live import LiveView
from typing import Any

Z: float

class RunningScore:
    "The mean of scores, and its 95% interval, kept without the scores."
    def __init__(self) -> None:
        ...
    def add(self, score: float) -> None:
        ...
    @property
    def mean(self) -> Any:
        ...
    @property
    def interval(self) -> tuple[Any, ...] | None:
        ...
    count: Any
    sum: Any
    squares: Any
    is_share: Any

POINTS: int

class ThinCurve:
    "Points along a line, at most twice `POINTS`, evenly spread."
    def __init__(self, most: int=...) -> None:
        ...
    def add(self, point: tuple[Any, ...]) -> None:
        ...
    def all(self) -> list[Any]:
        "Give the points; the newest is among them."
    most: int
    points: Any

MOST_LABELS: int

def choices_of(signature: Any) -> dict[Any, Any]:
    "Find the outputs of a signature that are one of a fixed set: Literal, Enum, bool."

def labels_of(annotation: Any) -> tuple[str, ...]:
    "List the values of a Literal, an Enum or bool as text."

def field_text(value: Any) -> str:
    "Write a value of a field in one cell; nothing for None."

class Pairs:
    "Counts what was expected against what came, for one field."
    def __init__(self, labels: Any=...) -> None:
        ...
    def add(self, expected: Any, got: Any) -> None:
        ...
    def is_choice(self) -> bool:
        ...
    def matrix(self, field: str) -> dict[Any, Any] | None:
        "Give labels and counts, with a label for what is none of them."
    labels: Any
    counts: Any

CELL: Any
TRACE: Any

def cut_text(text: str, most: int=...) -> str:
    "Shorten a long text."

def fields_text(fields: dict[Any, Any]) -> str:
    "Write fields in one cell; the name of a single one is left out, for the column has it."

COLUMNS: Any

class EvaluationView(LiveView):
    "An evaluation: the score so far, what failed, and each row."
    kind: Any
    unit: Any
    def __init__(self, title: str, total: int | None=None, choices: dict[Any, Any] | None=None, clock: Any=...) -> None:
        ...
    def add(self, row: Any, expected: dict[Any, Any], inputs: dict[Any, Any]) -> None:
        "A row is done."
    def numbers(self) -> Any:
        ...
    @property
    def mean(self) -> float | None:
        "Give the mean score: of the result, or so far."
    @property
    def interval(self) -> tuple[Any, ...] | None:
        "Give the 95% interval of the score: of the result, or so far."
    @property
    def failed_text(self) -> str:
        "Write how many rows failed, by type."
    def chart(self) -> Any:
        ...
    def matrix(self) -> Any:
        ...
    def finish(self, evaluated: Any) -> Any:
        "The evaluation has ended, or was stopped; its score and interval replace those of the view."
    def to_json(self) -> Any:
        ...
    score: Any
    low: Any
    high: Any
    columns: Any
    failures: Any
    tokens: Any
    cost: Any
    result: Any

def score_text(score: float | None) -> str:
    "Write a score in [0, 1]; a dash where there is none."
