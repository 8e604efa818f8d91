# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def find_loaded(name: str) -> Any:
    "Give a module that is loaded whole."
