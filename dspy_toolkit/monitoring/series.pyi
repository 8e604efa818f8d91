# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.tally import Tally
from typing import Any

TIERS: Any

MODELS: int

OTHER: Any
ALL: Any

class _Tier:
    "Tallies of equal length, the oldest first."
    def __init__(self, step: Any, whole: Any, kept: Any) -> None:
        ...
    def slot(self, number: Any) -> Any:
        "The tallies by model of a slot; an earlier one belongs to the latest."
    step: Any
    whole: Any
    kept: Any
    slots: Any
    newest: Any

class Series:
    "Calls over time, by model. Used under one lock or by one thread."
    def __init__(self, clock: Any=...) -> None:
        ...
    def name(self, model: str) -> str:
        "The name under which a model is counted."
    def settle(self) -> None:
        "Bring the coarser tiers up to the last full second."
    def add(self, call: Call) -> None:
        "Count a call that has ended, at the moment of its end."
    def amend(self, call: Call) -> None:
        "Count what turned out later: an answer that cannot be read."
    def add_all(self, calls: list[Call]) -> None:
        "Count many calls: each of them once, for its second and its model; what is counted is then added to the other tallies."
    def window(self, seconds: float=60.0, model: str=...) -> Tally:
        "What happened in the last seconds; raises `InputError` for more than an hour."
    def models(self) -> list[str]:
        "The models that were called, in the order of their first call."
    def points(self, seconds: float=600.0, model: str=..., after: float=0.0) -> list[dict[Any, Any]]:
        "What a chart draws, the oldest first; the last point may still grow."
    clock: Any
    totals: Any
