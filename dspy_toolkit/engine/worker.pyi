# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from dspy.lm15 import LM15Error
from typing import Any
from typing import Protocol
import threading

@dataclass(frozen=True)
class Generation:
    "What a model is asked for; nothing in it depends on DSPy or on MLX."
    messages: tuple[dict[Any, Any], ...]
    schema: dict[Any, Any] | bool | None = ...
    max_tokens: int | None = ...
    temperature: float = ...
    top_p: float = ...
    top_k: int = ...
    min_p: float = ...
    frequency_penalty: float = ...
    presence_penalty: float = ...
    seed: int | None = ...
    stop: tuple[str, ...] = ...
    logprobs: int | None = ...
    candidates: tuple[str, ...] = ...
    pin: bool = ...
    thinking: bool = ...
    tools: tuple[dict[Any, Any], ...] = ...
    @property
    def begun(self) -> str:
        "The text that the answer goes on from; it is not said again."

@dataclass(frozen=True)
class Admitted:
    "What a backend says when it takes a request."
    input_tokens: int
    cached_tokens: int = ...
    relaxed: tuple[str, ...] = ...

@dataclass(frozen=True)
class TokenLogprob:
    "How likely a token was."
    text: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ...

@dataclass(frozen=True)
class Piece:
    "What one step gave to one request."
    uid: int
    text: str = ...
    output_tokens: int = ...
    finish_reason: str | None = ...
    error: Exception | None = ...
    cut_short: bool = ...
    cut_at: int | None = ...
    thinking: bool = ...
    forced_tokens: int = ...
    logprobs: tuple[TokenLogprob, ...] = ...
    likelihoods: tuple[float, ...] = ...

@dataclass(frozen=True)
class Answer:
    "A finished request."
    text: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = ...
    cut_short: bool = ...
    thinking: str = ...
    forced_tokens: int = ...
    logprobs: tuple[TokenLogprob, ...] = ...
    likelihoods: tuple[float, ...] = ...
    cut_at: int | None = ...
    relaxed: tuple[str, ...] = ...

class Backend(Protocol):
    "What a worker drives."
    slots: int
    def load(self) -> int:
        ...
    def preparation(self, generation: Generation) -> None:
        ...
    def admit(self, uid: int, generation: Generation) -> Admitted:
        ...
    def step(self) -> list[Piece]:
        ...
    def evict(self, uid: int) -> None:
        ...
    def stats(self) -> dict[Any, Any]:
        ...
    def close(self) -> None:
        ...

def plain(error: LM15Error, hint: str='') -> LM15Error:
    "Let an lm15 error say just the first line of what it says; the hint becomes an attribute, and a note under its traceback."

def as_lm15(error: BaseException, name: str) -> BaseException:
    "What a failure of a model looks like to DSPy. ImportError, and so MissingExtra, stays what it is."

class Job:
    "One request on its way."
    def __init__(self, worker: Any, generation: Any, streaming: Any=False, timeout: Any=None, scope: Any=None) -> None:
        ...
    @property
    def text(self) -> str:
        ...
    @property
    def thinking(self) -> str:
        ...
    @property
    def ended(self) -> bool:
        ...
    def cancel(self) -> None:
        "Stop: at once while waiting, within one step while running; does nothing to a job that has ended."
    def result(self, timeout: float | None=None) -> Answer:
        "Wait for the answer; raises what the request failed with. An interrupt while waiting cancels the job."
    def listen(self, fn: Any) -> None:
        "Have `fn` called with the pieces, those that came before first."
    def stream(self) -> Iterator[Any]:
        "Each `Piece`, as it comes; what the job failed with is raised at the end. Leaving early cancels the job."
    def pieces(self) -> Iterator[Any]:
        "The text of the answer piece by piece; otherwise as `stream`."
    uid: Any
    id: Any
    request_id: Any
    generation: Any
    streaming: Any
    scope: Any
    started: Any
    admitted: Any
    admitted_at: Any
    first: Any
    preparation: Any
    cancelled: Any
    timeout: Any
    deadline: Any
    prepared: Any
    future: Any

class Worker:
    "A thread that owns a backend."
    def __init__(self, backend: Any, name: str='model', queue_limit: int=1024, timeout: float | None=None, clock: Any=..., bus: Any=...) -> None:
        ...
    @property
    def state(self) -> str:
        "new, loading, ready, dead or closed."
    def submit(self, generation: Generation, streaming: bool=False, timeout: float | None=None) -> Job:
        'Ask for an answer.\n\nRaises `RateLimitError` when the queue is full, `ConfigurationError` when the worker is closed,\n`Cancelled` in a scope that is cancelled.'
    def warm(self, timeout: float | None=None) -> None:
        "Load the model now and wait for it; raises what loading failed with."
    def stats(self, timeout: float | None=None) -> dict[Any, Any]:
        "What it is doing, and what its backend holds as of the next step; a worker without a thread holds nothing."
    def gauges(self) -> dict[Any, Any]:
        "As `stats`, without waiting: what the backend held when it was asked last. It is asked again for the next time."
    def close(self, timeout: float | None=10.0) -> None:
        "End every job, free the model and join the thread; the second time does nothing."
    name: str
    queue_limit: int
    timeout: float | None
    clock: Any
    bus: Any

class _InChild:
    "Remembers, in a forked child, which models the parent had in memory."
    def note(self) -> None:
        ...

def close_workers() -> None:
    "Close every worker of this process."

class ScriptedBackend:
    "A backend that answers from a script."
    def __init__(self, script: Any, slots: int=4, fail: dict[Any, Any] | None=None, gate: threading.Event | None=None, weigh: Any=...) -> None:
        ...
    def load(self) -> Any:
        ...
    def preparation(self, generation: Any) -> Any:
        ...
    def admit(self, uid: Any, generation: Any) -> Any:
        ...
    def evict(self, uid: Any) -> None:
        ...
    def stats(self) -> Any:
        ...
    def close(self) -> None:
        ...
    def step(self) -> Any:
        ...
    script: Any
    slots: int
    fail: Any
    gate: threading.Event | None
    rows: Any
    calls: Any
    open: Any
    weigh: Any
    seen: Any
