# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

class _Hand:
    "A thread that does one blocking call after another; it does not keep the process alive."
    def __init__(self, name: Any) -> None:
        ...
    async def do(self, function: Any, *args: Any) -> Any:
        ...
    def close(self) -> None:
        ...

class LineReader:
    "The lines of a pipe, as an asynchronous iterator."
    def __init__(self, fd: int, on_end: Any=None) -> None:
        ...
    def close(self) -> None:
        "End the lines here; any thread may call it."
    def __aiter__(self) -> Any:
        ...
    async def __anext__(self) -> str:
        ...

class LineWriter:
    "Writes texts to a pipe."
    def __init__(self, fd: int) -> None:
        ...
    async def write(self, text: str) -> None:
        "Write a text; raises `BrokenPipeError` when nobody reads any longer."
    async def flush(self) -> None:
        "Every `write` has done it."

@contextlib.contextmanager
def claim_pipes() -> Iterator[Any]:
    "Have stdin and stdout for oneself while the block runs."
