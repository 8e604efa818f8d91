# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class ModelSpeed:
    "How fast a model answered."
    model: str
    input_tokens: int
    first_token: float | None
    reading: float | None
    writing: float
    one_by_one: float
    batch: int
    batch_writing: float
    seconds: float
    @property
    def gain(self) -> float:
        "How many times more is written when several ask at once than when they ask one after the other."
    def to_json(self) -> dict[Any, Any]:
        "Give it as JSON data."

ALONE: int

def measure_model(lm: Any, batch: int=8, tokens: int=32) -> ModelSpeed:
    "Ask a model a few times; raises what a call raises."
