# Made by `make export` from the modules: edit the notebooks.
from collections import Counter
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core import events
from dspy_toolkit.core.events import Event
from typing import Any
import random
import threading

@dataclass(frozen=True)
class Chaos:
    'What goes wrong, and how often. A call has one fault at most, and may also be late.\n\nRaises `SettingsError` for a share that is none, and for shares that are more than all calls together.'
    fail: float = ...
    errors: tuple[Any, ...] = ...
    latency: float = ...
    slow: float = ...
    truncate: float = ...
    garbage: float = ...
    broken: float = ...
    seed: int | None = ...
    def __post_init__(self) -> None:
        ...
    def brief(self) -> str:
        "Say in a few words what goes wrong."

@dataclass(frozen=True, slots=True)
class ChaosStarted(Event):
    "Chaos started: calls go wrong on purpose."
    name: str
    brief: str
    seconds: float

@dataclass(frozen=True, slots=True)
class ChaosInjected(Event):
    "A call was made to go wrong."
    name: str
    kind: str

@dataclass(frozen=True, slots=True)
class ChaosEnded(Event):
    "Chaos ended."
    name: str
    reason: str
    injected: int

@dataclass(frozen=True)
class Active:
    "Chaos at one moment."
    chaos: Chaos
    left: float
    injected: dict[Any, Any]
    def brief(self) -> str:
        "Say in a few words what goes wrong, and for how long."

@dataclass(eq=False)
class _Running:
    name: str
    chaos: Chaos
    until: float
    random: random.Random
    injected: Counter = field(default_factory=...)
    lock: threading.Lock = field(default_factory=...)
    over: threading.Event = field(default_factory=...)
    alarm: object = ...
    def __post_init__(self) -> None:
        ...

class ChaosBoard:
    "Starts and ends chaos by name. Safe to share between threads."
    def __init__(self, clock: Any=..., sleep: Any=None, bus: events.Bus=...) -> None:
        ...
    def start(self, name: str, chaos: Chaos, seconds: float) -> Active:
        "Make calls go wrong for a while; earlier chaos under that name ends."
    def stop(self, name: str | None=None) -> None:
        "End chaos early; does nothing where there is none."
    def active(self) -> dict[str, Active]:
        "What goes wrong now, by name."
    def draw(self, name: str) -> Any:
        "Draw the fault of a call; while no chaos is on, this costs one dict lookup."

class _Fault:
    def __init__(self, board: Any, running: Any) -> None:
        ...
    def happens(self, kind: Any) -> Any:
        "Count a fault and publish it, if chaos is still on."
    def strike(self) -> None:
        "Raise an error, if that is the fault."
    def wait(self) -> None:
        ...
    async def wait_async(self) -> None:
        ...
    def spoil(self, response: Any) -> Any:
        "Spoil an answer, if that is the fault. The model's thinking is kept; tool calls and probabilities are not."
    def tick(self, event: str) -> None:
        "Break off, if that is the fault: after some deltas, and before the end in any case."
    board: Any
    running: Any
    kind: Any
    late: Any
    deltas: Any
    place: Any

def find_chaos(message: str) -> str | None:
    "Find out whether chaos made an error, by its message."

class ChaosWrapper:
    "What an engine and an async engine with chaos have in common: the engine inside, and the name."
    def __init__(self, engine: Any, name: str, board: ChaosBoard | None=None) -> None:
        ...
    def __getattr__(self, attribute: Any) -> Any:
        ...
    def __repr__(self) -> str:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def dump_state(self) -> dict[Any, Any]:
        "Give the data to make it again: the engine and the name. Running chaos is never saved."
    @classmethod
    def load_state(cls, state: dict[Any, Any]) -> Any:
        "Make it from the data of `dump_state`. The caller has told DSPy that it trusts the record."
    inner_engine: Any
    chaos_name: str

class ChaosEngine(ChaosWrapper):
    "An engine that makes calls go wrong while chaos is on under its name."
    def complete(self, request: Any) -> Any:
        "One answer, or a fault."
    def stream(self, request: Any) -> Iterator[Any]:
        "The events of an answer, or of as much of it as comes."

class AsyncChaosEngine(ChaosWrapper):
    "An async engine that makes calls go wrong while chaos is on under its name."
    async def complete(self, request: Any) -> Any:
        "One answer, or a fault."
    def stream(self, request: Any) -> AsyncIterator[Any]:
        "The events of an answer, or of as much of it as comes."

start: Any
stop: Any
active: Any

def list_notes() -> list[str]:
    "Say which chaos is on now, a line for each name."
