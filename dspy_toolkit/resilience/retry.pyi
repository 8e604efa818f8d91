# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core import events
from dspy_toolkit.core.events import Event
from typing import Any

def worth_retrying(error: Exception) -> bool:
    "Say whether DSPy would retry a call after this error."

@dataclass(frozen=True)
class RetryConfig:
    "Which calls are retried, how often, and when."
    attempts: int = ...
    wait: object = ...
    retry_on: tuple[Any, ...] | None = ...
    max_retry_after: float = ...
    def __post_init__(self) -> None:
        ...

class RetryBudget:
    "How many retries there may be, by how many calls there were. Safe to share between threads and tasks."
    def __init__(self, share: float=0.2, floor_per_second: float=1.0, ttl: int=10, clock: Any=...) -> None:
        ...
    def __copy__(self) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def deposit(self) -> None:
        "Count a call."
    def withdraw(self) -> bool:
        "Take one retry, if there is one."
    @property
    def left(self) -> int:
        "How many retries there may be now."
    share: float
    floor_per_second: float
    ttl: int

@dataclass(frozen=True, slots=True)
class Retried(Event):
    "A call failed and will be made again."
    name: str
    attempt: int
    wait: float
    error: str

@dataclass(frozen=True, slots=True)
class RetryRefused(Event):
    "A call failed with an error that may be retried, but is not retried."
    name: str
    reason: str
    error: str

class Retry:
    "Repeats a call that failed with a temporary error. Safe to share between threads and tasks."
    def __init__(self, config: RetryConfig=..., budget: RetryBudget | None=None, name: str='', sleep: Any=None, bus: events.Bus=...) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def __copy__(self) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def call(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        "Call a function, with retries; raises what the last attempt raised."
    async def acall(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        "Call a function and await its result, with retries; raises what the last attempt raised."
    def __call__(self, fn: Any) -> Any:
        "Add retries to every call of a function; raises `SettingsError` for a generator."
    config: RetryConfig
    budget: RetryBudget | None
    name: str

def without_retries(lm: Any) -> Any:
    "Copy an LM without its own retries; the copy shares the history of the original."

async def sleep_async(sleep: Any, seconds: float) -> None:
    "Wait on an event loop."
