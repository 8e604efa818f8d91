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
    "An object as what it is: equal to itself, and held weakly where it can be."
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
    "What makes two models the same: the name, the options and the engine. For comparing, never for showing: an option may be a key."

@dataclass(eq=False)
class Leg:
    "A model among those of a fallback, behind its breaker."
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
        "What its model takes; raises what the model raises. The first time it may ask the network: call it where waiting is allowed."
    def fit(self, request: Request) -> tuple[Request, tuple[Any, ...]]:
        "Put a request in the form this leg takes."
    @property
    def has_room(self) -> bool:
        "Is a place free now?"
    async def within(self, waiting: Any) -> Any:
        "Wait no longer than this leg is given."
    @property
    def window(self) -> int | None:
        "Tokens of prompt and answer together; None where nobody says."
    @property
    def expected_seconds(self) -> float:
        "Seconds to expect until it gives a good answer; infinite while its breaker is open."
    def percentile(self, q: float, streaming: bool=False) -> float | None:
        "What so large a share of the last 100 answers took at most."

class _Fit:
    "The configuration of a request on its way to a leg, and what was changed in it."
    def __init__(self, leg: Any, config: Any) -> None:
        ...
    def drop(self, name: Any, why: Any) -> None:
        ...
    def substitute_format(self, wanted: Any, why: Any, asked: Any, applied: Any) -> None:
        ...
    def drop_hints(self) -> None:
        "Options that a leg may do without."
    def choose_format(self) -> Any:
        "The form of the answer, for a leg that takes no grammars."
    def fill_in(self) -> None:
        "What the leg has of its own, where the request does not say."
    leg: Any
    config: Any
    noted: Any
    takes: Any

class Place:
    "A place at a leg, from when it is taken to when it is given back."
    def __init__(self, leg: Any) -> None:
        ...
    async def take(self) -> None:
        "Wait until one is free, where none was."
    def leave(self) -> None:
        "Give it back, to the first who waits; the second time does nothing."
    leg: Any
    held: Any

class LegLoop:
    "The event loop on which legs are asked."
    def __init__(self) -> None:
        ...
    def loop(self) -> Any:
        "Give the loop; it is started when first asked for."
    @property
    def here(self) -> bool:
        "Is this the thread of the loop?"

leg_loop: LegLoop

def begin(coroutine: Any) -> Any:
    "Run a coroutine on the loop of the legs, in the context of the caller."
