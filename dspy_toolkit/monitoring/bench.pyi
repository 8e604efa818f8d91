# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class _Instant:
    "An engine that answers at once."
    def complete(self, request: Any) -> Any:
        ...

def time_predict(calls: int, callbacks: Any=None) -> float:
    "Time calls of a `Predict` whose model answers at once."

def measure_cost(folder: str, calls: int=50, rounds: int=60) -> dict[str, list[float]]:
    "Time a `Predict` bare, with a callback that does nothing, and watched by a monitor with a history; the turns alternate."

def subtract_idle_cost(found: dict[str, list[float]]) -> float:
    "Give the median, over the rounds, of what watching costs more than a callback that does nothing."

def flood(seconds: float, rate: int=20000) -> dict[Any, Any]:
    "Publish the events of calls at a steady rate."

def main(seconds: float=60.0) -> None:
    "Print what is measured."
