# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Data
from dspy_toolkit.commands.verb import FreeWord
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Kind
from dspy_toolkit.commands.verb import Message
from dspy_toolkit.commands.verb import Seed
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.commands.verb import Variable
from dspy_toolkit.views.data import DatasetView
from dspy_toolkit.views.data import SplitView
from typing import Annotated
from typing import Any

def examples(name: Variable, body: Given[str]='', namespace: Given[dict[Any, Any] | None]=None, *, from_: Data | None=None, for_: Target | None=None, message: Message='') -> DatasetView:
    'Make a dataset of examples, and keep it as a version.\n\nRaises `InputError` where there are no examples, or two sources of them.'

def keep_dataset(data: Any, namespace: dict[Any, Any], message: str='') -> DatasetView:
    "Put a dataset into a variable and keep it as a version; where the registry cannot be used, say so."

def split(name: Data, shares: list[FreeWord], namespace: Given[dict[Any, Any] | None]=None, *, seed: Seed=0, by: Any=None) -> SplitView:
    "Split a dataset into parts that share no row."
