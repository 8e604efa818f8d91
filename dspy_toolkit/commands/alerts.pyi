# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.alerts import AlertsView
from typing import Any

def alerts() -> AlertsView:
    "Show the rules that watch the models, and which are out of bounds."
