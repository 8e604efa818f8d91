# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def logger(part: str) -> Any:
    "Give the logger of a part of this package."

class Limited:
    "Limits how often a message is logged, and counts those left out."
    def __init__(self, every: float=10.0, clock: Any=..., most: int=1000) -> None:
        ...
    def __call__(self, about: Any) -> int | None:
        "Say whether to log a message now."
    def clear(self) -> None:
        "Forget all keys."
    every: float
    clock: Any
    most: int
