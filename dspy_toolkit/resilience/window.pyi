# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class CountWindow:
    "Remembers the last `size` calls."
    def __init__(self, size: int) -> None:
        ...
    def record(self, failed: bool, slow: bool, now: float=0.0) -> int:
        "Remember one more call."
    def roll(self, now: float) -> None:
        "Forget old calls; does nothing here, because only a newer call removes an old one."
    def amend(self, key: int, now: float=0.0) -> bool:
        "Make a failure of a call that was remembered as none."
    size: int
    total: Any
    failed: Any
    slow: Any
    slow_failed: Any

class TimeWindow:
    "Remembers the calls of the last `seconds` seconds."
    def __init__(self, seconds: int, now: float) -> None:
        ...
    def record(self, failed: bool, slow: bool, now: float) -> int:
        "Remember one more call."
    def roll(self, now: float) -> None:
        "Forget the seconds that are too old."
    def amend(self, key: int, now: float) -> bool:
        "Make a failure of a call that was remembered as none."
    size: int
    total: Any
    failed: Any
    slow: Any
    slow_failed: Any

class ManualClock:
    "A clock that moves only when `advance` is called."
    def __init__(self, now: float=0.0) -> None:
        ...
    def __call__(self) -> float:
        ...
    def advance(self, seconds: float) -> None:
        "Let time pass."
    def call_later(self, seconds: float, function: Any) -> _Alarm:
        "Have a function called after so many seconds."
    now: float

class _Alarm:
    def __init__(self, at: Any, function: Any) -> None:
        ...
    def cancel(self) -> None:
        ...
    at: Any
    function: Any
    cancelled: Any
