# Made by `make export` from the modules: edit the notebooks.
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from typing import Protocol

class Recoverable(Protocol):
    "What a supervisor watches and restarts. `clear_caches()`, `reload()` and `closed` may be there as well."
    name: str
    @property
    def alive(self) -> bool:
        ...
    @property
    def ready(self) -> bool:
        ...
    @property
    def heartbeat(self) -> float | None:
        ...
    @property
    def pending(self) -> int:
        ...
    def restart(self) -> None:
        ...
    def close(self) -> None:
        ...

@dataclass(frozen=True)
class Vitals:
    "How a child is."
    alive: bool = ...
    ready: bool = ...
    pending: int = ...
    heartbeat: float | None = ...
    closed: bool = ...

def read_vitals(child: Recoverable) -> Vitals:
    "Read how a child is; whatever it raises is passed on."

class NotWell(Exception):
    "What a child says of itself is the failure of a probe."

def check_liveness(child: Recoverable) -> Vitals:
    "Read how a child is; raises `NotWell` when it is not alive. One that was closed has nothing to answer for."

def check_readiness(child: Recoverable) -> Vitals:
    "Read how a child is; raises `NotWell` when it takes no requests."

@dataclass(frozen=True)
class Probe:
    "How often a child is asked, and how many answers in a row count."
    period: float = ...
    timeout: float = ...
    failure_threshold: int = ...
    success_threshold: int = ...
    def __post_init__(self) -> None:
        ...

def run_on_thread(function: Any, name: str) -> Future[Any]:
    "Call a function on a thread of its own, which does not keep the process alive."

def run_inline(function: Any, name: str='') -> Future[Any]:
    "Call a function at once."

@dataclass(frozen=True)
class ProbeAnswer:
    "What came of a probe."
    ok: bool
    value: object = ...
    error: str = ...

class Probing:
    "Asks one question at intervals, and counts the answers in a row."
    def __init__(self, kind: str, config: Probe, function: Any, clock: Any=..., run: Any=...) -> None:
        ...
    def reset(self) -> None:
        "Begin anew: nothing is counted, and a question that is out is forgotten."
    @property
    def has_failed(self) -> bool:
        ...
    @property
    def has_passed(self) -> bool:
        ...
    def poll(self) -> ProbeAnswer | None:
        "Ask when it is time, and give the answer when there is one."
    def count(self, answer: ProbeAnswer) -> ProbeAnswer:
        "Count an answer."
    kind: str
    config: Probe
