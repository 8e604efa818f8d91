# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy_toolkit.engine.worker import Piece
from typing import Any
import logging
import socket

BEAT: float

class Outbox:
    "Collects messages and sends them together."
    def __init__(self, write: Any, clock: Any=...) -> None:
        ...
    def add(self, *message: Any, urgent: bool=True) -> None:
        "Add a message to the next flush. If no message is urgent, that flush may come later."
    def flush(self) -> None:
        "Send what was added."
    def end_step(self) -> None:
        "Flush urgent messages; after `BEAT` seconds flush all, or report the step."
    def say(self, *message: Any) -> None:
        "Send a message at once."

class ChildEngine:
    "A worker whose jobs are those of a parent."
    def __init__(self, make: Any, name: str, outbox: Outbox) -> None:
        ...
    def get_progress(self) -> Any:
        "Give the time of the last step; now, when nothing is asked."
    def take(self, message: list[Any]) -> None:
        "Handle a message of the parent."
    outbox: Outbox
    worker: Any

def make_last_piece(uid: Any, answer: Any) -> Piece:
    "Put the fields of an answer, except its text, into a piece."

def is_out_of_memory(error: BaseException | None) -> bool:
    "Did an error come from a lack of memory? Without memory, Python also raises errors of other kinds, so then the memory is tested."

def die_of_memory(outbox: Outbox, error: BaseException | str) -> None:
    "Report the error, and end this process."

def die(outbox: Outbox, error: BaseException) -> None:
    "Report an error that this process can't survive, and end it."

def limit_memory(nbytes: int | None) -> None:
    "Limit the memory of this process; enforced on Linux, not on macOS."

class MemoryWatch:
    'Ends this process when nothing moves for a while and the system gives it no memory: MLX may then wait for ever, for\nthreads that it could not start. Call it now and then, on a thread that goes on.'
    def __init__(self, outbox: Outbox, get_progress: Any=..., patience: float=5.0) -> None:
        ...
    def __call__(self) -> None:
        ...
    outbox: Outbox
    get_progress: Any
    patience: float

class _ToParent(logging.Handler):
    "Sends warnings to the parent, which logs them."
    def __init__(self, outbox: Any) -> None:
        ...
    def emit(self, record: Any) -> None:
        ...
    outbox: Any

def read_messages(channel: socket.socket, parent: int, watch: Any) -> Iterator[Any]:
    "Yield each message, until the parent ends."

def make_engine(options: dict[Any, Any], outbox: Outbox) -> ChildEngine:
    "Make the engine that the parent asks for."

def main() -> None:
    "Serve the parent until it ends."
