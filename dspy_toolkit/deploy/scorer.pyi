# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def check_live_metric(text: str) -> None:
    "Raise `InputError` for a metric that no server could use."

def find_live_metric(text: str, signature: Any=None, code: dict[Any, Any] | None=None) -> Any:
    "Find a metric that needs no labels; raises `InputError`."

class Scorer:
    "Scores answers, a few at a time; safe to use from many threads."
    def __init__(self, most: int=2) -> None:
        ...
    def offer(self, metric: Any, service: Any, inputs: dict[Any, Any], prediction: Any, pick: Any, is_canary: bool, tell: Any) -> bool:
        "Score an answer, if there is room and the answer is wanted."
    most: int
