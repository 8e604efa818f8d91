# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from dataclasses import dataclass
from dspy.lm15 import Request
from dspy_toolkit.resilience.breaker import BreakerConfig
from dspy_toolkit.resilience.breaker import CircuitBreaker
from dspy_toolkit.resilience.retry import Retry
from dspy_toolkit.resilience.semantic import Semantics
from typing import Any
import dspy

class NamedEngine:
    "The async engine that DSPy itself would use for a `dspy.LM` that is only a name."
    def __init__(self, lm: dspy.LM) -> None:
        ...
    async def complete(self, request: Any) -> Any:
        ...
    def stream(self, request: Any) -> AsyncIterator[Any]:
        ...
    lm: dspy.LM

class ThreadedEngine:
    "An engine that blocks, as an async one: each request on a thread of its own."
    def __init__(self, engine: Any) -> None:
        ...
    async def complete(self, request: Any) -> Any:
        ...
    def stream(self, request: Any) -> Any:
        ...
    engine: Any

def async_engine(given: Any) -> Any:
    "Find the async engine of a model."

class _Same:
    "Compare an object by identity; it is held weakly where possible."
    def __init__(self, held: Any) -> None:
        ...
    def __eq__(self, other: Any) -> Any:
        ...
    def __hash__(self) -> Any:
        ...
    def __repr__(self) -> str:
        ...
    held: Any

def identity(given: Any) -> tuple[Any, ...]:
    "Two models with equal identities are the same model: name, options and engine. Never show it: an option may be a key."

@dataclass(eq=False)
class Leg:
    'A model among those of a fallback, behind its breaker.\n\nRaises `InputError` for what is no model.'
    lm: object
    name: str = ...
    timeout: float | None = ...
    concurrency: int | None = ...
    weight: float = ...
    context_window: int | None = ...
    breaker: CircuitBreaker | BreakerConfig | None = ...
    retry: Retry | None = ...
    semantics: Semantics = ...
    def __post_init__(self) -> None:
        ...
    @property
    def abilities(self) -> dict[Any, Any]:
        "What its model accepts; raises what the model raises. The first call may use the network: call it where waiting is allowed."
    def fit(self, request: Request) -> tuple[Request, tuple[Any, ...]]:
        "Put a request in the form that this leg accepts."
    @property
    def has_room(self) -> bool:
        "Is a place free now?"
    async def within(self, waiting: Any) -> Any:
        "Wait no longer than the timeout of this leg."
    @property
    def window(self) -> int | None:
        "Tokens of prompt and answer together; None where it is not known."
    @property
    def expected_seconds(self) -> float:
        "Seconds to expect until it gives a good answer; infinite while its breaker is open."
    def percentile(self, q: float, streaming: bool=False) -> float | None:
        "The time that a share `q` of the last 100 answers did not exceed."

class _Fit:
    "The configuration of a request for a leg, and the changes made to it."
    def __init__(self, leg: Any, config: Any) -> None:
        ...
    def drop(self, name: Any, why: Any) -> None:
        ...
    def substitute_format(self, wanted: Any, why: Any, asked: Any, applied: Any) -> None:
        ...
    def drop_hints(self) -> None:
        "Drop options that the leg does not accept and does not need."
    def choose_format(self) -> Any:
        "Choose the format of the answer, for a leg that accepts no grammars."
    def fill_in(self) -> None:
        "Fill in options of the leg that the request does not set."
    leg: Any
    config: Any
    noted: Any
    takes: Any

class Place:
    "A place at a leg, from when it is taken until it is given back."
    def __init__(self, leg: Any) -> None:
        ...
    async def take(self) -> None:
        "Wait until a place is free, where none was."
    def leave(self) -> None:
        "Give the place to the first request that waits; a second call does nothing."
    leg: Any
    held: Any

class LegLoop:
    "The event loop on which legs are asked."
    def __init__(self) -> None:
        ...
    def loop(self) -> Any:
        "Give the loop; the first call starts it."
    @property
    def here(self) -> bool:
        "Is this the thread of the loop?"

leg_loop: LegLoop

def begin(coroutine: Any) -> Any:
    "Run a coroutine on the loop of the legs, in the context of the caller."
