# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core import events
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.core.events import Event
from enum import StrEnum
from typing import Any
import threading

class State(StrEnum):
    "What a breaker does with calls."
    closed, open, half_open, disabled, forced_open, metrics_only = ('closed', 'open', 'half_open', 'disabled', 'forced_open', 'metrics_only')

class IllegalTransition(ToolkitError, ValueError):
    "A breaker cannot go from its state to that one."

@dataclass(frozen=True)
class Exponential:
    "Waits that grow from one attempt to the next."
    initial: float = ...
    multiplier: float = ...
    jitter: float = ...
    cap: float = ...
    uniform: object = ...
    def __post_init__(self) -> None:
        ...
    def __call__(self, attempt: int) -> float:
        ...

@dataclass(frozen=True)
class BreakerConfig:
    "When a breaker opens, for how long, and what it counts; raises `SettingsError` for a value that cannot be used."
    failure_rate_threshold: float = ...
    slow_call_rate_threshold: float = ...
    slow_call_duration_threshold: float = ...
    sliding_window_type: str = ...
    sliding_window_size: int = ...
    minimum_number_of_calls: int = ...
    wait_duration_in_open: object = ...
    permitted_calls_in_half_open: int = ...
    max_wait_in_half_open: float = ...
    automatic_transition_from_open_to_half_open: bool = ...
    record_exceptions: tuple[Any, ...] | None = ...
    ignore_exceptions: tuple[Any, ...] = ...
    record_results: tuple[Any, ...] = ...
    ignore_results: tuple[Any, ...] = ...
    transition_on_result: object = ...
    def __post_init__(self) -> None:
        ...

MODEL_CONFIG: BreakerConfig

@dataclass(frozen=True, slots=True)
class CallSucceeded(Event):
    "A guarded call went well."
    breaker: str
    seconds: float

@dataclass(frozen=True, slots=True)
class CallFailed(Event):
    "A guarded call failed."
    breaker: str
    seconds: float
    error: str

@dataclass(frozen=True, slots=True)
class CallIgnored(Event):
    "A guarded call ended in a way that says nothing about the backend's health."
    breaker: str
    seconds: float
    error: str

@dataclass(frozen=True, slots=True)
class CallSlow(Event):
    "A guarded call took longer than its breaker allows; published in addition to how it ended."
    breaker: str
    seconds: float

@dataclass(frozen=True, slots=True)
class FailureRateExceeded(Event):
    "The rate of failed calls reached its threshold."
    breaker: str
    rate: float

@dataclass(frozen=True, slots=True)
class SlowCallRateExceeded(Event):
    "The rate of slow calls reached its threshold."
    breaker: str
    rate: float

@dataclass(frozen=True, slots=True)
class BreakerReset(Event):
    "A breaker was reset."
    breaker: str

def worth_counting(error: Exception) -> bool:
    "Say whether an error is about the backend's health."

def was_cancelled(error: BaseException) -> bool:
    "Say whether a call was cancelled, rather than failed."

MISSING: Any

class Permit:
    "The right to make one call; used up by `record` or `release`."
    def __init__(self, period: Any, started: Any) -> None:
        ...
    period: Any
    started: Any
    used: Any

class _Period:
    "A stay in one state."
    def __init__(self, key: Any, state: Any, since: Any, attempt: Any, until: Any, window: Any, minimum: Any, reasons: Any) -> None:
        ...
    key: Any
    state: Any
    since: Any
    attempt: Any
    until: Any
    window: Any
    minimum: Any
    reasons: Any
    not_permitted: Any
    told: Any
    name: Any
    free: Any
    is_open: Any
    probes: Any
    probed: Any

class CircuitBreaker:
    "Refuses calls to a backend that keeps failing. Safe to share between threads and tasks."
    def __init__(self, name: str, config: BreakerConfig=..., clock: Any=..., bus: events.Bus=...) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def __copy__(self) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def call(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        "Call a function; raises `CallNotPermitted`, or what the function raises."
    async def acall(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        "Call a function and await its result; raises `CallNotPermitted`, or what the function raises."
    def acquire(self) -> Permit:
        "Ask to make one call; raises `CallNotPermitted`."
    def record(self, permit: Permit, error: BaseException | None=None, result: Any=..., duration: float | None=None) -> Any:
        "Say how a permitted call went."
    def release(self, permit: Permit) -> None:
        "Give a permit back without a result."
    def amend(self, permit: Permit, name: str) -> None:
        "Say that a call that was recorded as a success was a failure after all."
    @property
    def state(self) -> State:
        "The state now."
    def snapshot(self) -> Snapshot:
        "State and counts, taken together."
    def measure(self) -> tuple[Any, ...]:
        "Read the state and the rates, without a change of the state; rates are None below the minimum number of calls."
    def transition_to(self, state: State, wait: float | None=None, reason: str='by hand') -> None:
        "Go to a state; going to the current state starts it again, without an event. Raises `IllegalTransition`."
    def reset(self) -> None:
        "Reset the breaker: closed, with nothing counted."
    def __call__(self, fn: Any) -> Any:
        "Guard every call of a function: plain, async, a generator or an async generator."
    def __enter__(self) -> Permit:
        ...
    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        ...
    async def __aenter__(self) -> Any:
        ...
    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> None:
        ...
    name: str
    config: BreakerConfig
    clock: Any
    bus: events.Bus
    lock: Any
    guards: Any

@dataclass(frozen=True)
class Snapshot:
    "A breaker at one moment."
    name: str
    state: State
    failure_rate: float | None
    slow_call_rate: float | None
    buffered: int
    failed: int
    slow: int
    slow_failed: int
    successful: int
    not_permitted: int
    since: float
    age: float
    attempt: int
    retry_after: float | None
    reasons: dict[Any, Any] = field(default_factory=..., hash=...)

def start_timer(seconds: float, function: Any) -> threading.Timer:
    "Have a function called after some seconds; the thread does not keep the process alive."

class BreakerRegistry:
    "Breakers by name, made when first requested."
    def __init__(self, default: BreakerConfig=..., configs: dict[Any, Any] | None=None, clock: Any=..., bus: events.Bus=...) -> None:
        ...
    def __getitem__(self, name: str) -> CircuitBreaker:
        ...
    def __contains__(self, name: str) -> bool:
        ...
    def __iter__(self) -> Any:
        ...
    def __len__(self) -> int:
        ...
    def snapshots(self) -> list[Snapshot]:
        "All of them, at one look each."
    def breaker(self, name: str, config: BreakerConfig | str | None=None) -> CircuitBreaker:
        "The breaker of that name; raises `SettingsError` when it is there with another config."
    def guard(self, name: str, guards: Any, config: BreakerConfig | None=None, unless: BreakerConfig | None=None) -> CircuitBreaker:
        "The breaker of the backend behind a name; raises `SettingsError` when it is there with another config."
    def remove(self, name: str) -> None:
        "Forget one breaker; the next request makes a new one."
    def reset(self) -> None:
        "Forget all breakers; for tests."
    default: BreakerConfig
    configs: Any

breakers: BreakerRegistry
