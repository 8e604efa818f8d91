# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.registry.cases import Case
from typing import Any
from typing import Callable

STATES: Any

@dataclass(frozen=True)
class CaseResult:
    "What came of a case."
    case: Case
    state: str
    got: dict[Any, Any] = field(default_factory=...)
    differs: dict[Any, Any] = field(default_factory=...)
    problem: str = ...
    seconds: float = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the result as JSON data."

def judge_case(case: Case, got: dict[Any, Any], seconds: float=0.0) -> CaseResult:
    "Compare an answer with what is expected, or else with the answer that was kept."

@dataclass(frozen=True)
class Trial:
    "A version under a model: a column of the table."
    label: str
    program: object
    lm: str | None = ...
    version: str = ...

def run_cases(trial: Trial, cases: Any, threads: int=8, on_result: Callable[..., Any] | None=None) -> list[Any]:
    "Run cases on one version under one model."

def read_values(words: Any, fields: dict[Any, Any], signature: Any, what: str) -> dict[Any, Any]:
    "Read `name=value` words; raises `InputError`."
