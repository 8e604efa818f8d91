# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

def describe_event(event: Any) -> str:
    "Write an event as a person reads it."

@contextlib.contextmanager
def show_log(options: Any) -> Iterator[Any]:
    "Print what happens in the block, as the options say."
