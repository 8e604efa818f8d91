# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Progress:
    "How far some work is."
    done: float = ...
    total: float | None = ...
    value: object = ...

LOOK: float

GRACE: float

class Watch:
    "Work on a thread of its own, to be watched and stopped."
    def __init__(self, work: Any, name: str='dspy_toolkit work', grace: float=..., clock: Any=..., wait: Any=None) -> None:
        ...
    def start(self) -> Any:
        "Start the work; returns the watch."
    def report(self, done: float | None=None, total: float | None=None, value: Any=None) -> None:
        "Replace the progress; what is not given stays as it was."
    def advance(self, by: float=1, value: Any=None) -> None:
        "Add to what is done."
    def done(self, wait: float=0.0) -> bool:
        "Wait at most so many seconds for the end of the thread, and say whether none is running."
    def over(self, wait: float=0.0) -> bool:
        "Wait at most so many seconds for the outcome, and say whether it is known; work that was stopped has `grace` seconds to end."
    def escalate(self) -> None:
        "Called once, when stopped work has not ended after a quarter of its grace; a subclass may do more here than cancel the scope."
    def result(self) -> Any:
        "Wait for the outcome: give what the work returned; raises what it raised, or `Cancelled` where it was given up."
    def cancel(self) -> None:
        "Stop the work; does not wait for its end."
    def stop(self) -> bool:
        "Stop the work, and wait until it has ended; at most `grace` seconds."
    def follow(self, draw: Any, every: float) -> None:
        "Draw at a steady rate until the work is over; whatever interrupts this stops the work."
    def run(self, draw: Any, every: float) -> Any:
        "Start the work, follow it to its end, and give its result; raises what the work raises."
    work: Any
    grace: float
    clock: Any
    scope: Any
    progress: Any
    thread: Any
