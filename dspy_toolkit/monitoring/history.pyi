# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core import events
from dspy_toolkit.core.events import StepFinished
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.history_rows import Happening
from dspy_toolkit.monitoring.history_rows import StoredCall
from typing import Any

BATCH: int

LONGEST_PAUSE: float

class History:
    "The calls of this process and of earlier ones, in a file."
    def __init__(self, url: str | None=None, content: str | None=None, days: float | None=None, mb: float | None=None, limit: int=20000, room: int=64000000, pause: float=0.2, patience: float=1.0, clock: Any=..., bus: events.Bus=...) -> None:
        ...
    def add(self, batch: Any) -> None:
        "Take what happened; returns at once, whatever the file does."
    def flush(self, timeout: float | None=10.0) -> bool:
        "Wait until everything that happened until now is in the file."
    def close(self, timeout: float=5.0) -> None:
        "Write what waits, and let go of the file; a second time does nothing."
    def query(self, words: str | list[str]=..., since: Any=None, until: Any=None, signature: str | None=None, version: str | None=None, model: str | None=None, outcome: str | tuple[str, ...] | None=None, session: int | None=None, most: int | None=100, newest_first: bool=True, contents: bool=True) -> list[StoredCall]:
        "Give the calls that fit; raises `HistoryError`, or `InputError` for a filter that means nothing."
    def sums(self, words: str | list[str]=..., since: Any=None, until: Any=None, signature: str | None=None, version: str | None=None, model: str | None=None, outcome: str | tuple[str, ...] | None=None, session: int | None=None) -> dict[Any, Any]:
        "Count the calls that fit, and their tokens; the filters are those of `query`."
    def call(self, which: str | int, session: int | None=None) -> StoredCall:
        "Give one call; raises `InputError` where there is none."
    def count(self, session: int | None=None) -> int:
        "Count the calls."
    def numbers(self, calls: list[StoredCall], session: int | None=None) -> list[int]:
        "The number of each call: 1 for the latest of all."
    def steps(self, call: StoredCall) -> list[StepFinished]:
        "The steps around a call, and those that belong to it."
    def sessions(self, most: int=20) -> list[Session]:
        "The processes that wrote into the file."
    @property
    def session(self) -> int | None:
        "The number of the session of this process; None while nothing of it is in the file."
    def happenings(self, since: Any=None, until: Any=None, kind: str | None=None, about: str | None=None, most: int=100) -> list[Happening]:
        "The rare events: breakers that opened, engines that died, versions that were stored."
    def frame(self, calls: list[Call] | None=None) -> Any:
        "Give calls as a DataFrame; raises `MissingExtra` where pandas is not installed."
    file: Any
    packer: Any
    days: Any
    mb: Any
    limit: int
    room: int
    pause: float
    patience: float
    clock: Any
    bus: events.Bus
    source: Any
    problem: Any
    stalled_since: Any

@dataclass(frozen=True, slots=True)
class _Amended:
    "A call that was written before, and has changed."
    call: Call

@dataclass(frozen=True)
class Session:
    "A process that made calls."
    number: int
    process: int
    host: str
    began: float
    calls: int

def history() -> History:
    "Give the history of this process: that of its monitor, or one to read where there is none. Raises `SettingsError`."

def record_history(monitor: Any) -> History | None:
    "Write into the history of this process what a monitor sees from now on. The file is opened on the history's own thread."

def find_recorded_history() -> History | None:
    "Give the history of this process where calls are recorded now, or were by an earlier process; None where there is none."

def stop_history() -> None:
    "Write what waits, and close the history of this process, if there is one."
