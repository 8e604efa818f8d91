# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

@dataclass(frozen=True)
class Curve:
    "One series of a chart."
    label: str
    value: object
    colour: int
    line: str = ...
    hatch: str = ...

@dataclass(frozen=True)
class Chart:
    "One chart: what it is of, and its series."
    title: str
    unit: str
    curves: tuple[Any, ...]
    stacked: bool = ...

CHARTS: Any

def make_shown_figure() -> type[Any]:
    "The class of a matplotlib Figure that a notebook shows also where pyplot was never imported."

def figure(watched: Monitor | None=None, kind: str='overview', seconds: float=600.0, dark: bool=False) -> Any:
    "Draw what the dashboard draws; raises `InputError` for a chart that there is not."
