# Made by `make export` from the modules: edit the notebooks.
from typing import Any

MOST_VALUES: Any
MOST_OUTPUTS: Any

def is_taught(signature: Any) -> bool:
    "Guess by its form whether a signature is like those that `mlx/tiny` was trained on."

GENERAL: Any

def suggest_model(memory: int | None=None, device: str='') -> str:
    "Name a general model that fits a computer."

def describe_limit(model: str, signature: Any, has_demos: bool=False) -> str:
    "Say that a model was not taught a task."

USES: Any

def describe_use(model: str) -> str:
    "Say what a model is good for."
