# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.recovery import RecoveryView
from typing import Any

def supervise(*, off: bool=False) -> RecoveryView:
    "Have the models of this session watched and restarted when they die or hang; show their states and what was done."
