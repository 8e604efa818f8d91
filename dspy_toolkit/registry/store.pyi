# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.registry.base import Registry as Registry
from typing import Any

def registry(url: str | None=None) -> Registry:
    "The registry at a URL: one object for the whole process. Raises `RegistryError` when it cannot be used."

def open_registry() -> Registry | None:
    "The registry of the `registry_url` setting where it is open already; opens nothing."

def close_registries() -> None:
    "Close the registries of the process, and forget them; one in memory stays open, or its data would be lost."
