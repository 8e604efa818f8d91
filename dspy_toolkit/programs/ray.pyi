# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.programs.evaluate import Evaluated
from dspy_toolkit.programs.evaluate import Evaluation
from dspy_toolkit.programs.evaluate import EvaluationPlan
from dspy_toolkit.programs.rows import RowResult
from dspy_toolkit.programs.runs import Run
from typing import Any

class RowWorker:
    "What a process of Ray does."
    def __init__(self, work: Callable[..., Any]) -> None:
        ...
    def find_process(self) -> int:
        "Give the number of this process."
    def do(self, index: int, row: dict[Any, Any]) -> dict[Any, Any]:
        "Do one row; an error of the row is its result."
    work: Callable[..., Any]

TRIES: int

LOOK: float

class WorkerLost(ToolkitError):
    "Workers could not begin, or every one that had this row was lost."

class RayPool:
    "Workers on Ray, used by many threads; a context manager."
    def __init__(self, work: Callable[..., Any], workers: int=2, at_once: int=4, address: str | None=None) -> None:
        ...
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *exc: Any) -> None:
        ...
    @property
    def actors(self) -> list[Any]:
        "The workers there are."
    def close(self) -> Any:
        "End the workers; and Ray, if this pool has started it."
    def do(self, index: int, row: dict[Any, Any]) -> RowResult:
        "Do one row on a worker, and wait for it; on another where that is lost. Raises `Cancelled`, or `WorkerLost`."
    ray: Any
    owns: Any
    lost: Any

def run_rows_on_ray(work: Callable[..., Any], rows: Any, *, workers: int=2, at_once: int=4, run: Run | None=None, on_row: Callable[..., Any] | None=None, scope: CancelScope | None=None, address: str | None=None) -> list[RowResult]:
    "Do some work on each row on Ray's workers, and wait for all; raises what `run_rows` raises, and `MissingExtra`."

def do_metered(pool: RayPool, index: int, row: dict[Any, Any]) -> RowResult:
    "Do one row, if the budgets around allow it, and count what it used."

class EvaluationWork:
    "The work of an evaluation, for a worker."
    def __init__(self, plan: EvaluationPlan) -> None:
        ...
    def prepare(self) -> None:
        "Load the model, and count the tokens of calls."
    def __call__(self, index: Any, row: Any) -> Any:
        ...
    plan: EvaluationPlan

def need_ray() -> None:
    "Raise `MissingExtra` where Ray is not installed."

def go_on_ray(evaluation: Evaluation, workers: int=2, address: str | None=None) -> Evaluated:
    "Run an evaluation on Ray's workers; as `Evaluation.go`, and raises `MissingExtra`."
