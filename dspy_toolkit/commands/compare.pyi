# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Alias
from dspy_toolkit.commands.verb import BudgetText
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import Function
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Message
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.commands.verb import Share
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.views.comparison import ComparisonView
from typing import Any
from typing import Callable

Layout: Any

def show_comparison(planned: list[Any], follow: Callable[..., Any], **options: Any) -> ComparisonView:
    "Run a comparison, and fill its view."

def compare(names: list[Target], namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, on: Data | None=None, metric: Function='exact_match', lm: list[ModelName]=..., layout: Any=..., threads: int=8, budget: BudgetText | None=None, fresh: bool=False, yes: bool=False) -> ComparisonView:
    'Compare versions, models or layouts on the same examples.\n\nRaises `InputError` where there are no examples.'

def promote(ref: Reference, alias: Alias, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, on: Data | None=None, metric: Function='exact_match', margin: Share=..., lm: ModelName | None=None, threads: int=8, budget: BudgetText | None=None, force: bool=False, message: Message='', yes: bool=False) -> ComparisonView:
    'Point an alias at a version, unless it is worse than the old one.\n\nRaises `InputError` where there are no examples, and `Regression` for a version that is or may be worse.'
