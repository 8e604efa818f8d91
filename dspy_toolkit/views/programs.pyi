# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.answers import Shortfall
from dspy_toolkit.views.base import View
from dspy_toolkit.views.signatures import ComparedView
from typing import Any

@dataclass
class RunView(View):
    "One run of a program, at whatever point it is."
    name: str
    fields: dict[Any, Any]
    module: str = ...
    lm: str = ...
    state: str = ...
    values: dict[Any, Any] = field(default_factory=...)
    writing: str | None = ...
    seconds: float = ...
    usage: dict[Any, Any] = field(default_factory=...)
    prediction: object = field(default=..., repr=...)
    version: str = ...
    steps: dict[Any, Any] = field(default_factory=...)
    leg: str = ...
    way: list[Any] = field(default_factory=...)
    lacks: Shortfall = field(default_factory=...)
    log: list[Any] = field(default_factory=...)
    held: object = field(default=..., repr=..., compare=...)
    notes: list[Any] = field(default_factory=...)
    answer: str = ...
    sure: dict[Any, Any] = field(default_factory=...)
    def finish(self, prediction: Any, calls: Any=...) -> Any:
        "Mark the run as done, and take over its values."
    def fail(self, error: BaseException, calls: Any=...) -> None:
        "The run ended with an error, which from now on knows the run: its card says more."
    @property
    def shown(self) -> Any:
        ...
    @property
    def aside(self) -> Any:
        "The state, the model, and what it took."
    def to_json(self) -> Any:
        "What happened; rare keys only if they have a value."
    def says(self, logger: str, message: str, error: BaseException | None=None) -> bool:
        "Does the card already say what this line says?"
    def take_log(self, error: BaseException | None=None) -> None:
        "Take over the held lines that repeat the card."
    def field_html(self, name: str) -> Any:
        "A field's value as it stands, in html."
    def fold_value(self, name: str) -> Any:
        "The reasoning, folded behind its first words."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
    def value_text(self, name: str) -> Any:
        "A field's value as it stands, in text."

def steps_of(trajectory: dict[Any, Any]) -> list[Any]:
    "The steps of an agent, a line each."

def tokens(calls: Any) -> dict[Any, Any]:
    "Count the tokens of a run."

def legs_of(calls: Any) -> tuple[str, list[Any]]:
    "Describe which legs of a fallback gave the answers of a run."

def prediction_values(prediction: Any) -> dict[Any, Any]:
    "The fields of a prediction, without what DSPy keeps there for itself and how sure they are."

def find_confidences(prediction: Any) -> dict[Any, Any]:
    "Find how sure an answer is of its choices, where the program has a calibration."

def describe_confidence(sure: float) -> str:
    "Write a probability in [0, 1]."

def of_prediction(prediction: Any) -> RunView:
    "Show a prediction on its own."

class ProgramDiffView(ComparedView):
    "Two programs, and what is different."
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
