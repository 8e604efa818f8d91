# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any
import contextlib

@dataclass(frozen=True)
class Event:
    "Something that happened."
    at: float = field(default_factory=..., repr=..., compare=..., kw_only=True)

@contextlib.contextmanager
def serving(version: str) -> Iterator[Any]:
    "Put a version into the `RequestStarted` of each request that starts inside the block."

@dataclass(frozen=True)
class RequestStarted(Event):
    "A request was handed to a model."
    request_id: str
    model: str
    streaming: bool = ...
    version: str = field(default_factory=...)

@dataclass(frozen=True)
class FirstToken(Event):
    "The first token of an answer came."
    request_id: str
    model: str
    seconds: float

@dataclass(frozen=True)
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

@dataclass(frozen=True)
class SchemaRelaxed(Event):
    "The grammar of a request allows more than its schema, so the answer has to be checked."
    request_id: str
    model: str
    relaxed: tuple[str, ...]

@dataclass(frozen=True)
class EngineLoaded(Event):
    "A model is in memory and ready."
    model: str
    seconds: float
    nbytes: int = ...

@dataclass(frozen=True)
class EngineDied(Event):
    "An engine can serve no more."
    model: str
    error: str
    message: str = ...

@dataclass(frozen=True)
class EngineRestarted(Event):
    "An engine that had died serves again."
    model: str
    attempt: int = ...

@dataclass(frozen=True)
class BreakerTransition(Event):
    "A breaker changed state."
    breaker: str
    previous: str
    state: str
    reason: str = ...

@dataclass(frozen=True)
class CallRefused(Event):
    "A breaker refused a call."
    breaker: str
    state: str
    retry_after: float | None = ...

@dataclass(frozen=True)
class FallbackHop(Event):
    "A fallback sent a request to its next leg (one of its models)."
    fallback: str
    failed: str
    leg: str
    error: str = ...

@dataclass(frozen=True)
class VersionCreated(Event):
    "A new version of something was stored."
    kind: str
    name: str
    version: int
    digest: str = ...

@dataclass(frozen=True)
class AliasMoved(Event):
    "An alias points elsewhere now."
    kind: str
    name: str
    alias: str
    version: int
    previous: int | None = ...

@dataclass(frozen=True)
class DownloadProgress(Event):
    "Some more of a model was downloaded."
    model: str
    done: int
    total: int
    speed: float = ...

@dataclass(frozen=True)
class DownloadFinished(Event):
    "A download ended, well or not."
    model: str
    done: int
    total: int
    error: str | None = ...

@dataclass(frozen=True)
class EvaluationProgress(Event):
    "Some more examples were scored."
    name: str
    done: int
    total: int
    score: float | None = ...

@dataclass(frozen=True)
class OptimizeProgress(Event):
    "An optimizer finished another trial."
    name: str
    done: int
    total: int | None = ...
    best: float | None = ...

@dataclass(frozen=True)
class DeploymentChanged(Event):
    "A deployment changed its status."
    name: str
    status: str
    message: str = ...

@dataclass(frozen=True)
class SubscriberFailed(Event):
    "A subscriber raised while it handled an event."
    subscriber: str
    event: Event
    error: str

class _Subscription:
    def __init__(self, fn: Any, types: Any) -> None:
        ...
    def wants(self, event: Any) -> Any:
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
    def publish(self, event: Event) -> None:
        "Call every subscriber with an event; never raises an error of a subscriber."
    @contextlib.contextmanager
    def record(self, *types: type[Any]) -> Iterator[Any]:
        "Collect the events published inside a `with` block."
    listening: Any

bus: Bus
