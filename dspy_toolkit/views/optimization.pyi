# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.live import LiveView
from typing import Any

class OptimizationView(LiveView):
    "An optimisation: candidates, the best so far, and what is new in its prompt."
    kind: Any
    unit: Any
    columns: Any
    by: str
    def __init__(self, title: str, total: int | None=None, budget: Any=None, clock: Any=...) -> None:
        ...
    def add(self, candidate: Any) -> None:
        "A candidate was scored."
    def begin(self, start: Any, score: float | None=None) -> None:
        "Say what the optimisation starts from."
    def take_best(self, candidate: Any) -> None:
        "Keep a candidate as the best, and compare its prompt with the start."
    def diff(self) -> Any:
        ...
    def spend(self, calls: int | None=None, tokens: int | None=None, money: float | None=None) -> None:
        "Say what was spent so far; what is not given stays as it was."
    def write_spent(self) -> str:
        "Write what was spent, and of how much."
    def numbers(self) -> Any:
        ...
    def chart(self) -> Any:
        ...
    def finish(self, optimized: Any) -> Any:
        "The optimisation has ended, or was stopped; its best candidate is that of the view."
    def to_json(self) -> Any:
        ...
    candidates: Any
    start: Any
    best: Any
    budget: Any
    start_score: Any
    spent: Any
    version: Any
    result: Any

def instructions_text(instructions: Any) -> str:
    "Write the instructions of all predictors as one text."

def count_demos(demos: Any) -> int:
    "Count the examples in a prompt."

class TrainingView(LiveView):
    "A training: its loss, and its loss on what is held out."
    kind: Any
    unit: Any
    def __init__(self, title: str, total: int | None=None, clock: Any=...) -> None:
        ...
    def add(self, step: int, loss: float | None=None, held_out_loss: float | None=None) -> None:
        "A step was done; either loss may be missing."
    def numbers(self) -> Any:
        ...
    def chart(self) -> Any:
        ...
    def finish(self, trained: Any=None) -> Any:
        "The training has ended, or was stopped."
    def to_json(self) -> Any:
        ...
    loss: Any
    held_out: Any
    best: Any
    result: Any
