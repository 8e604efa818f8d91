# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
import contextlib

class _Instant:
    "An engine that answers at once."
    def complete(self, request: Any) -> Any:
        ...

@dataclass(frozen=True)
class Turn:
    "What some calls of a `Predict` took; microseconds a call."
    caller: float
    clock: float
    all: float

def time_predict(calls: int, callbacks: Any=None, settle: Any=None) -> Turn:
    "Time calls of a `Predict` whose model answers at once."

BARE: Any
IDLE: Any
WATCHED: Any

def measure_cost(folder: str, calls: int=20, rounds: int=150) -> dict[str, list[Turn]]:
    "Time a `Predict` bare, with a callback that does nothing, and watched by a monitor with a history; the turns alternate."

def subtract_idle_cost(found: dict[str, list[Turn]], figure: str='caller') -> tuple[float, float, float]:
    "Give what watching costs more than a callback that does nothing, over the rounds."

def flood(seconds: float, rate: int=20000) -> dict[Any, Any]:
    "Publish the events of calls at a steady rate."

def print_cost(calls: int, rounds: int) -> None:
    "Measure the cost to a caller, and print it with the load of the machine before and after."

@contextlib.contextmanager
def stay_on_one_core() -> Iterator[Any]:
    "Keep this process on one core inside the block; False where the system does not let it choose."

def time_beside_a_thread(calls: int, rounds: int) -> float:
    "Measure what a thread that counts for 1 ms in every 10 adds to a `Predict` that nobody watches."

def main(seconds: float=60.0) -> None:
    "Print what is measured."
