# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.programs.compare import Compared
from typing import Any

MARGIN: float

class Regression(ToolkitError):
    "A version is not promoted, because it is or may be worse."
    def __init__(self, message: str, hint: str='', hint_verb: Any=..., compared: Compared | None=None) -> None:
        ...
    compared: Compared | None

def find_problem(compared: Compared, margin: float) -> str:
    "Say why a version should not be promoted."

def describe_blindness(rows: int) -> str:
    "Say what a small number of rows can't show: by the rule of three, what was seen in none of n rows may still happen in 3 of n."

@dataclass(frozen=True)
class PromotionPlan:
    "A promotion that was checked and not yet decided."
    ref: str
    name: str
    alias: str
    current: int | None
    columns: list[Any] = field(repr=...)
    margin: float = ...
    force: bool = ...
    message: str = ...
    @property
    def where(self) -> str:
        ...
    def decide(self, compared: Compared) -> Promotion:
        "Move the alias, or raise `Regression`; `AliasConflict` where somebody moved it since the plan was made."

def plan_promotion(ref: str, alias: str, data: Any, metric: Any='exact_match', *, margin: float=..., force: bool=False, message: str='', lm: Any=None, threads: int=8, namespace: dict[Any, Any] | None=None) -> PromotionPlan:
    "Find and check what a promotion needs; asks no model. Raises `InputError`, `NotRegistered` or `Protected`."

@dataclass(frozen=True)
class Promotion:
    "An alias that was moved."
    ref: str
    where: str
    previous: str
    compared: Compared = field(repr=...)
    problem: str = ...
    remarks: tuple[Any, ...] = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the promotion as JSON data."

def promote(ref: str, alias: str, data: Any, metric: Any='exact_match', *, budget: Any=None, on_row: Callable[..., Any] | None=None, **options: Any) -> Promotion:
    "Point an alias at a version, if it is no worse than the one it points to; raises `Regression`."
