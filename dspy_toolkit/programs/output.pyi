# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

class RunLog:
    "The lines that a run has printed. Any thread may write."
    def __init__(self, on_line: Any=None, limit: int=5000) -> None:
        ...
    def write(self, text: str) -> int:
        "Take a part of the output: whole lines are kept, the rest waits."
    def flush(self) -> None:
        ...
    lines: Any
    on_line: Any
    limit: int

def clean_line(text: str) -> str:
    "Clean a line that was printed."

class _Router:
    "Stands in the place of a standard stream while a run is on."
    def __init__(self, real: Any) -> None:
        ...
    def __getattr__(self, name: Any) -> Any:
        ...
    def __iter__(self) -> Any:
        ...
    def write(self, text: Any) -> Any:
        ...
    def writelines(self, lines: Any) -> None:
        ...
    def flush(self) -> None:
        ...
    real: Any

@contextlib.contextmanager
def catch_output(log: RunLog) -> Iterator[Any]:
    "Write into a log what is printed in the `with` block, and on the threads that DSPy starts in it."

def stop_routing() -> None:
    "Take the routers away, whatever is on."

@contextlib.contextmanager
def close_bars() -> Iterator[Any]:
    "Close the bars of tqdm that an error leaves open, here and not when it is forgotten: where they belong, in the log."
