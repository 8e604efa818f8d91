# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import InputError
from pathlib import Path
from typing import Any

def known_models() -> tuple[Any, ...]:
    "Names of models that answer in text, as LiteLLM lists them."

def is_served(name: str, options: dict[Any, Any] | None=None) -> bool:
    "Say whether DSPy or LiteLLM knows who serves a model of that name."

def refusal(name: str, given: Any=...) -> InputError:
    "Say that a name stands for no model, and what is near to it."

def hub_cache() -> Path:
    "The folder of the hub's cache."

def is_model_folder(folder: Any) -> bool:
    "Does a folder hold what mlx-lm reads?"

def on_disk(cache: Path | None=None, folder: Path | None=None) -> list[str]:
    "Models that lie on this machine, as they are named."

def keys_set() -> dict[Any, Any]:
    "Providers whose key is set in the environment. What the key is, nobody reads."
