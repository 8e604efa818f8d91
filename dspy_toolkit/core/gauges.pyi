# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def register_gauges(name: str, owner: Any, method: str='gauges') -> None:
    "Have the numbers of an object collected."

def unregister_gauges(name: str, owner: Any=None) -> None:
    "Remove the gauges of an object, or all of a name; what is unknown is no error."

def collect_gauges() -> dict[str, dict[Any, Any]]:
    "Ask everything that is registered; one that fails gives its `error` in place of numbers."
