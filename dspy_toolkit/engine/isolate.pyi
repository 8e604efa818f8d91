# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy.lm15 import ServerError
from dspy_toolkit.engine.worker import Generation
from dspy_toolkit.engine.worker import Job
from typing import Any

@dataclass(frozen=True)
class Backoff:
    "The time to wait before a child is started again."
    first: float = ...
    factor: float = ...
    most: float = ...
    def __call__(self, deaths: int) -> float | None:
        "Give the seconds to wait."

class IsolatedWorker:
    "A `Worker` whose model is in a child process."
    def __init__(self, make: str, options: dict[Any, Any], name: str='model', queue_limit: int=1024, timeout: float | None=None, rerun: bool=False, memory_limit: int | None=None, restart_delay: Any=..., clock: Any=..., bus: Any=...) -> None:
        ...
    @property
    def state(self) -> str:
        "new, loading, ready, dead or closed."
    @property
    def pid(self) -> int | None:
        "The process id of the child; None when there is no child."
    def submit(self, generation: Generation, streaming: bool=False, timeout: float | None=None) -> Job:
        'Submit a request.\n\nRaises `RateLimitError` when the queue is full, `ConfigurationError` when the worker is closed,\n`ServerError` when the child may not be started again, `Cancelled` in a scope that is cancelled.'
    def stop(self, job: Job) -> None:
        "Stop a cancelled job: the child ends it within one step; without a child it ends here."
    def warm(self, timeout: float | None=None) -> None:
        "Load the model now and wait; raises the error of a failed load."
    def stats(self, timeout: float | None=None) -> dict[Any, Any]:
        "Report the state, the queue, and what the backend holds after the next step."
    def gauges(self) -> dict[Any, Any]:
        "Like `stats`, without waiting: gives the last statistics, and asks the child for new ones."
    @property
    def alive(self) -> bool:
        "Does it serve a request, at once or after loading?"
    @property
    def ready(self) -> bool:
        "Does it take a request now? False while the model is loading."
    @property
    def closed(self) -> bool:
        "Was it closed?"
    @property
    def pending(self) -> int:
        "The number of requests that have not ended."
    def count_requests(self) -> dict[Any, Any]:
        "Count the requests that have a slot, and those that wait."
    def restart(self, timeout: float | None=None) -> None:
        "Kill the child, if there is one, and start another. Its requests fail, or are sent again."
    def reload(self, timeout: float | None=None) -> None:
        "The same as `restart`: the memory of a child is free when it has ended."
    def clear_caches(self, timeout: float | None=10.0) -> int:
        "Drop what the backend can compute again."
    def refuse(self, reason: str) -> None:
        "Refuse requests until `accept`; the caller gets a `RateLimitError` with the reason."
    def accept(self) -> None:
        "Accept requests again."
    def unload(self, timeout: float | None=10.0) -> bool:
        "End the child, and so free its memory; the next request starts another one."
    def close(self, timeout: float | None=10.0) -> None:
        "End every job and the child; a second call does nothing."
    name: str
    queue_limit: int
    timeout: float | None
    clock: Any
    bus: Any
    rerun: bool
    restart_delay: Any
    heartbeat: Any

class EngineProcessError(ServerError):
    "The process of an engine has ended; `log` is the end of its output."
    log: str

def close_isolated_workers() -> None:
    "Close every isolated worker of this process."
