# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import BudgetText
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Function
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import RunName
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.views.evaluations import EvaluationView
from typing import Any
from typing import Callable
from typing import Literal

def show_evaluation(plan: Any, run: Any, follow: Callable[..., Any], workers: int | None=None) -> EvaluationView:
    "Run an evaluation, and fill its view."

def evaluate(name: Target, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, on: Data | None=None, metric: Function='exact_match', lm: ModelName | None=None, threads: int=8, first: int | None=None, module: Literal['Predict', 'ChainOfThought'] | None=None, budget: BudgetText | None=None, resume: RunName | None=None, where: Literal['here', 'ray']='here', workers: int=2, yes: bool=False) -> EvaluationView:
    'Measure how well a signature or a program does.\n\nRaises `InputError` where there are no examples.'

def go_on(run: Any, namespace: dict[Any, Any] | None=None, follow: Callable[..., Any]=..., threads: int | None=None, budget: str | None=None, workers: int | None=None) -> EvaluationView:
    "Go on with an evaluation that was stopped."
