# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from dspy.lm15 import ConfigurationError
from dspy.lm15 import LM15Error
from typing import Any
from typing import Protocol
import threading

@dataclass(frozen=True)
class Generation:
    "A request to a model; nothing in it depends on DSPy or on MLX."
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
        "The text that the answer continues; the answer does not repeat it."

@dataclass(frozen=True)
class Admitted:
    "What a backend reports when it admits a request."
    input_tokens: int
    cached_tokens: int = ...
    relaxed: tuple[str, ...] = ...

@dataclass(frozen=True)
class TokenLogprob:
    "A token and how likely it was."
    text: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ...

@dataclass(frozen=True)
class Piece:
    "The output of one step for one request."
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
    "The model behind a worker."
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
    def clear_caches(self) -> int:
        ...
    def close(self) -> None:
        ...

def add_hint(error: LM15Error, hint: str='') -> LM15Error:
    "Shorten an lm15 error's message to its first line; the hint becomes an attribute, and a note under the traceback."

def as_lm15(error: BaseException, name: str) -> BaseException:
    "Turn a failure of a model into an lm15 error. An ImportError, so also MissingExtra, stays unchanged."

def make_closed_error(name: str) -> ConfigurationError:
    "Make the error of a request to a closed worker."

class Job:
    "A request that was submitted to a worker."
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
        "Stop the job: at once if it waits, within one step if it runs; does nothing if it has ended."
    def result(self, timeout: float | None=None) -> Answer:
        "Wait for the answer; raises the error of a failed request. An interrupt while waiting cancels the job."
    def listen(self, fn: Any) -> None:
        "Call `fn` with every piece, first with those that came before."
    def stream(self) -> Iterator[Any]:
        "Yield each `Piece` as it comes; raises the error of a failed job at the end. Leaving early cancels the job."
    def pieces(self) -> Iterator[Any]:
        "Yield the text of the answer piece by piece; otherwise like `stream`."
    def add_piece(self, piece: Piece) -> None:
        "Append a piece, and pass it to the listeners; a piece after the end is ignored."
    def make_answer(self, last: Piece) -> Answer:
        "Join the pieces into an answer."
    def end(self, answer: Answer | None=None, error: BaseException | None=None) -> bool:
        "End the job, if it has not ended yet; gives False when it has."
    def publish_first_token(self) -> None:
        "Publish that the first token came, if it was not published yet."
    def publish_finished(self, answer: Answer | None=None, error: BaseException | None=None, tokens: int=0) -> None:
        "Publish how the job ended."
    def find_reason_to_stop(self) -> BaseException | None:
        "Find the error with which the job must stop now; None when it may go on."
    def begin_again(self) -> None:
        "Forget the text so far, which nobody has seen; the request is sent a second time."
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
    def __init__(self, backend: Any, name: str='model', queue_limit: int=1024, timeout: float | None=None, clock: Any=..., bus: Any=..., after_turn: Any=...) -> None:
        ...
    @property
    def state(self) -> str:
        "The state of the worker: new, loading, ready, dead or closed."
    def submit(self, generation: Generation, streaming: bool=False, timeout: float | None=None) -> Job:
        'Put a request into the queue.\n\nRaises `RateLimitError` when the queue is full, `ConfigurationError` when the worker is closed,\n`Cancelled` in a scope that is cancelled.'
    def warm(self, timeout: float | None=None) -> None:
        "Load the model now and wait for it; raises the error if loading fails."
    def stats(self, timeout: float | None=None) -> dict[Any, Any]:
        "Report the queue, and what the backend holds at its next step; a worker without a thread reports only the queue."
    def gauges(self) -> dict[Any, Any]:
        "As `stats`, without waiting: what the backend held when it was asked last. It is asked again for the next time."
    def stop(self, job: Job) -> None:
        "End a cancelled job here if it still waits; a running one ends in the next round."
    @property
    def alive(self) -> bool:
        "Does it serve a request, at once or after loading?"
    @property
    def ready(self) -> bool:
        "Does it take a request now? One that has not loaded its model yet does, one that is loading it does not."
    @property
    def closed(self) -> bool:
        "Was it closed, for good?"
    @property
    def pending(self) -> int:
        "The number of requests that wait for a step; those whose grammar is being made do not."
    def restart(self, timeout: float | None=None, patience: float=2.0) -> None:
        "Begin anew with another backend, and wait for it; raises what loading failed with."
    def reload(self, timeout: float | None=None) -> None:
        "As `restart`, but give the thread that is there half a minute to free its memory first."
    def clear_caches(self, timeout: float | None=10.0) -> int:
        "Have the backend let go of what can be computed again."
    def refuse(self, reason: str) -> None:
        "Take no prompt until `accept`; callers get a `RateLimitError` with the reason."
    def accept(self) -> None:
        "Take prompts again."
    def unload(self, timeout: float | None=10.0) -> bool:
        "Free the model; the next request loads it again."
    def close(self, timeout: float | None=10.0) -> None:
        "End every job, free the model and join the thread; a second call does nothing."
    after_turn: Any
    name: str
    queue_limit: int
    timeout: float | None
    clock: Any
    bus: Any
    heartbeat: Any

class _InChild:
    "Remembers, in a forked child, which models the parent had in memory."
    def note(self) -> None:
        ...

class _Question(Future):
    "A call of the backend that a caller waits for."
    def __init__(self, method: Any) -> None:
        ...
    method: Any

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
    def clear_caches(self) -> Any:
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
