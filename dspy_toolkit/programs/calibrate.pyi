# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.engine.decisions import Calibration
from dspy_toolkit.programs.statistics import Paired
from typing import Any
from typing import NamedTuple

SCALES: Any

FLOOR: float

def fit_bias(shares: Any, right: Any, ridge: float=1.0) -> Calibration:
    "Fit a bias for each label, and a scale; raises `InputError` for labels that are not among the choices."

RIDGES: Any

FOLDS: int

def choose_ridge(shares: Any, right: Any, seed: int=0) -> float:
    "Choose how strongly a fit is drawn to no change."

class Gain(NamedTuple):
    "What a correction changes on rows that its fit has not seen."
    right: Paired
    loss: Paired
    before: float
    after: float
    @property
    def helps(self) -> str:
        "What gets better beyond its interval: choices, or probabilities where no fewer choices are right; '' where nothing does."
    def __str__(self) -> str:
        ...

def measure_gain(shares: Any, right: Any, seed: int=0, fit: Callable[..., Any] | None=None) -> Gain:
    "Measure by cross-validation what a correction changes."

def fit_batch(shares: Any) -> Calibration:
    "Subtract each label's mean log probability; needs no right labels."

LEAST: int

METHODS: Any

@dataclass(frozen=True)
class OutputFit:
    "What came of one choice of one predictor."
    predictor: str
    name: str
    rows: int
    counts: dict[Any, Any]
    calibration: Calibration | None = ...
    gain: Gain | None = ...
    problem: str = ...
    @property
    def kept(self) -> bool:
        ...
    @property
    def path(self) -> str:
        ...
    @property
    def verdict(self) -> str:
        "Say whether it is kept, and why."
    def __str__(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Give it as JSON data."

@dataclass(frozen=True)
class Calibrated:
    "A program with calibrated choices."
    program: object = field(repr=..., compare=...)
    outputs: tuple[Any, ...]
    name: str
    data: str
    lm: str
    method: str
    failed: dict[Any, Any] = field(default_factory=...)
    @property
    def kept(self) -> tuple[Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Give it as JSON data, without the program."

@dataclass(frozen=True)
class CalibrationPlan:
    "What will be calibrated: all is found and checked."
    program: object
    signature: object
    name: str
    data: str
    rows: tuple[Any, ...]
    lm: object
    method: str = ...
    seed: int = ...
    threads: int = ...
    ref: str = ...

def plan_calibration(target: Any, data: Any, *, lm: Any=None, method: str='labels', seed: int=0, threads: int=8, namespace: dict[Any, Any] | None=None) -> CalibrationPlan:
    "Find and check what a calibration needs; raises `InputError` or `NotRegistered`, and asks no model."

def run_calibration(plan: CalibrationPlan, on_row: Callable[..., Any]=...) -> Calibrated:
    "Run the rows, fit each choice, and keep what helps; raises `InputError` where nothing can be measured."

def calibrate(target: Any, data: Any, *, lm: Any=None, method: str='labels', seed: int=0, threads: int=8, namespace: dict[Any, Any] | None=None) -> Calibrated:
    "Fit a bias for each label of each choice of a program, and keep those that help with a copy of it."
