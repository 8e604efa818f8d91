# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def renew_after_fork(owner: Any, *locks: str, then: Any=None) -> None:
    "Have the locks of an object released in a forked child, whichever thread held them."

class Unforked:
    "A block of code that no fork interrupts: a thread that wants to fork waits for its end, for 30 seconds at most."
    def __init__(self, before: Any=None) -> None:
        ...
    def __enter__(self) -> None:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    lock: Any
    before: Any
