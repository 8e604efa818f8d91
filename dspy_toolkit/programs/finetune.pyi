# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.lora import LoraSettings
from dspy_toolkit.engine.training import TrainingPlan
from dspy_toolkit.programs.cost import Budget
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.runs import Run
from typing import Any

def make_conversations(program: Any, data: Dataset, adapter: Any) -> list[list[dict[Any, Any]]]:
    "Write examples as conversations; raises `InputError`, which names the row."

@dataclass(frozen=True)
class Tuned:
    "A tuned model, or how far its training is."
    name: str
    base: str
    state: str
    run_id: str
    digest: str = ...
    data: str = ...
    steps: int = ...
    losses: list[Any] = field(default_factory=..., repr=...)
    held_out: list[Any] = field(default_factory=..., repr=...)
    best_step: int | None = ...
    stopped_early: bool = ...
    seconds: float = ...
    problem: str = ...
    def __repr__(self) -> str:
        ...
    @property
    def how_to_go_on(self) -> str:
        ...
    @property
    def lm(self) -> Any:
        "The tuned model; raises `InputError` while the training is not done."
    def to_json(self) -> dict[Any, Any]:
        "Give the result as JSON data."

class Finetuning:
    "A training that a run keeps."
    def __init__(self, run: Run, plan: TrainingPlan, on_step: Callable[..., Any] | None=None, memory_limit: int | None=None, budget: Budget=...) -> None:
        ...
    def note(self, step: Any, loss: Any, held_out_loss: Any) -> None:
        "Tell whoever follows, and write to the run how far it is, twice a second at most."
    @property
    def spent_seconds(self) -> float:
        ...
    def update(self, **changes: Any) -> None:
        "Change what `run.json` says; where the disk is full, the state of the training says so."
    def go(self) -> Tuned:
        "Train to the end; a cancelled scope gives how far it is. Raises `TrainingError`."
    run: Run
    plan: TrainingPlan
    on_step: Callable[..., Any] | None
    name: Any
    budget: Budget
    problem: Any
    training: Any
    how_to_go_on: Any

def read_training_budget(text: Any) -> Budget:
    "Read the budget of a training; raises `InputError` for one that limits anything but time."

@dataclass(frozen=True)
class TrainingEstimate:
    "What a training is likely to cost."
    steps: int
    tokens: int
    seconds: float | None
    basis: str
    @property
    def text(self) -> str:
        "The estimate in one line."

def estimate_finetuning(plan: TrainingPlan) -> TrainingEstimate:
    "Estimate a training from the speed of earlier ones of the same model; trains nothing."

def confirm_training(run: Run, plan: TrainingPlan) -> None:
    "Go on when a training is short; else its run is removed. Raises `CostNotConfirmed`."

def plan_finetuning(target: Any, data: Any, settings: LoraSettings, *, lm: Any=None, held_out: float=0.1, name: str='', replace: bool=False, namespace: dict[Any, Any] | None=None) -> tuple[Run, TrainingPlan]:
    "Find and check all that a training needs, and make its run; trains nothing."

def prepare_finetuning(target: Any, data: Any, *, lm: Any=None, name: str='', steps: int=100, rank: int=8, learning_rate: float | None=None, batch_size: int=8, held_out: float=0.1, every: int=10, patience: int | None=3, seed: int=0, replace: bool=False, namespace: dict[Any, Any] | None=None) -> tuple[Run, TrainingPlan]:
    "Plan a training from single settings: with the rate that suits the model, unless one is given."

def finetune(target: Any=None, data: Any=None, *, lm: Any=None, name: str='', steps: int=100, rank: int=8, learning_rate: float | None=None, batch_size: int=8, held_out: float=0.1, every: int=10, patience: int | None=3, seed: int=0, replace: bool=False, resume: Run | None=None, on_step: Callable[..., Any] | None=None, namespace: dict[Any, Any] | None=None, memory_limit: int | None=None, budget: Any=None) -> Tuned:
    "Train an adapter for a target on examples, in a process of its own; raises `TrainingError`. The same training is not done twice."

def read_plan_of(run: Run) -> TrainingPlan:
    "Read what the training of a run is to do; raises `InputError` for a run of another kind."
