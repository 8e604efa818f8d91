# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Count
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Key
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Url
from dspy_toolkit.commands.verb import Wait
from dspy_toolkit.views.about import ModelView
from dspy_toolkit.views.about import SpeedView
from dspy_toolkit.views.models import ModelsView
from typing import Any
from typing import Literal

def lm(name: ModelName | None=None, model: ModelName | None=None, *, fallback: list[ModelName]=..., strategy: Literal['sequential', 'hedged', 'weighted', 'adaptive'] | None=None, hedge_after: Wait | None=None, temperature: float | None=None, max_tokens: int | None=None, api_base: Url | None=None, api_key: Key | None=None, num_retries: Count | None=None, cache: Literal['true', 'false'] | None=None, keep: bool=False, keeps: Given[bool]=False, **options: Any) -> ModelsView | SpeedView:
    "Show the models, choose the default one, name one or several; lm bench measures one."

def model(name: ModelName) -> ModelView:
    'Show what a model on this machine is: size, context, what it can.\n\nRaises `InputError` for a model that does not run here, and `ModelNotAvailable` for one that is not on this machine.'

def pull(name: ModelName) -> ModelView:
    'Download a model, or go on where a download stopped; show what it is.\n\nRaises `InputError` for a model that does not run here, and `ModelNotAvailable` where it cannot be downloaded.'

def bench(name: ModelName | None=None, *, batch: int=8, tokens: int=32) -> SpeedView:
    "Measure how fast a model answers: the first token, one answer, and several at once."
