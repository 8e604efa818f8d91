# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import dataclass
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.programs.runs import Run
from pathlib import Path
from typing import Any

def make_key(request: Any, rollout: Any=None, nth: int=0) -> str:
    "Make the key of a call."

def seed_of(key: str) -> int:
    "Derive the seed of a call from its key."

@dataclass(frozen=True)
class Entry:
    "What a model answered to one call."
    key: str
    model: str
    response: dict[Any, Any] | None = ...
    error: dict[Any, Any] | None = ...
    cost: float | None = ...
    seconds: float = ...
    def give(self) -> Any:
        "Give the answer, or raise the refusal."
    @property
    def tokens(self) -> int:
        "Input and output together."
    def to_json(self) -> dict[Any, Any]:
        ...

REFUSALS: Any

def read_entry(data: Any) -> Entry:
    "Read an entry, checking it; raises `ValueError`."

class LedgerFailed(BaseException):
    "An answer could not be written, so no further call starts."

class Ledger:
    "The answers that a run has paid for."
    def __init__(self, run: Run | Path | str, meter: Any=None, scope: CancelScope | None=None) -> None:
        ...
    @property
    def tokens(self) -> int:
        "Input and output of all entries."
    @property
    def cost(self) -> float | None:
        "US dollars of all entries; None where no price is known."
    def __repr__(self) -> str:
        ...
    def check(self) -> None:
        "Raise what stopped the run: nothing is answered any more, not even from the ledger."
    @property
    def is_over(self) -> bool:
        "Was the run stopped?"
    @property
    def stopped_early(self) -> BaseException | None:
        "What stopped the run before its end; None where nothing did."
    def keep(self, entry: Entry) -> None:
        "Write an entry; from then on its key is answered with it. Raises `LedgerFailed` when it cannot be written."
    def flush(self) -> None:
        "Write what could not be written before; a ledger that had failed goes on. Raises `LedgerFailed`."
    def prepare(self, request: Any, seeds: bool=True) -> tuple[Any, ...]:
        "Find the key of a request that is made now, and give it its seed."
    def begin_call(self, call_id: str, rollout: Any) -> None:
        "Note the rollout of a call."
    def end_call(self, call_id: str) -> None:
        "Forget a call."
    def answer(self, request: Any, ask: Any, price: Any=..., seeds: bool=True) -> Any:
        "Answer from the ledger, or ask, and keep the answer. Raises what `ask` raises, and what stopped the run."
    async def aanswer(self, request: Any, ask: Any, price: Any=..., seeds: bool=True) -> Any:
        "`answer` for an async engine."
    def finish(self, timeout: float=10.0) -> bool:
        "Answer nothing more; wait for the calls that are under way, and write what is not written yet."
    def wrap(self, lm: Any) -> Any:
        "Put the ledger before a model; raises `InputError` for what is no `dspy.LM`."
    run: Any
    meter: Any
    scope: CancelScope | None
    hits: Any
    asked: Any
    failed: Any
    entries: Any

class _Behind:
    "What the two engines have in common: the ledger, and the LM behind it, whose abilities they have."
    def __init__(self, ledger: Any, lm: Any) -> None:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    def __deepcopy__(self, memo: Any) -> Any:
        ...
    def __repr__(self) -> str:
        ...
    def takes_seeds(self) -> Any:
        ...
    def price(self, request: Any) -> Any:
        "Give a function that prices an answer; only DSPy's own engines have prices."
    ledger: Any
    inner_lm: Any

class LedgerEngine(_Behind):
    "An engine that answers from a ledger what was answered before."
    def complete(self, request: Any) -> Any:
        ...
    def stream(self, request: Any) -> Iterator[Any]:
        "The events of an answer that is whole already: nothing is shown before it is kept."
    def ask(self, request: Any) -> Any:
        "Ask the model behind the ledger."
    def close(self) -> None:
        ...

class AsyncLedgerEngine(_Behind):
    "The async form of a `LedgerEngine`."
    async def complete(self, request: Any) -> Any:
        ...
    def stream(self, request: Any) -> AsyncIterator[Any]:
        ...
    async def aclose(self) -> None:
        ...

def unwrap(lm: Any) -> Any:
    "Give the model behind a ledger; any other is returned as it is."
