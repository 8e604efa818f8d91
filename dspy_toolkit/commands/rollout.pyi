# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Alias
from dspy_toolkit.commands.verb import Duration
from dspy_toolkit.commands.verb import Function
from dspy_toolkit.commands.verb import Message
from dspy_toolkit.commands.verb import Percent
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.commands.verb import RegistryName
from dspy_toolkit.commands.verb import Share
from dspy_toolkit.commands.verb import StepsText
from dspy_toolkit.views.rollout import RolloutView
from typing import Any

def show_rollout(name: str) -> RolloutView:
    "Show how the versions of a name stand; raises `NotRegistered`."

def read_steps(canary: float | None, steps: Any) -> list[float]:
    "Read the shares of a rollout; raises `InputError`."

def deploy(ref: Reference, *, canary: Percent | None=None, steps: StepsText | None=None, shadow: Percent=0, alias: Alias | None=None, metric: Function | None=None, samples: int=..., seconds: Duration=..., margin: Share=..., slower: float=..., force: bool=False, message: Message='') -> RolloutView:
    "Serve a version, to more and more requests while it is no worse."

def rollback(name: RegistryName, *, end: bool=False, message: Message='') -> RolloutView:
    "Take a canary back at once; where there is none, go back to the version that was stable before."
