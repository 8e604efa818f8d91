# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import dataclass
from dspy.lm15 import Request
from dspy.lm15 import Response
from dspy.utils.exceptions import ContextWindowExceededError
from dspy.utils.exceptions import LMError
from dspy_toolkit.core import events
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.core.events import Event
from dspy_toolkit.resilience.legs import Leg
from typing import Any
import dspy

@dataclass(frozen=True)
class Attempt:
    "A leg that was asked and did not answer."
    leg: str
    error: str
    message: str = ...
    seconds: float = ...
    retry_after: float | None = ...
    written: int = ...
    usage: dict[Any, Any] | None = ...
    def __str__(self) -> str:
        ...
    @property
    def counts(self) -> bool:
        "Does it say that the model is not healthy? The error is stored by its name, so that an attempt can be saved as data."

@dataclass(frozen=True, slots=True)
class FallbackHedged(Event):
    "A second leg was asked while the first had not answered yet."
    fallback: str
    slow: str
    leg: str
    seconds: float

@dataclass(frozen=True, slots=True)
class FallbackSeam(Event):
    "A stream changed legs in its middle; published between the last piece of the one and the first of the other."
    fallback: str
    failed: str
    leg: str
    how: str
    written: int

@dataclass(frozen=True, slots=True)
class FallbackServed(Event):
    "A request was answered."
    fallback: str
    leg: str
    attempts: int
    seconds: float
    seam: str = ...

class AllLegsFailed(ToolkitError, LMError):
    "No leg of a fallback answered; `attempts` says why, leg by leg."
    default_code: str
    def __init__(self, fallback: str, attempts: tuple[Any, ...]=...) -> None:
        ...
    fallback: str
    attempts: Any
    hint_verb: Any
    hint: Any
    counts: Any

class TooLongForAll(AllLegsFailed, ContextWindowExceededError):
    "The prompt fits no leg that could be asked. An agent of DSPy that gets this shortens its history and goes on."
    default_code: Any

STRATEGIES: Any

class _Core:
    "What the two engines of a fallback share."
    def __init__(self, legs: Any, name: Any, strategy: Any, hedge_after: Any, hop_on: Any, explore: Any, seed: Any, clock: Any, bus: Any) -> None:
        ...
    def order(self) -> list[Any]:
        "The legs, the first to ask first."
    def patience(self, leg: Any, streaming: Any) -> float | None:
        "Seconds to wait for a leg before another one is asked as well; None for ever."
    legs: Any
    name: Any
    strategy: Any
    hop_on: Any
    explore: Any
    clock: Any
    bus: Any
    hedge_after: Any
    random: Any

class _Unfit(Exception):
    "An answer came, and is rejected."
    usage: Any

@dataclass
class _Answer:
    "A response, with its leg and permit."
    leg: Leg
    permit: object
    response: Response
    noted: tuple[Any, ...] = ...
    within: tuple[Any, ...] = ...
    def close(self) -> None:
        ...
    @property
    def served(self) -> list[Any]:
        "The breakers that count it as a failure if it does not parse."
    def amend(self, _: Any, name: Any) -> None:
        ...

class _Call:
    "One request to the legs."
    text: str
    how: str
    seam: Any
    called: Any
    shown: Any
    def __init__(self, core: Any, request: Any, streaming: Any=False) -> None:
        ...
    async def race(self, legs: Any, ask: Any, hedged: Any=True) -> Any:
        "Give the first result that `ask(leg)` returns for a leg."
    def note_failure(self, leg: Any, error: Any, began: Any, written: Any=0) -> None:
        "Remember that a leg did not answer."
    def error(self) -> Any:
        "What to raise when no leg is left."
    async def serve(self, leg: Any) -> _Answer:
        "Ask a leg, as often as its retry says."
    def judge(self, answer: Any, seconds: Any, first_token: Any=None) -> None:
        "Record the answer with the breaker; raises where another leg should answer instead."
    def describe(self, answer: Any, seam: Any=None) -> Response:
        "Give the response, with the leg that answered and the attempts before."
    async def complete(self) -> Any:
        "Give the answer of the first leg that has one."
    async def open(self, leg: Any) -> Any:
        "Open a stream, as often as the leg's retry says."
    async def resume(self, leg: Any) -> Any:
        "Go on after a stream that broke: where it stopped, or from the beginning."
    async def take_over(self, stream: Any, error: Any) -> Any:
        "Another stream, after one that broke."
    def stream(self) -> AsyncIterator[Any]:
        "Give the events of an answer, from any leg."
    core: Any
    request: Any
    streaming: Any
    attempts: Any
    out: Any
    spare: Any
    began: Any

class _Stream:
    "A leg that streams."
    def __init__(self, call: Any, leg: Any, prefix: Any='') -> None:
        ...
    async def open(self) -> Any:
        "Begin, and wait for the first piece."
    def events(self) -> AsyncIterator[Any]:
        "Give all of its events, those already received first."
    def judge(self) -> None:
        "Record the whole answer with the breaker; raises where another leg should answer instead."
    def finish(self, error: Any=None) -> None:
        "Give permit and place back; a second call does nothing."
    def close(self, error: Any=None) -> None:
        ...
    call: Any
    leg: Any
    prefix: Any
    heard: Any
    seen: Any
    permit: Any
    task: Any
    answer: Any
    within: Any
    place: Any
    first: Any
    over: Any
    joins: Any

class _Parts:
    "Gives new numbers to the parts of an answer that several legs wrote."
    def __init__(self) -> None:
        ...
    def number(self, delta: Any, stream: Any) -> Any:
        ...
    known: Any
    text: Any

class _Doors:
    "What the two engines of a fallback have in common."
    def __init__(self, legs: Any, name: str='fallback', strategy: str='sequential', hedge_after: float | str | None=None, hop_on: tuple[Any, ...]=..., explore: float=0.05, seed: int | None=None, clock: Any=..., bus: events.Bus=...) -> None:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def legs(self) -> tuple[Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def __copy__(self) -> Any:
        ...
    @property
    def supported_params(self) -> frozenset[str]:
        "Parameters that all legs accept."
    @property
    def supports_grammar(self) -> bool:
        "Can any leg? The others get requests in the form they accept."
    @property
    def prefers_short_layout(self) -> bool:
        "Do all legs? One prompt is made for all of them."
    def dump_state(self) -> dict[Any, Any]:
        "Give the data to make it again; raises `TypeError` for a leg that is a bare engine."
    @classmethod
    def load_state(cls, state: dict[Any, Any]) -> Any:
        "Make it from its data; raises `InputError` for a leg with an engine that is not of this package."
    core: Any

class FallbackEngine(_Doors):
    "DSPy's engine over several models, each behind its breaker."
    def complete(self, request: Request) -> Response:
        "The answer of the first leg that has one; raises `AllLegsFailed`."
    def stream(self, request: Request) -> Iterator[Any]:
        "The events of an answer; legs may change before its first piece, and in its middle. Leaving the loop early cancels the request."
    @property
    def asynchronous(self) -> Any:
        "The same legs for event loops."
    def close(self) -> None:
        "Do nothing: the owner of the models closes them."

class AsyncFallbackEngine(_Doors):
    "DSPy's async engine over several models, each behind its breaker."
    async def complete(self, request: Request) -> Response:
        "The answer of the first leg that has one; raises `AllLegsFailed`. Cancelling the task cancels the request."
    def stream(self, request: Request) -> AsyncIterator[Any]:
        "The events of an answer; legs may change before its first piece, and in its middle. Leaving the loop early cancels the request."
    async def aclose(self) -> None:
        "Do nothing: the owner of the models closes them."

def fallback(name: str, legs: Any, strategy: str='sequential', hedge_after: float | str | None=None, **kwargs: Any) -> dspy.LM:
    "Make one model of several."
