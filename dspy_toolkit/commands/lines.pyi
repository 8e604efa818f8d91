# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.lines import LinesView
from typing import Any

def run_rows(target: Any, name: str, source: Any, namespace: dict[Any, Any], *, write: Any=None, jobs: int=8, resume: str | None=None, lm: str | None=None, module: str | None=None) -> LinesView:
    "Ask for each row, and hand the answers out in order."
