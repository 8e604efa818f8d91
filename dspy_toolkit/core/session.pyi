# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from typing import Any

def own(name: str, reset: Callable[..., Any]) -> None:
    "Register something that is on for the whole process; registered again, under the same name, the later `reset` counts."

def list_owned() -> list[str]:
    "List what is registered, the earliest first."

def reset() -> None:
    "Put back everything that is registered, the latest first. The error of one hinders no other; it is raised at the end."
