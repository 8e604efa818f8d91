# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

class Cancelled(BaseException):
    "A request was cancelled; `partial` is the text it had written."
    def __init__(self, message: str='the request was cancelled', partial: str='') -> None:
        ...
    partial: str

def current_scope() -> Any:
    "Find the innermost scope."

class CancelScope:
    "Requests made inside the `with` block, also on other threads that inherit its context, stop when `cancel` is called."
    def __init__(self, timeout: float | None=None) -> None:
        ...
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *exc: Any) -> None:
        ...
    @property
    def cancelled(self) -> bool:
        "Was it, or a scope around it, cancelled?"
    @property
    def left(self) -> float | None:
        "Seconds until its deadline, or that of a scope around it; None without one."
    def cancel(self) -> None:
        "Stop what runs inside; what is added later stops at once."
    def add(self, started: Any) -> None:
        "Have something stopped with this scope, and with the scopes around it."
    def note(self, partial: str) -> None:
        "Keep what a stopped request had written; an empty text does not replace another."
    partial: Any

@contextlib.contextmanager
def join(scope: CancelScope | None) -> Iterator[Any]:
    "Make a scope that was entered elsewhere that of the `with` block."
