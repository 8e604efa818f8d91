# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def register_notes(name: str, provider: Any) -> None:
    "Show the notes of a provider with every view."

def unregister_notes(name: str) -> None:
    "Remove a provider; an unknown name is no error."

def collect_notes() -> list[str]:
    "Give the notes of all providers."
