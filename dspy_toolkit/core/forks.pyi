# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def renew_after_fork(owner: Any, *locks: str, then: Any=None) -> None:
    "In a forked child, make the locks of an object free, whoever held them when it was forked."

class Unforked:
    "A block of code that is not forked in its middle: another thread that wants to fork waits for its end, half a minute at most."
    def __init__(self) -> None:
        ...
    def __enter__(self) -> None:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    lock: Any
