# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class CallCount:
    "What an optimiser is likely to do."
    bootstrap: int = ...
    evaluation: int = ...
    proposals: int = ...
    most: int = ...
    demos: float = ...
    @property
    def runs(self) -> int:
        "Runs of the program, likely."

@dataclass(frozen=True)
class _Plan:
    "What a formula needs to know."
    rows: int
    scored: int
    has_valset: bool
    predictors: int
    success: float
    options: dict[Any, Any]
    def __getattr__(self, name: Any) -> Any:
        ...
    def count_attempts(self, demos: float, rows: int | None=None) -> float:
        "Runs until so many answers were accepted."

def count_calls(optimizer: str, options: dict[Any, Any] | None, rows: int, scored: int | None=None, predictors: int=1, success: float=0.5) -> CallCount:
    "Count what an optimiser is likely to do; raises `InputError` for one that is not known."
