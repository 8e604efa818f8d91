# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class StepCost:
    "The cost of a forward pass; chooses how many tokens a step feeds."
    def __init__(self, fixed: float=1.0, per_position: float=0.0) -> None:
        ...
    def compute_rate(self, waiting: list[int], n: int) -> float:
        "Useful tokens a second, when every row is fed `n` positions."
    def choose_tokens(self, waiting: list[int], limit: int=...) -> int:
        "Tokens for each row; a row with fewer waiting tokens gets those."
    fixed: float
    per_position: float

def measure_step_cost(batch: Any, n: int=16) -> StepCost:
    "Time a small and a larger pass."
