# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from typing import Any
import contextlib

class Gate:
    "Lets requests in, in the order in which they came; belongs to one event loop."
    def __init__(self, running: int=16, waiting: int=64, clock: Any=...) -> None:
        ...
    @property
    def waiting(self) -> int:
        ...
    def pace(self) -> float:
        "Measure how fast requests ended of late."
    def estimate(self) -> int:
        "Estimate when there will be room again."
    @contextlib.asynccontextmanager
    def enter(self) -> AsyncIterator[Any]:
        "Be inside for as long as the block runs; raises `Problem` where too many wait already."
    most_running: int
    most_waiting: int
    clock: Any
    running: Any
    queue: Any
    ends: Any
