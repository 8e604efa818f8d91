# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Budget:
    "The most that a run may use; None means no limit."
    calls: int | None = ...
    tokens: int | None = ...
    money: float | None = ...
    minutes: float | None = ...
    def __post_init__(self) -> None:
        ...
    @property
    def limits(self) -> dict[Any, Any]:
        "What is limited: name -> number."
    def __str__(self) -> str:
        ...

def read_budget(text: Any) -> Budget:
    "Read a budget; raises `InputError`."

@dataclass(frozen=True)
class Spent:
    "What a run has used."
    calls: int = ...
    tokens: int = ...
    money: float = ...
    seconds: float = ...
    @property
    def minutes(self) -> float:
        ...
    def __str__(self) -> str:
        ...

class BudgetExceeded(BaseException):
    "The budget of a run is used up, so no further call starts; what was done is kept."
    def __init__(self, limit: str, budget: Budget, spent: Spent, run_id: str='') -> None:
        ...
    def __str__(self) -> str:
        ...
    @property
    def hint(self) -> str:
        "How to go on."
    limit: str
    budget: Budget
    spent: Spent
    run_id: str

class Meter:
    "Counts what a run uses, and raises `BudgetExceeded` when its budget is used up. Any thread may use it."
    def __init__(self, budget: Budget | str | None=None, spent: Spent=..., run_id: str='', clock: Any=...) -> None:
        ...
    @property
    def spent(self) -> Spent:
        "What was used until now."
    def add(self, calls: int=1, tokens: int=0, money: float | None=None) -> None:
        "Count what was used; never raises."
    def check(self) -> None:
        "Raise `BudgetExceeded` when no further call may start; and from then on always."
    def take(self) -> None:
        "Count one call that starts now; raises `BudgetExceeded` when none may start."
    def reserve(self, call_id: Any) -> None:
        'Take the place of one call, as soon as it is sure that there is one; raises `BudgetExceeded` or `Cancelled`.\n\nWhile calls run whose answers may turn out to be cached, the last places are not given away: the call waits for their ends.'
    def settle(self, call_id: Any, calls: int=0, tokens: int=0, money: float | None=None) -> None:
        "Count what a call used that had a place."
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *exc: Any) -> None:
        ...
    budget: Any
    run_id: str

LOOK: float

def current_meters() -> tuple[Any, ...]:
    "Find the meters whose blocks are around this place."

def check_budget(budget: Budget | str | None, has_price: bool, model: str='this model') -> Budget:
    "Read a budget that can be held; raises `InputError` for money where the price is not known."
