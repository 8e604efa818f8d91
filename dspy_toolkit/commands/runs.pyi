# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import BudgetText
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import RunName
from dspy_toolkit.views.live import LiveView
from dspy_toolkit.views.runs import RunsView
from typing import Any
from typing import Callable
from typing import Literal

MOST: int

def runs(*, kind: Literal['evaluate', 'optimize', 'finetune'] | None=None, last: int=...) -> RunsView:
    "List the long runs that are kept."

GO_ON: Any

def resume(run: RunName, namespace: Given[dict[Any, Any] | None]=None, follow: Given[Callable[..., Any]]=..., *, threads: int | None=None, budget: BudgetText | None=None) -> LiveView:
    'Go on with a run that was stopped.\n\nRaises `InputError` for a run that cannot go on.'
