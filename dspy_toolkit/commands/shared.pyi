# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.monitor import Monitor
from dspy_toolkit.monitoring.monitor import Snapshot
from typing import Any

MOST: int

OVERLAP: float

DAY: float

class SharedCalls(Monitor):
    "Counts the calls that the history has, of all processes; used by one thread."
    def __init__(self, seconds: float=600.0, clock: Any=...) -> None:
        ...
    def read(self) -> Any:
        "Count what was written since the last time; raises `HistoryError`."
    def list_breakers(self) -> list[dict[Any, Any]]:
        "List the breakers of all processes that run, as they last changed; one that is closed again is listed for a while."
    def snapshot(self, window: float=60.0, flush: bool=True) -> Snapshot:
        "How things stand; what runs now, and breakers that never changed, only their own processes know."
    seconds: float
