# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import Markup
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class BreakersView(View):
    "Breakers, one a line."
    snapshots: list[Any]
    configs: dict[Any, Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def body(self) -> Markup:
        "The lines without a frame."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

@dataclass
class LifeView(View):
    "What happened to a breaker, along time."
    name: str
    life: object
    def __post_init__(self) -> None:
        ...
    @property
    def bands(self) -> list[Any]:
        "(state, from, to) in seconds since the beginning."
    @property
    def transitions(self) -> list[Any]:
        "(seconds since the beginning, where it went, why)."
    def rate(self, which: str) -> list[Any]:
        "(seconds since the beginning, rate or None), where it changes; `which` is failure_rate or slow_call_rate."
    def counts(self) -> dict[Any, Any]:
        "How often each kind of thing happened."
    def words(self) -> str:
        "Describe the picture in one or two sentences."
    def to_json(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
    def figure(self, title: bool=True) -> Any:
        "Draw it."
    def html(self) -> Any:
        ...

@dataclass
class ModelRow:
    "A model by name."
    alias: str
    model: str
    legs: tuple[Any, ...] = ...
    note: str = ...

@dataclass
class StatusView(View):
    "Models, breakers and disturbances."
    models: list[Any] = field(default_factory=...)
    breakers: BreakersView = field(default_factory=...)
    chaos: dict[Any, Any] = field(default_factory=...)
    rollouts: list[Any] = field(default_factory=...)
    tells_chaos: bool
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...

def tell_canary(rollout: Any) -> str:
    "Say what is on trial."
