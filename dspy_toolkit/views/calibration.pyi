# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.live import LiveView
from typing import Any

class CalibrationView(LiveView):
    "A calibration while its rows run, and what came of it."
    kind: Any
    unit: Any
    columns: Any
    def __init__(self, title: str, total: int | None=None, clock: Any=...) -> None:
        ...
    def step(self) -> None:
        "A row is done."
    def finish(self, calibrated: Any) -> Any:
        "The calibration has ended."
    def numbers(self) -> Any:
        ...
    def to_json(self) -> Any:
        ...
    result: Any
