# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.runs import Run
from dspy_toolkit.signatures.program import ProgramSpec
from typing import Any

@dataclass(frozen=True)
class Optimization:
    "What will be optimised: all is found and checked."
    program: object
    spec: ProgramSpec
    signature: object
    name: str
    parent: str
    trainset: Dataset
    valset: Dataset
    metric: object
    lm: object
    plan: object
    seed: int = ...
    threads: int = ...
    @property
    def remarks(self) -> tuple[Any, ...]:
        ...
    def describe(self) -> dict[Any, Any]:
        "Give what `run.json` says about it."
    def estimate(self) -> Any:
        "Estimate what the run costs, with the scores before and after."

def plan_optimization(target: Any, data: Any, metric: Any='exact_match', *, optimizer: str='bootstrap', valset: Any=None, lm: Any=None, options: dict[Any, Any] | None=None, seed: int=0, threads: int=8, namespace: dict[Any, Any] | None=None, name: str='') -> Optimization:
    "Find and check what an optimisation needs; raises `InputError`, `NotRegistered` or `MissingExtra`, and asks no model."

def split_rows(data: Dataset, seed: int=0) -> tuple[Dataset, Dataset]:
    "Split rows into halves by their places; `split_dataset` goes by content, and would give a run that is repeated other halves."

@dataclass(frozen=True)
class Candidate:
    "A program that was scored."
    number: int
    score: float | None
    full: bool
    rows: int
    best: float | None
    state: dict[Any, Any] = field(repr=...)
    failed: int = ...
    seconds: float = field(default=..., compare=...)
    @property
    def spec(self) -> ProgramSpec:
        ...
    @property
    def instructions(self) -> dict[Any, Any]:
        "predictor -> text"
    @property
    def demos(self) -> dict[Any, Any]:
        "predictor -> how many"
    def to_json(self) -> dict[Any, Any]:
        "Give the candidate as JSON data."

class Observer:
    "Notes the candidates of a run. DSPy calls it from many threads."
    def __init__(self, job: Optimization, run: Run, view: Any=None, clock: Callable[..., Any]=...) -> None:
        ...
    @property
    def start_score(self) -> Any:
        ...
    def note(self, program: Any, scores: list[Any], full: bool, failed: int=0) -> None:
        "Note that a program was scored."
    def has_scored(self, program: Any) -> bool:
        "Was this program scored on the whole valset already?"
    def clean(self, program: Any) -> Any:
        "Copy a program, with the models it had at the start, and without what optimisers hang on it."
    def start_evaluation(self, call_id: Any, evaluate: Any, inputs: Any) -> None:
        "Note what an evaluation is of."
    def end_evaluation(self, call_id: Any, outputs: Any) -> None:
        "Note what came of an evaluation."
    def enter(self, module: Any) -> None:
        "A module begins on this thread; the outermost one is the program."
    def leave(self, error: Any) -> None:
        "A module ends on this thread."
    def note_score(self, example: Any, value: Any) -> None:
        "Note a score of the program that ran last on this thread, where no evaluation will say it."
    def flush(self) -> None:
        "Note the programs that were scored on a whole batch; called between two batches, when no program runs."
    def digest(self, program: Any) -> str:
        "What a program means, with the models it had at the start."
    job: Optimization
    run: Run
    view: Any
    clock: Callable[..., Any]
    candidates: Any
    best: Any
    best_program: Any
    best_scores: Any
    errors: Any
    last_error: Any
    known: Any
    whole: Any
    began: Any

class _Judge:
    "The metric of a run, as an optimiser calls it."
    def __init__(self, metric: Any, ledger: Any, observer: Any, log: Any) -> None:
        ...
    def __call__(self, example: Any, prediction: Any, trace: Any=None, pred_name: Any=None, pred_trace: Any=None) -> Any:
        ...
    def note_score(self, example: Any, value: Any, pred_name: Any) -> Any:
        "Tell the observer, unless GEPA only asks for feedback."
    def note_failure(self, error: Any) -> None:
        "The same failure is logged once."
    metric: Any
    ledger: Any
    observer: Any
    log: Any
    failures: Any
    last_error: Any

@dataclass(frozen=True)
class Optimized:
    "What came of an optimisation."
    best: object = field(repr=...)
    score: float | None
    start_score: float | None
    optimizer: str
    metric: str
    candidates: list[Candidate] = field(repr=...)
    scores: list[Any] = field(repr=...)
    start_scores: list[Any] = field(repr=...)
    run_id: str = ...
    state: str = ...
    problem: str = ...
    version: object = ...
    calls: int = ...
    asked: int = ...
    tokens: int = ...
    cost: float | None = ...
    seconds: float = ...
    log: list[str] = field(default_factory=..., repr=...)
    remarks: tuple[Any, ...] = ...
    def __repr__(self) -> str:
        ...
    @property
    def how_to_go_on(self) -> str:
        ...
    @property
    def paired(self) -> Any:
        "How much better the best is than the start, with the interval of the difference, on the rows of the valset."
    @property
    def difference(self) -> Any:
        "What the best program has that the start had not."
    def to_json(self) -> dict[Any, Any]:
        "Give the result as JSON data."

class _Work:
    "An optimisation that runs, on the thread that calls `go`."
    def __init__(self, job: Any, run: Any, budget: Any, view: Any, save: Any) -> None:
        ...
    def go(self) -> Optimized:
        "Run it; gives the best so far where it is stopped."
    job: Any
    run: Any
    view: Any
    save: Any
    log: Any
    thread: Any
    scope: Any
    meter: Any
    ledger: Any
    observer: Any
    judge: Any
    began: Any
    stopped: Any
    start_scores: Any

def optimize(target: Any=None, data: Any=None, metric: Any=None, *, optimizer: str='bootstrap', valset: Any=None, lm: Any=None, budget: Any=None, resume: Run | str | None=None, on_candidate: Callable[..., Any] | None=None, options: dict[Any, Any] | None=None, seed: int=0, threads: int=8, namespace: dict[Any, Any] | None=None, name: str='', save: bool=True) -> Optimized:
    "Make a target better on data; an interrupt gives the best so far."

def create_optimization(job: Optimization, budget: Any=None) -> Run:
    "Make the folder of a run."

GRACE: float

def run_optimization(job: Optimization, run: Run, budget: Any=None, view: Any=None, save: bool=True) -> Optimized:
    "Run a plan on this thread; where its scope is cancelled, it gives the best so far."

class _Listener:
    "A view that is one function."
    def __init__(self, add: Any) -> None:
        ...
    def write(self, line: Any) -> None:
        ...
    def spend(self, calls: Any=None, tokens: Any=None, money: Any=None) -> None:
        ...
    add: Any

def read_run(run: Run, target: Any=None, metric: Any=None, lm: Any=None, options: dict[Any, Any] | None=None, namespace: dict[Any, Any] | None=None, name: str='') -> Optimization:
    "Read what a run was to do; raises `InputError` where something is missing, or is another one now."

def read_old_budget(run: Run) -> Any:
    "The budget that a run had, of which what it has spent is taken off."
