# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dspy_toolkit.commands.verb import BudgetText
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import RunName
from dspy_toolkit.commands.verb import Seed
from dspy_toolkit.commands.verb import Share
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.programs.runs import Run
from dspy_toolkit.views.optimization import TrainingView
from typing import Any

GRACE: float

def follow_training(view: TrainingView, follow: Any, **options: Any) -> TrainingView:
    "Train while the view is shown; the view then says how the model is asked, or how the training goes on."

def go_on(run: Run, namespace: dict[Any, Any] | None=None, follow: Callable[..., Any]=..., threads: int | None=None, budget: str | None=None) -> TrainingView:
    "Go on with a training that was stopped."

TunedName: Any

def finetune(target: Target | None=None, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, on: Data | None=None, lm: ModelName | None=None, name: Any=None, steps: int=100, rank: int=8, learning_rate: float | None=None, batch_size: int=8, held_out: Share=0.1, every: int=10, patience: int=3, seed: Seed=0, replace: bool=False, budget: BudgetText | None=None, resume: RunName | None=None, yes: bool=False) -> TrainingView:
    'Train a model on examples of a signature; the result is a model.\n\nRaises `InputError` where there is no signature or no examples, and `TrainingError` where the training cannot go on.'
