# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.lora import LoraSettings
from dspy_toolkit.engine.lora import TrainingError
from pathlib import Path
from typing import Any

@dataclass
class Trained:
    "How far a training is."
    state: str = ...
    losses: list[Any] = field(default_factory=...)
    held_out: list[Any] = field(default_factory=...)
    saved: int = ...
    best_step: int | None = ...
    stopped_early: bool = ...
    step_seconds: list[Any] = field(default_factory=...)
    @property
    def steps(self) -> int:
        ...
    @property
    def loss(self) -> float | None:
        ...
    @property
    def held_out_loss(self) -> float | None:
        ...

class OutOfMemory(TrainingError):
    "The process that trains got no more memory."

PATIENCE: float

class Training:
    "A training in a folder."
    def __init__(self, folder: Path, memory_limit: int | None=None, resume: str | tuple[Any, ...]='start it again to go on') -> None:
        ...
    @property
    def pid(self) -> int | None:
        "The child's process id."
    def cancel(self) -> None:
        "Stop the training after the step that it takes now; does not wait for its end. Works on any thread."
    def run(self, on_step: Any=None) -> Trained:
        "Train until the end; raises `TrainingError`."
    folder: Any
    memory_limit: int | None
    trained: Any

@dataclass(frozen=True)
class TrainingPlan:
    "What a training is to do."
    folder: Path
    base: str
    settings: LoraSettings
    rows: int
    held_out: int
    tokens: int
    weights: str
    digest: str
    def to_json(self) -> dict[Any, Any]:
        "Give the plan as JSON data, without its folder."
    @classmethod
    def from_json(cls, folder: Path, data: dict[Any, Any]) -> Any:
        "Read a plan that `to_json` wrote."

def find_base(name: str) -> tuple[str, Path]:
    "Find a model that an adapter can be trained for; raises `InputError` or `ModelNotAvailable`."

def suggest_rate(model: Path) -> float:
    "Suggest a learning rate: 0.003 at the width of mlx/tiny, where it was measured, and less for wider models in proportion."

def split_rows(n: int, held_out: float, seed: int) -> tuple[list[Any], list[Any]]:
    "Choose which rows are held out: four or more; of fewer than 20 rows all are for learning."

def plan_training(folder: Path, base: str, conversations: list[list[dict[Any, Any]]], settings: LoraSettings=..., held_out: float=0.1) -> TrainingPlan:
    "Write what a training is to do; raises `InputError` for a row that the model cannot hold."

def publish_training(plan: TrainingPlan, trained: Trained, name: str, **about: Any) -> str:
    "Give the adapter of a training its name; raises `OSError` when the disk is full."
