# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import BreakerName
from dspy_toolkit.commands.verb import Duration
from dspy_toolkit.commands.verb import Kind
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import RegistryName
from dspy_toolkit.commands.verb import Seconds
from dspy_toolkit.commands.verb import Seed
from dspy_toolkit.commands.verb import Share
from dspy_toolkit.views.base import View
from dspy_toolkit.views.resilience import StatusView
from typing import Annotated
from typing import Any

def status(name: RegistryName | None=None) -> View:
    "Show models, breakers, chaos and what is deployed, or how a rollout stands."

Action: Any

ACTIONS: Any

def breaker(name: BreakerName | None=None, action: Any=None) -> View:
    'Show breakers, draw the history of one, or set its state.\n\nRaises `InputError` for a breaker or an action that is not there.'

Fault: Any

def chaos(name: ModelName | None=None, *, fail: Share=0, errors: Any=..., latency: Seconds=0, slow: Share=1, truncate: Share=0, garbage: Share=0, broken: Share=0, seed: Seed | None=None, for_: Duration=60, stop: bool=False) -> StatusView:
    'Make calls of a model fail on purpose, for a time: errors, delays, broken streams, noise.\n\nRaises `InputError` for a model that is not there, and for one that DSPy itself calls.'
