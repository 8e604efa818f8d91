# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.views.cost import EstimateView
from typing import Any
from typing import Literal

WithOptimizer: Any

def cost(name: Target, namespace: Given[dict[Any, Any] | None]=None, *, on: Data | None=None, with_: Any=None, lm: ModelName | None=None, threads: int=8, module: Literal['Predict', 'ChainOfThought'] | None=None) -> EstimateView:
    'Estimate what a run costs, without running it.\n\nRaises `InputError` where there are no examples.'
