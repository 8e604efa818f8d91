# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def register_notes(name: str, provider: Any) -> None:
    "Have the notes of a provider shown with every view."

def unregister_notes(name: str) -> None:
    "Forget a provider; one that is not there is no error."

def collect_notes() -> list[str]:
    "Ask all providers what is on now."
