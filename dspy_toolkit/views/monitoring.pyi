# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.monitoring.monitor import Monitor
from dspy_toolkit.monitoring.monitor import Snapshot
from dspy_toolkit.views.base import Markup
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class DashboardView(View):
    "How calls, breakers and engines stand, and the charts of the last minutes."
    snapshot: Snapshot
    points: list[dict[Any, Any]] = field(default_factory=...)
    seconds: float = ...
    calls: list[dict[Any, Any]] = field(default_factory=...)
    events: list[dict[Any, Any]] = field(default_factory=...)
    alerts: list[dict[Any, Any]] = field(default_factory=...)
    children: list[dict[Any, Any]] = field(default_factory=...)
    recovery: list[dict[Any, Any]] = field(default_factory=...)
    elsewhere: list[dict[Any, Any]] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def tiles(self) -> list[tuple[str, str, str]]:
        "The figures of the last minute."
    def bins(self) -> list[list[dict[Any, Any]]]:
        "The points, put together to as many bins as a small picture has room for."
    def pictures(self) -> list[Markup]:
        "The charts: requests, latency, time to first token, tokens."
    def html(self) -> Any:
        ...
    def lists(self) -> dict[str, list[tuple[Any, ...]]]:
        "What is not a figure and not a chart, in words, for a card and for a terminal."
    def breaker_lines(self) -> list[tuple[str, str, str]]:
        "The breakers in words."
    def __rich__(self) -> Any:
        ...

def view_of(watched: Monitor, seconds: float=600.0, elsewhere: Any=...) -> DashboardView:
    "Take the view of a monitor, as far as it has counted."

def sparkline(values: list[Any]) -> str:
    "Draw numbers with eight signs."

def watch_in_terminal(watched: Monitor, seconds: float=600.0, rate: float=4.0, until: Any=None) -> None:
    "Draw the view anew in a terminal, until Ctrl+C."
