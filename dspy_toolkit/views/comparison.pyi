# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.live import LiveView
from typing import Any

class ComparisonView(LiveView):
    "Several evaluations on the same rows."
    kind: Any
    unit: Any
    def __init__(self, title: str, names: list[str], total: int, clock: Any=...) -> None:
        ...
    def add(self, column: int, row: Any) -> None:
        "A row of a column is done."
    def finish(self, compared: Any) -> Any:
        "The comparison has ended, or was stopped."
    def list_columns(self) -> list[dict[Any, Any]]:
        "Describe each column in words."
    def numbers(self) -> Any:
        ...
    def numbers_html(self) -> Any:
        "The columns as the lines of a table, side by side."
    def to_json(self) -> Any:
        ...
    names: list[str]
    result: Any
    note: Any
    scores: Any
