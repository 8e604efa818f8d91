# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.why import WhyView
from typing import Any

CallName: Any

def why(call: Any='1') -> WhyView:
    'Show where the time of a call went, and what would help most.\n\nRaises `InputError` for a call that is not known.'
