# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def logger(part: str) -> Any:
    "The logger of a part of this package."

class Limited:
    "Lets a sentence through once in a while, and counts those it keeps back."
    def __init__(self, every: float=10.0, clock: Any=..., most: int=1000) -> None:
        ...
    def __call__(self, about: Any) -> int | None:
        "Ask whether to say something now."
    def clear(self) -> None:
        "Forget what was said."
    every: float
    clock: Any
    most: int
