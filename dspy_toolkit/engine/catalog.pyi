# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import InputError
from pathlib import Path
from typing import Any

def list_known_models() -> tuple[Any, ...]:
    "List the names of the models that answer in text, as LiteLLM knows them."

def is_served(name: str, options: dict[Any, Any] | None=None) -> bool:
    "Check whether DSPy or LiteLLM knows a provider for a model of this name."

def refusal(name: str, given: Any=...) -> InputError:
    "Make the error for a name that no provider serves; its hint suggests close names."

def hub_cache() -> Path:
    "Find the folder of the hub's cache."

def is_model_folder(folder: Any) -> bool:
    "Check whether a folder holds the files that mlx-lm needs."

def on_disk(cache: Path | None=None, folder: Path | None=None) -> list[str]:
    "List the models on this machine by the names that `lm` takes."

def keys_set() -> dict[Any, Any]:
    "List the providers whose key is set in the environment; the key itself is never shown."

def find_missing_key(lm: Any) -> str:
    "Name the variable that should hold the key of a model's provider and is not set. A key or an address of the user's own is enough."
