# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.resilience.breaker import BreakerConfig
from typing import Any

@dataclass(frozen=True)
class Outcome:
    "A response and how long it took."
    response: object
    seconds: float
    first_token: float | None = ...

REFUSALS: Any

MIN_TOKENS: int

JUDGES: Any

@dataclass(frozen=True)
class _Policy:
    name: str
    limit: object
    @property
    def __name__(self) -> Any:
        ...
    def __call__(self, outcome: Any) -> Any:
        ...

@dataclass(frozen=True)
class Semantics:
    "Which answers count as failures."
    unparsed: bool = ...
    truncated: bool = ...
    empty: bool = ...
    refusal: bool = ...
    min_tokens_per_second: float | None = ...
    max_time_to_first_token: float | None = ...
    def __post_init__(self) -> None:
        ...
    def failures(self, outcome: Outcome) -> tuple[str, ...]:
        "Say what is wrong with an answer; empty when nothing is."
    def config(self, base: BreakerConfig) -> BreakerConfig:
        "Add these policies to what a breaker counts as failures."

class _Page:
    "One LM call: which breakers served it, and the answers to parse."
    def __init__(self, outer: Any) -> None:
        ...
    outer: Any
    running: Any
    served: Any
    answers: Any
    parsing: Any

def current_call() -> Any:
    "Give the LM call that `watch` follows here."

def note_answer(breaker: Any, permit: Any) -> None:
    "Note which breaker served the current LM call, to count an answer that does not parse; outside of a call it does nothing."

class _Watching:
    def on_lm_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_lm_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_adapter_parse_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_adapter_parse_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...

def watch() -> None:
    "Count answers that do not parse as failures of their breaker."

def unwatch() -> None:
    "Undo `watch`."
