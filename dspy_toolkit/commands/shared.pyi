# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

MOST: int

OVERLAP: float

class SharedCalls(Monitor):
    "Counts the calls that the history has, of all processes; used by one thread."
    def __init__(self, seconds: float=600.0, clock: Any=...) -> None:
        ...
    def read(self) -> Any:
        "Count what was written since the last time; raises `HistoryError`."
