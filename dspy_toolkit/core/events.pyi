# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
import contextlib

def current_request() -> str:
    "Give the id of the request that runs here: in this thread, task, or a copy of its context."

def begin_request(request_id: str) -> Any:
    "Give the id of a request to every event that is made here from now on."

def end_request(token: Any) -> None:
    "Undo `begin_request`."

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Event:
    "Something that happened."
    at: float = field(default_factory=..., repr=..., compare=..., kw_only=True)
    request_id: str = field(default_factory=..., repr=..., compare=..., kw_only=True)
    def __repr__(self) -> str:
        ...
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...

def quicken(cls: type[Any]) -> type[Any]:
    "Give a frozen dataclass an `__init__` that writes its slots directly."

@contextlib.contextmanager
def serving(version: str) -> Iterator[Any]:
    "Put a version into the `RequestStarted` of each request that starts inside the block."

def current_version() -> str:
    "Give the version that is served here."

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class RequestStarted(Event):
    "A model was asked."
    request_id: str
    model: str
    streaming: bool = ...
    version: str = field(default_factory=...)
    signature: str = ...
    parent_id: str = ...
    prompt: object = field(default=..., repr=..., compare=...)

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class FirstToken(Event):
    "The first token of an answer came."
    request_id: str
    model: str
    seconds: float

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class RequestFinished(Event):
    "A request ended, well or not."
    request_id: str
    model: str
    seconds: float
    input_tokens: int = ...
    output_tokens: int = ...
    cached_tokens: int = ...
    finish_reason: str | None = ...
    error: str | None = ...
    from_cache: bool = ...
    leg: str = ...
    attempts: tuple[str, ...] = ...
    forced_tokens: int = ...
    relaxed: tuple[str, ...] = ...
    cut_short: tuple[str, ...] = ...
    cost: float | None = ...
    message: str = field(default=..., repr=..., compare=...)
    outputs: object = field(default=..., repr=..., compare=...)

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class GenerationStarted(Event):
    "An engine took a prompt."
    request_id: str
    model: str
    streaming: bool = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class GenerationFinished(Event):
    "An engine is done with a prompt, well or not. The parts of its time: queued, prepared, read, and the rest, which wrote the answer."
    request_id: str
    model: str
    seconds: float
    input_tokens: int = ...
    output_tokens: int = ...
    cached_tokens: int = ...
    finish_reason: str | None = ...
    error: str | None = ...
    forced_tokens: int = ...
    queued: float = ...
    prepared: float = ...
    read: float = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class SchemaRelaxed(Event):
    "The grammar of a request allows more than its schema, so the answer has to be checked."
    request_id: str
    model: str
    relaxed: tuple[str, ...]

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class StepStarted(Event):
    "A program began a step."
    step_id: str
    kind: str
    name: str
    parent_id: str = ...

ADAPTER_STEPS: Any

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class StepFinished(Event):
    "A program ended a step, well or not."
    step_id: str
    kind: str
    name: str
    parent_id: str = ...
    seconds: float = ...
    error: str | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class EngineLoaded(Event):
    "A model is in memory and ready."
    model: str
    seconds: float
    nbytes: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class EngineDied(Event):
    "An engine can serve no more."
    model: str
    error: str
    message: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class EngineRestarted(Event):
    "An engine that had died serves again."
    model: str
    attempt: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class ChildTransition(Event):
    "A supervised child changed state."
    child: str
    previous: str
    state: str
    reason: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class ProbeFailed(Event):
    "A child did not pass a probe."
    child: str
    probe: str
    error: str
    failures: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Restarting(Event):
    "A supervisor restarts a child now."
    child: str
    attempt: int
    reason: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Recovered(Event):
    "A child that had failed is well again."
    child: str
    seconds: float
    attempts: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Escalated(Event):
    "Restarts did not help, so a supervisor takes the next step."
    child: str
    step: str
    reason: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class GaveUp(Event):
    "A supervisor restarts a child no more; a person has to look."
    child: str
    reason: str = ...
    attempts: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class PressureChanged(Event):
    "There is less free memory than before, or more."
    previous: str
    level: str
    free: int
    total: int

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class PressureRelieved(Event):
    "Something was done because memory is short, or taken back because it is not."
    step: str
    owner: str
    nbytes: int = ...
    error: str | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class BreakerTransition(Event):
    "A breaker changed state."
    breaker: str
    previous: str
    state: str
    reason: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class CallRefused(Event):
    "A breaker refused a call."
    breaker: str
    state: str
    retry_after: float | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class FallbackHop(Event):
    "A fallback sent a request to its next leg (one of its models)."
    fallback: str
    failed: str
    leg: str
    error: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class VersionCreated(Event):
    "A new version of something was stored."
    kind: str
    name: str
    version: int
    digest: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class AliasMoved(Event):
    "An alias points elsewhere now."
    kind: str
    name: str
    alias: str
    version: int
    previous: int | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class DownloadProgress(Event):
    "Some more of a model was downloaded."
    model: str
    done: int
    total: int
    speed: float = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class DownloadFinished(Event):
    "A download ended, well or not."
    model: str
    done: int
    total: int
    error: str | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class EvaluationProgress(Event):
    "Some more examples were scored."
    name: str
    done: int
    total: int
    score: float | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class OptimizeProgress(Event):
    "An optimizer finished another trial."
    name: str
    done: int
    total: int | None = ...
    best: float | None = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class DeploymentChanged(Event):
    "A deployment changed its status."
    name: str
    status: str
    message: str = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class HistoryStalled(Event):
    "The history of calls cannot be written: its file is locked, the disk is full, ..."
    reason: str

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class HistoryResumed(Event):
    "The history of calls is written again."
    seconds: float
    dropped: int = ...

@dataclass(frozen=True, repr=False, eq=False, slots=True)
class SubscriberFailed(Event):
    "A subscriber raised while it handled an event."
    subscriber: str
    event: Event
    error: str

class _Subscription:
    def __init__(self, fn: Any, types: Any) -> None:
        ...
    fn: Any
    types: Any
    logged: Any
    name: Any

class Bus:
    "Calls subscribers with each published event."
    def __init__(self) -> None:
        ...
    def subscribe(self, fn: Any, *types: type[Any]) -> Any:
        "Have a function called with each event."
    def hears(self, kind: type[Any]) -> bool:
        "Does a subscriber want events of this class?"
    def publish(self, event: Event) -> None:
        "Call every subscriber with an event; never raises an error of a subscriber."
    @contextlib.contextmanager
    def record(self, *types: type[Any]) -> Iterator[Any]:
        "Collect the events published inside a `with` block."
    listening: Any

bus: Bus
