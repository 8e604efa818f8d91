# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class Cancelled(BaseException):
    "A request was cancelled; `partial` is the text it had."
    def __init__(self, message: str='the request was cancelled', partial: str='') -> None:
        ...
    partial: str

def current_scope() -> Any:
    "Find the scope around."

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
        ...
    @property
    def left(self) -> float | None:
        "Seconds until its deadline, or that of a scope around it; None without one."
    def cancel(self) -> None:
        "Stop what runs inside, and let nothing new begin."
    def add(self, started: Any) -> None:
        "Let something stop with the scope, and with those around it."
    def note(self, partial: str) -> None:
        "Keep what a stopped request had written; an empty text does not replace another."
    partial: Any
