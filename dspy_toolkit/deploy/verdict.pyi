# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.registry.counts import Counts
from typing import Any

def pick_arm(key: str, share: float, salt: str='') -> str:
    "Say which version answers a key."

@dataclass(frozen=True)
class Criteria:
    "When a canary goes on, and when it is taken back."
    samples: int = ...
    seconds: float = ...
    margin: float = ...
    slower: float = ...
    risk: float = ...
    metric: str = ...
    def __post_init__(self) -> None:
        ...
    def to_json(self) -> dict[Any, Any]:
        ...

def read_criteria(data: dict[Any, Any]) -> Criteria:
    "Read criteria; what a later release added is ignored."

@dataclass(frozen=True)
class Finding:
    "How the canary compares with the stable version in one thing."
    what: str
    stable: float | None
    canary: float | None
    difference: float = ...
    low: float = ...
    high: float = ...
    is_worse: bool = ...
    is_fine: bool = ...
    text: str = ...

def compare_arms(stable: Counts, canary: Counts, criteria: Criteria=..., steps: int=3) -> list[Finding]:
    "Compare a canary with the stable version in all there is."

@dataclass(frozen=True)
class Verdict:
    "What becomes of a canary now, and why."
    action: str
    reason: str
    findings: tuple[Any, ...] = field(default=..., repr=...)
    def to_json(self) -> dict[Any, Any]:
        "Give the verdict as JSON data."

def judge(stable: Counts, canary: Counts, criteria: Criteria=..., seconds: float=..., steps: int=3) -> Verdict:
    "Decide whether a canary goes on, waits, or is taken back."
