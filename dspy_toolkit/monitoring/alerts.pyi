# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core import events
from dspy_toolkit.core.events import Event
from dspy_toolkit.monitoring.monitor import Monitor
from typing import Any

class Moment:
    "What rules ask a monitor at one moment; a window is added up once, for all rules."
    def __init__(self, watcher: Monitor) -> None:
        ...
    def tally(self, window: Any, model: Any='') -> Any:
        "What was counted in the last seconds."
    @property
    def oldest(self) -> float:
        ...
    @property
    def open_breakers(self) -> int:
        ...
    @property
    def dropped(self) -> int:
        ...
    watcher: Monitor
    at: Any

MEASURES: Any

NOW: Any

@dataclass(frozen=True)
class Threshold:
    "A number that is above or below a bound for a while."
    name: str
    measure: str
    above: float | None = ...
    below: float | None = ...
    lasting: float = ...
    window: float = ...
    minimum_calls: int = ...
    model: str = ...
    hint: str = ...
    def __post_init__(self) -> None:
        ...
    def judge(self, now: Any) -> Any:
        ...

@dataclass(frozen=True)
class Change:
    "A number that is many times what it was in the hour before."
    name: str
    measure: str
    factor: float = ...
    lasting: float = ...
    window: float = ...
    minimum_calls: int = ...
    at_least: float = ...
    model: str = ...
    hint: str = ...
    def __post_init__(self) -> None:
        ...
    def judge(self, now: Any) -> Any:
        ...

@dataclass(frozen=True)
class Burn:
    "An error budget that is used up too fast: in a long window, and in a short one still."
    name: str
    target: float = ...
    factor: float = ...
    windows: tuple[float, float] = ...
    minimum_calls: int = ...
    lasting: float = ...
    measure: str = ...
    model: str = ...
    hint: str = ...
    def __post_init__(self) -> None:
        ...
    def judge(self, now: Any) -> Any:
        ...

RULES: Any

@dataclass(frozen=True, slots=True)
class AlertFired(Event):
    "A rule is out of bounds."
    name: str
    number: float
    unit: str
    message: str
    hint: str = ...

@dataclass(frozen=True, slots=True)
class AlertResolved(Event):
    "A rule is in bounds again."
    name: str
    seconds: float

@dataclass
class _State:
    since: float | None = ...
    fine_since: float | None = ...
    fired: float | None = ...
    number: float | None = ...

CALM: float

class Alerts:
    "Judges the rules every few seconds."
    def __init__(self, watcher: Monitor, rules: Any=..., every: float=5.0, bus: events.Bus=..., notify: Any=None) -> None:
        ...
    def tick(self) -> None:
        "Judge every rule now."
    def firing(self) -> list[str]:
        "What is wrong now, one line for each alert."
    def status(self) -> list[dict[Any, Any]]:
        "Each rule, its number, and whether it is out of bounds, as plain data."
    def start(self) -> None:
        "Look from now on, on a thread; a second time does nothing."
    def close(self) -> None:
        "Stop looking."
    watcher: Monitor
    rules: Any
    every: float
    bus: events.Bus
    notify: Any
    log: Any

def describe(rule: Any, number: float | None, now: Moment | None=None) -> str:
    "A rule and its number in words."

def watch_alerts(rules: Any=None, webhook: str | None=None) -> Alerts:
    "Give the alerts of this process; with other rules than before, they begin anew."

def list_firing() -> list[dict[Any, Any]]:
    "List the rules of this process that are out of bounds now, as `Alerts.status` gives them; none where nobody looks."

def stop_alerts() -> None:
    "Stop the alerts of this process, if there are any."

class Webhook:
    "Sends alerts to a URL."
    def __init__(self, url: str, timeout: float=5.0) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def __call__(self, event: Any) -> None:
        ...
    timeout: float
    sent: Any
    failed: Any
