# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.series import Series
from typing import Any

class Calls:
    "Publishes calls at a steady rate, on a thread of its own."
    def __init__(self, rate: float=10.0) -> None:
        ...
    def publish(self, at: float) -> None:
        "Publish a call that ends at a moment, in seconds since the epoch."
    def start(self) -> None:
        "Publish from now on."
    def stop(self) -> None:
        "Publish no more."
    rate: float
    count: Any

def fill_day(series: Series, end: float, rate: float=10.0, hours: float=24.0, slow: dict[Any, Any] | None=None) -> int:
    "Count the calls of a day that has passed."

THREADS: Any

def read_times() -> dict[str, float]:
    "Read the time that the threads of this process have used that work for a page; only where the system has a clock for each thread."

class Watch:
    "What a stretch of time cost."
    def __init__(self) -> None:
        ...
    def share(self) -> dict[str, float]:
        "Say what it cost since the beginning."

CASES: Any

class Kernel:
    "A kernel, and a client that takes its messages as a page does."
    def __init__(self) -> None:
        ...
    def run(self, code: str) -> str:
        "Run code and give what it printed; raises `RuntimeError` for what it raises."
    def say(self, what: str, comm: str) -> None:
        "Say what a page says: begin or here."
    def close(self) -> None:
        "End it."
    manager: Any
    client: Any
    messages: Any
    nbytes: Any

def measure(seconds: float=60.0, rate: float=10.0) -> dict[str, dict[Any, Any]]:
    "Measure what an open page costs the kernel."

def main(seconds: float=60.0, rate: float=10.0) -> None:
    "Print what is measured."
