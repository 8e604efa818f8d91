# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.base import View
from dspy_toolkit.views.resilience import StatusView
from typing import Any

def status() -> View:
    "Show the models, their breakers, and which chaos is on."

ACTIONS: Any

def breaker(name: str | None=None, action: str | None=None) -> View:
    "Show breakers, draw the history of one, or set its state."

def chaos(name: str | None=None, fail: str='0', errors: Any=..., latency: str='0', slow: str='1', truncate: str='0', garbage: str='0', broken: str='0', seed: str | None=None, for_: str='60', stop: bool=False) -> StatusView:
    "Make calls of a model fail, on purpose and for a time: errors, delays, broken streams, nonsense."
