# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.views.base import Markup
from typing import Any

def round_ticks(low: float, high: float, most: int=4) -> list[float]:
    "Find round numbers from `low` to `high`."

def chart_points(chart: dict[Any, Any]) -> list[Any]:
    "List all points of a chart, and the two ends of its band at each place."

def frame_of(chart: dict[Any, Any]) -> tuple[Any, ...]:
    "Find what the axes show: all points, or the `range` that the chart gives for y."

COLOURS: Any

DASHES: Any

HEIGHT: int

def curves_html(chart: dict[Any, Any]) -> Markup | None:
    "Draw a chart as html."

def number_text(value: float | None) -> str:
    "Write a number in three digits, and whole numbers in full."

def chart_words(chart: dict[Any, Any]) -> str:
    "Describe a chart in a sentence, for those who do not see it."

BARS: str

def sparkline(points: list[Any], low: float, high: float, width: int=48) -> str:
    "Draw points as a line of bars."

def curves_text(chart: dict[Any, Any]) -> list[Any]:
    "Draw the lines of a chart for a terminal."
