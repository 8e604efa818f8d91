# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import BudgetText
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Function
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Option
from dspy_toolkit.commands.verb import RunName
from dspy_toolkit.commands.verb import Seed
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.views.optimization import OptimizationView
from typing import Annotated
from typing import Any
from typing import Callable
from typing import Literal

def show_optimization(job: Any, run: Any, budget: Any, follow: Callable[..., Any]) -> OptimizationView:
    "Run an optimisation, and fill its view."

def describe_end(view: OptimizationView, found: Any) -> None:
    "Say what came of it, in sentences."

Setting: Any

def optimize(name: Target, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, with_: Literal['bootstrap', 'random_search', 'mipro', 'gepa', 'simba']='bootstrap', on: Data | None=None, val: Data | None=None, metric: Function | None=None, lm: ModelName | None=None, option: Any=..., seed: Seed=0, threads: int=8, to: str | None=None, budget: BudgetText | None=None, resume: RunName | None=None, yes: bool=False) -> OptimizationView:
    'Make a signature or a program better on data.\n\nRaises `InputError` where there are no examples, and `CostNotConfirmed` where a person has to agree to the cost.'

def go_on(run: Any, namespace: dict[Any, Any] | None=None, follow: Callable[..., Any]=..., threads: int | None=None, budget: str | None=None) -> OptimizationView:
    "Go on with an optimisation that was stopped."
