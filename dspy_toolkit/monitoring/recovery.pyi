# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core import events
from dspy_toolkit.monitoring.pressure import MemoryPressure
from dspy_toolkit.monitoring.probes import Probe
from dspy_toolkit.monitoring.probes import Recoverable
from enum import StrEnum
from typing import Any

class State(StrEnum):
    "What a supervisor thinks of a child."
    starting, ready, unready = ('starting', 'ready', 'unready')
    backing_off, restarting = ('backing_off', 'restarting')
    degraded, given_up = ('degraded', 'given_up')

@dataclass(frozen=True)
class Probes:
    "How children are watched."
    startup: Probe = ...
    liveness: Probe = ...
    readiness: Probe = ...
    stall_seconds: float = ...
    restart_timeout: float = ...
    def __post_init__(self) -> None:
        ...
    @property
    def startup_seconds(self) -> float:
        ...

STEPS: Any

@dataclass(frozen=True)
class Ladder:
    "What else can be done for a child, as functions; each is called on a thread of its own."
    degrade: object = ...
    open_breaker: object = ...
    close_breaker: object = ...
    tell: object = ...

@dataclass(frozen=True)
class RecoveryEntry:
    "Something that was done for a child."
    child: str
    happened: str
    done: str
    seconds: float = ...
    ok: bool = ...
    at: float = field(default_factory=..., repr=..., compare=...)
    @property
    def outcome(self) -> str:
        "What was done in words: how long it took, and whether it helped."

class Supervisor:
    "Watches children, and restarts those that fail; raises `SettingsError` for a value that cannot be used."
    def __init__(self, children: Any=..., strategy: str='one_for_one', max_restarts: int=3, within: float=60.0, backoff: Any=..., probes: Probes=..., ladder: Ladder=..., pressure: MemoryPressure | None=None, interval: float=0.25, clock: Any=..., bus: events.Bus=..., run: Any=...) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def add(self, child: Recoverable) -> str:
        "Watch another child; one that is watched already stays as it is."
    def remove(self, name: str) -> None:
        "Watch a child no more."
    @property
    def states(self) -> dict[str, State]:
        "The state of each child, by name."
    def snapshot(self) -> list[ChildSnapshot]:
        "How each child is now."
    @property
    def closed(self) -> bool:
        "Does it watch nobody any more?"
    @property
    def log(self) -> list[RecoveryEntry]:
        "What was done, the latest last; the last thousand entries are kept."
    def latest(self, most: int) -> list[RecoveryEntry]:
        "The last entries of the log, the latest last."
    def tick(self) -> None:
        "Look after every child, once."
    def reset(self, name: str | None=None) -> None:
        "Begin anew with a child that was given up: it is restarted at the next look. Raises `InputError` for a name that is not known."
    def list_notes(self) -> list[str]:
        "What a person should know with every view."
    def start(self) -> Supervisor:
        "Begin to look, on a thread; a second time does nothing. Raises `InputError` when it was closed."
    def close(self, timeout: float=5.0) -> None:
        "Watch nobody any more; the children stay as they are. A second time does nothing."
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *error: Any) -> None:
        ...
    strategy: str
    max_restarts: int
    within: float
    backoff: Any
    probes: Probes
    ladder: Ladder
    pressure: MemoryPressure | None
    interval: float

class Supervised:
    "A child, and what a supervisor knows of it."
    def __init__(self, child: Recoverable, name: str, supervisor: Supervisor) -> None:
        ...
    def watch(self, child: Recoverable) -> None:
        "Ask this child from now on."
    @property
    def hangs(self) -> bool:
        "Is a restart out that did not end in time? Then there is no other."
    def forget_work(self) -> None:
        "Forget what is out: whoever did it is not there any more."
    child: Recoverable
    first: Recoverable
    name: str
    state: Any
    since: Any
    reason: Any
    restarts: Any
    attempts: Any
    step: Any
    is_degraded: Any
    has_open_breaker: Any
    failed_at: Any
    well_since: Any
    busy_since: Any
    is_stalled: Any
    due: Any
    planned: Any
    work: Any
    work_began: Any
    doing: Any
    hanging: Any

@dataclass(frozen=True)
class ChildSnapshot:
    "A child at one moment, for those who draw it."
    name: str
    state: str
    seconds: float
    reason: str
    attempts: int
    restarts: int
    serving: str
    wait: float | None = ...
    @property
    def is_well(self) -> bool:
        ...
    @property
    def about(self) -> str:
        "Why it has its state, how often it was restarted, and who serves in its place, in words."

def list_supervisors() -> list[Supervisor]:
    "List the supervisors of this process that look after somebody."
