# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Seed
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.programs.calibrate import CalibrationPlan
from dspy_toolkit.views.calibration import CalibrationView
from typing import Any

def show_calibration(plan: CalibrationPlan, follow: Callable[..., Any], name: str='') -> CalibrationView:
    "Run a calibration, fill its view, and save the program if anything is kept."

Method: Any

def calibrate(name: Target, data: Data, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, lm: ModelName | None=None, method: Any='labels', seed: Seed=0, threads: int=8, to: str | None=None) -> CalibrationView:
    "Correct what a model prefers among the labels of a choice."
