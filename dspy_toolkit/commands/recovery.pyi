# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.recovery import RecoveryView
from typing import Any

def supervise(*, off: bool=False) -> RecoveryView:
    "Have models that die or hang restarted; show what was done."
