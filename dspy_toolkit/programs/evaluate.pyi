# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.events import RequestFinished
from dspy_toolkit.programs.cost import Budget
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.rows import RowResult
from dspy_toolkit.programs.runs import Run
from typing import Any

class RowUsage:
    "What the calls of one row used."
    def __init__(self) -> None:
        ...
    def add(self, event: RequestFinished) -> None:
        "Add a call; one that is known counts once."
    def details(self) -> dict[Any, Any]:
        "Give the fields of a `RowResult`."
    input_tokens: Any
    output_tokens: Any
    cost: Any
    requests: Any

def count_usage(event: RequestFinished) -> None:
    "Count a call for the row that made it; for a subscription."

@dataclass(frozen=True)
class EvaluationPlan:
    "What will be evaluated: all is found and checked."
    program: object
    signature: object
    name: str
    ref: str
    content: str
    data: Dataset
    rows: tuple[Any, ...]
    metric: object
    lm: object
    lm_name: str
    threads: int = ...
    budget: Budget = ...
    module: str | None = ...
    remarks: tuple[Any, ...] = ...
    def describe(self) -> dict[Any, Any]:
        "Give what `run.json` says about it."
    def identify(self) -> dict[Any, Any]:
        "Give what may not change while a run goes on."
    @property
    def metric_key(self) -> str:
        "The metric's name; with a digest of what it does, where it has one."
    @property
    def layout(self) -> str:
        "The name of the adapter that writes the prompts."
    @property
    def lm_options(self) -> str:
        "A digest of the model's options, such as its temperature; keys are left out."
    def split_row(self, row: dict[Any, Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
        "Tell the inputs of a row from its labels."
    def run_row(self, index: int, row: dict[Any, Any]) -> RowResult:
        "Ask the program, and score its answer."

def plan_evaluation(target: Any, data: Any, metric: Any='exact_match', *, lm: Any=None, threads: int=8, budget: Any=None, namespace: dict[Any, Any] | None=None, name: str='', module: str | None=None) -> EvaluationPlan:
    "Find and check what an evaluation needs; raises `InputError` or `NotRegistered`, and asks no model."

@dataclass(frozen=True)
class Evaluated:
    "How well a target did."
    ref: str
    target_name: str
    data: Dataset = field(repr=...)
    metric: str
    lm: str
    layout: str
    rows: list[RowResult] = field(repr=...)
    score: float | None
    low: float | None
    high: float | None
    seconds: float
    failures: dict[Any, Any]
    run_id: str
    state: str
    problem: str = ...
    calibration_error: float | None = ...
    confidences: int = ...
    def __repr__(self) -> str:
        ...
    @property
    def how_to_go_on(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Give the evaluation as JSON data."

def create_evaluation(plan: EvaluationPlan) -> Run:
    "Make the folder of a new evaluation."

def check_resumed(plan: EvaluationPlan, run: Run) -> None:
    "Check that a run can go on with this plan; raises `InputError`."

def plan_resumed(run: Run, namespace: dict[Any, Any] | None=None, *, threads: int | None=None, budget: Any=None) -> EvaluationPlan:
    "Find again what a run needs; raises `InputError` where something has changed since."

PROGRESS: float

class Evaluation:
    "An evaluation that runs."
    def __init__(self, plan: EvaluationPlan, run: Run, on_row: Callable[..., Any] | None=None, clock: Callable[..., Any]=...) -> None:
        ...
    @property
    def score(self) -> float | None:
        ...
    @property
    def how_to_go_on(self) -> str:
        ...
    def note(self, result: RowResult) -> None:
        "Count a row, and say how far the evaluation is."
    def report(self) -> None:
        "Publish how far it is."
    def go(self, save: bool=True) -> Evaluated:
        'Run the rows. A cancelled scope, or a used-up budget, gives what is done.\n\nRaises `RowsNotKept`, and what else stopped the rows; its `evaluated` has what is done.'
    plan: EvaluationPlan
    run: Run
    on_row: Callable[..., Any] | None
    clock: Callable[..., Any]
    done: Any
    total: Any
    scored: Any
    began: Any
    layout: Any
    runner: Any

def evaluate(target: Any, data: Any, metric: Any='exact_match', *, lm: Any=None, threads: int=8, budget: Any=None, resume: Run | None=None, on_row: Callable[..., Any] | None=None, namespace: dict[Any, Any] | None=None, name: str='', save: bool=True, module: str | None=None) -> Evaluated:
    "Measure how well a target does on some data."
