# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.programs.runs import Run
from typing import Any

@dataclass(frozen=True)
class RowResult:
    "What came of one row."
    index: int
    score: float | None = ...
    got: dict[Any, Any] = field(default_factory=...)
    note: str = ...
    error: str = ...
    message: str = ...
    seconds: float = ...
    input_tokens: int = ...
    output_tokens: int = ...
    cost: float | None = ...
    requests: tuple[Any, ...] = ...
    def to_json(self) -> dict[Any, Any]:
        "Write the result as JSON data; what is empty is left out."

def write_value(value: Any) -> Any:
    "Write an output as JSON data; what cannot be written so is given as Python shows it."

def read_result(data: dict[Any, Any]) -> RowResult:
    "Read a result; what is not known is left out."

class RowRunner:
    "Does some work on all rows, once."
    def __init__(self, work: Callable[..., Any], rows: Any, run: Run | None=None, on_row: Callable[..., Any] | None=None, clock: Callable[..., Any]=...) -> None:
        ...
    def is_over(self) -> bool:
        "Say whether the rows are to stop: their scope is cancelled, or its time is up."
    def stop(self, cause: BaseException) -> None:
        "Begin no more rows; the first cause counts."
    def go(self, threads: int=8, scope: CancelScope | None=None) -> None:
        "Do all rows; raises what stopped them, and then too each finished row is in `results`."
    work: Callable[..., Any]
    run: Run | None
    on_row: Callable[..., Any] | None
    clock: Callable[..., Any]
    kept: Any
    results: Any
    cause: Any
    written: Any
    scope: Any

class _NotWritten(Exception):
    "A row could not be written; the cause is the error of the disk."

LOOK: float

GRACE: float

class RowsNotKept(ToolkitError):
    "A result could not be written to the folder of its run."
    rows: Any

def run_rows(work: Callable[..., Any], rows: Any, *, threads: int=8, run: Run | None=None, on_row: Callable[..., Any] | None=None, scope: CancelScope | None=None) -> list[RowResult]:
    'Do some work on each row, and wait for all.\n\nAn `Exception` of a row is its result. Raises what else stops the rows: `Cancelled`, `KeyboardInterrupt`, a used-up budget,\n`RowsNotKept`.'
