# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def nothing() -> None:
    "Do nothing."

def broken() -> None:
    "Fail as a backend does that is down."

def ours(**config: Any) -> Any:
    "Make a breaker with these settings of `BreakerConfig`, on a bus of its own."

def tasks() -> dict[Any, Any]:
    "Give the tasks with breakers of this package."

def peers() -> dict[Any, Any]:
    "Give the same tasks with pybreaker; raises `MissingExtra` when it is not installed."

def measure(functions: dict[Any, Any], rounds: int=300, calls: int=200) -> dict[Any, Any]:
    "Time functions in turns."

def together(call: Any, threads: int=8, calls: int=5, seconds: float=0.01) -> float:
    "Call from several threads at a time."

def storm_engine(seconds: float) -> Any:
    "Make an async engine of DSPy that gives the same answer to every request."

def time_crossing(calls: int=2000) -> float:
    "Time what a fallback adds to a call, on average."

def storm(hedge_after: float | None=None, opens: bool=False, calls: int=2000, threads: int=16) -> tuple[list[Any], int]:
    "Call a fallback whose first leg is disturbed."

def at(took: Any, share: Any) -> Any:
    "The time that a share of sorted times, in [0, 1], does not exceed; in their unit."

def main(argv: Any=None) -> Any:
    "Time breakers and a fallback, and print a table. The exit status says whether acquire + record is under 3 us and under pybreaker's,\na refused call takes less than pybreaker's, and a hedge takes the 99th percentile to a third or less."
