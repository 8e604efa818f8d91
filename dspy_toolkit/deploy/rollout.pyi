# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.deploy.verdict import Verdict
from dspy_toolkit.registry.counts import Counts
from dspy_toolkit.registry.rollouts import Rollout
from typing import Any
from typing import NamedTuple

def read_arms(registry: Any, rollout: Rollout) -> tuple[Counts, Counts]:
    "Add up how the answers of the present step went, over all processes."

def judge_rollout(registry: Any, rollout: Rollout) -> Verdict:
    "Judge a canary by what all processes counted."

def apply_verdict(registry: Any, rollout: Rollout, verdict: Verdict) -> Rollout | None:
    "Give the canary its next share, or take it back; where another process was faster, its change stands."

CHANGES: Any

@dataclass(frozen=True)
class Standing:
    "A rollout with its counts."
    rollout: Rollout
    stable: Counts
    canary: Counts
    verdict: Verdict | None = ...
    versions: tuple[Any, ...] = ...
    changes: list[Any] = field(default_factory=...)
    def to_json(self) -> dict[Any, Any]:
        "Give it as JSON data, without the salt, which says who gets the canary."

def find_standing(registry: Any, name: str, most: int=8) -> Standing:
    "Say how the rollout of a name stands; raises `NotRegistered` where there is none."

class Pick(NamedTuple):
    "Which version answers a request."
    name: str
    version: str
    arm: str = ...
    shadow: str = ...
    rollout: int = ...
    revision: int = ...

class Rollouts:
    "The rollouts of a registry, as a server sees them; safe to use from many threads."
    def __init__(self, registry: Any=None, every: float=0.5, decide: bool=True, run: bool=True, prepare: Any=None, rng: Any=...) -> None:
        ...
    def rollout(self, name: str) -> Rollout | None:
        ...
    def close(self) -> None:
        "Write what was counted and end the thread; closing twice is no error. `pick` goes on with what was known last."
    def pick(self, name: str, key: str | None=None) -> Pick:
        "Say which version answers a request; asks no database."
    def record(self, pick: Pick, *, error: bool=False, parse_failed: bool=False, refused: bool=False, seconds: float | None=None, shadow: bool=False) -> None:
        "Count how a request went; never waits for a database."
    def add_score(self, pick: Pick, score: float, shadow: bool=False) -> None:
        "Count the score of an answer; never waits for a database."
    def renew(self, last: bool=False) -> None:
        "Write the counts, read the rollouts and judge them; where the registry fails, what was known goes on and counts are kept."
    registry: Any
    every: float
    decide: bool
    verdicts: Any
    problem: Any
