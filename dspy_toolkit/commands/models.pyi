# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.models import ModelsView
from typing import Any

def lm(name: str | None=None, model: str | None=None, fallback: Any=..., strategy: str | None=None, hedge_after: str | None=None, **options: Any) -> ModelsView:
    "Show the models there are, choose the default one, or give one, or several as one, a name."
