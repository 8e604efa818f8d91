# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Duration
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.views.monitoring import DashboardView
from typing import Any
from typing import Callable

def dashboard(*, last: Duration=600, watch: bool=False, redraw: Given[Callable[..., Any] | None]=None) -> DashboardView:
    "Show requests, latency, tokens, breakers and calls as they are now."

def check_last(last: float) -> float:
    "Check how far back the charts go; raises `InputError`."
