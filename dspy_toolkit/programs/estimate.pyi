# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.errors import ToolkitError
from dspy_toolkit.programs.cost import Budget
from typing import Any

@dataclass(frozen=True)
class Estimate:
    "What a run is likely to use; None where that is not known."
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: float | None = ...
    money: float | None = ...
    model: str = ...
    is_local: bool = ...
    most_calls: int | None = ...
    basis: dict[Any, Any] = field(default_factory=...)
    @property
    def text(self) -> str:
        "The estimate in one line."

SAMPLE: int

@dataclass(frozen=True)
class CallSize:
    "The tokens of one call, in the mean of a sample."
    input_tokens: float
    a_demo: float
    output_tokens: float | None
    prompts: tuple[Any, ...] = ...
    counted: bool = ...

def measure_prompts(predictor: Any, rows: list[Any], lm: Any, adapter: Any) -> CallSize:
    "Write the prompts of some rows, and count their tokens."

PAST: int

@dataclass(frozen=True)
class PastCalls:
    "Means over earlier calls that were answered by a model."
    calls: int
    input_tokens: float
    output_tokens: float
    seconds: float
    apart: float
    money: float | None

def find_past(model: str, signature: str | None=None) -> PastCalls | None:
    "Look up earlier calls; None where none are recorded."

def summarize_calls(calls: list[Any]) -> PastCalls | None:
    "Take the means of some calls."

@dataclass(frozen=True)
class Speed:
    "How fast a model on this machine is, with so many calls at once."
    reading: float
    writing: float

def measure_speed(lm: Any, prompts: tuple[Any, ...], threads: int, clock: Any=...) -> Speed:
    "Have a model read some prompts and write eight tokens."

def is_local(lm: Any) -> bool:
    "Say whether a model runs on this machine, so that its answers cost nothing; of a fallback, whether all its models do."

def find_price(lm: Any) -> tuple[float, float] | None:
    "Look up the price of a model."

@dataclass(frozen=True)
class _Asked:
    "What a run asks: the same for an evaluation and for an optimisation."
    program: object
    rows: list[Any]
    lm: object
    threads: int
    adapter: object
    measure: bool

MANY: int

def estimate_evaluation(target: Any, data: Any, lm: Any=None, threads: int=8, *, namespace: dict[Any, Any] | None=None, module: str | None=None, measure: bool=True) -> Estimate:
    "Estimate what an evaluation costs; the program is not run."

PROPOSAL: Any

def estimate_optimization(target: Any, data: Any, optimizer: str='bootstrap', options: dict[Any, Any] | None=None, lm: Any=None, threads: int=8, *, valset: Any=None, scored: int=0, namespace: dict[Any, Any] | None=None, module: str | None=None, measure: bool=True) -> Estimate:
    "Estimate what an optimisation costs; nothing is run."

ASK_ABOVE: Any

class CostNotConfirmed(ToolkitError):
    "A run would cost something, and nobody has said yes."

def confirm_cost(estimate: Estimate, yes: bool=False, budget: Budget | str | None=None) -> None:
    "Go on when a run is cheap, or its person has agreed; raises `CostNotConfirmed`."

def confirm_costs(estimates: list[Estimate]) -> None:
    "Go on when several runs are cheap; raises `CostNotConfirmed`."

def add_estimates(estimates: list[Estimate]) -> Estimate:
    "Add estimates up; what is not known of one is not known of all."

def is_dear(estimate: Estimate) -> bool:
    "Say whether a run is asked about first."
