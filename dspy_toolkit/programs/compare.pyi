# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.programs.evaluate import Evaluated
from dspy_toolkit.programs.evaluate import EvaluationPlan
from dspy_toolkit.programs.runs import Run
from dspy_toolkit.programs.statistics import Paired
from typing import Any

LAYOUTS: Any

def make_layout(word: str) -> Any:
    "Make the adapter of a layout; raises `InputError`."

@dataclass(frozen=True)
class ColumnPlan:
    "One column that will be evaluated: all is found and checked."
    name: str
    plan: EvaluationPlan
    adapter: object = ...
    @property
    def layout(self) -> str:
        "The name of the adapter that will be used."

def plan_comparison(targets: Any, data: Any, metric: Any='exact_match', *, lms: Any=..., layouts: Any=..., threads: int=8, namespace: dict[Any, Any] | None=None, module: str | None=None, least: int=2) -> list[ColumnPlan]:
    "Find and check what a comparison needs; asks no model. Raises `InputError`, `MetricError` or `NotRegistered`."

def find_kept(column: ColumnPlan) -> Run | None:
    "Find the run of the same evaluation: one that is done, else one that can go on."

def find_open_rows(column: ColumnPlan, fresh: bool=False) -> list[dict[Any, Any]]:
    "Find the rows of a column that are not known yet."

@dataclass(frozen=True)
class Column:
    "One column of a comparison."
    name: str
    evaluated: Evaluated
    kept: bool = ...
    difference: Paired | None = ...
    better: tuple[Any, ...] = ...
    worse: tuple[Any, ...] = ...
    left_out: int = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the column as JSON data, without its rows."

def compare_rows(name: str, evaluated: Evaluated, first: Evaluated | None, kept: bool=False) -> Column:
    "Make a column: how its rows differ from those of the first column."

@dataclass(frozen=True)
class Compared:
    "Several evaluations on the same data."
    columns: list[Column]
    plan: EvaluationPlan = field(repr=...)
    state: str = ...
    problem: str = ...
    @property
    def flips(self) -> list[int]:
        "The rows, from 0, whose score differs from the first column in any other; those that got worse first."
    def describe_row(self, index: int) -> dict[Any, Any]:
        "Give a row as JSON data: inputs, what was expected, and what each column answered."
    def to_json(self) -> dict[Any, Any]:
        "Give the comparison as JSON data."

def run_comparison(planned: list[ColumnPlan], *, budget: Any=None, fresh: bool=False, save: bool=True, on_row: Callable[..., Any] | None=None) -> Compared:
    "Evaluate the columns that are not known, one after the other, and compare them. What was done is kept, also where it is stopped."

def compare(targets: Any, data: Any, metric: Any='exact_match', *, budget: Any=None, fresh: bool=False, **options: Any) -> Compared:
    "Compare several targets, models or layouts on the same data."
