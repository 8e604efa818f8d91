# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from typing import Any

def own(name: str, reset: Callable[..., Any]) -> None:
    "Register state of the whole process; under a name that is known already, the later `reset` counts."

def list_owned() -> list[str]:
    "List the registered names, the earliest first."

def reset() -> None:
    "Reset everything registered, the latest first. After an error the others are still reset; the first error is raised at the end."
