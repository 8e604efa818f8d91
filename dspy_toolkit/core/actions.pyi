# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def register_actions(name: str, owner: Any, actions: dict[str, str]) -> None:
    "Have something offered that can be done to an object."

def unregister_actions(name: str, owner: Any=None) -> None:
    "Remove the actions of an object, or all of a name; what is unknown is no error."

def list_actions() -> dict[str, list[str]]:
    "List what can be done, and to what."

def run_action(name: str, action: str) -> Any:
    "Do it, here and now; raises `InputError` for what nobody offers, or what the method raises."
