# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

def decisions(schema: dict[Any, Any]) -> dict[str, dict[Any, Any]]:
    "The properties whose answers can be counted; at least two each, with labels that differ."

JOINT: int

@dataclass(frozen=True)
class Ballot:
    "The candidates: answers whose probability is measured."
    answers: tuple[dict[Any, Any], ...]
    groups: tuple[tuple[tuple[str, ...], range], ...]
    @property
    def texts(self) -> tuple[str, ...]:
        ...

def needs_writing(schema: dict[Any, Any]) -> bool:
    "Must the model write an answer first, because not all of it can be measured together?"

def ballot(schema: dict[Any, Any], written: dict[Any, Any] | None=None) -> Ballot:
    "The answers whose probabilities give the share of every value."

def distributions(schema: dict[Any, Any], weighed: Ballot, likelihoods: tuple[float, ...]) -> tuple[dict[str, dict[str, float]], float]:
    "The distribution of each decision; raises `ValueError` when none of the answers is possible."

def likeliest(schema: dict[Any, Any], shares: dict[str, dict[str, float]], written: dict[Any, Any] | None=None) -> dict[Any, Any]:
    "The answer that has the likeliest value of each decision."

@dataclass(frozen=True)
class Calibration:
    "How the shares of a decision are corrected."
    bias: dict[Any, Any]
    scale: float = ...
    def apply(self, shares: dict[Any, Any]) -> dict[Any, Any]:
        "Correct shares."
    def choose(self, shares: dict[Any, Any]) -> tuple[str, float]:
        "Choose a label by corrected shares."

def read_label(value: Any) -> str:
    "Give the label of a value."

def ask_for_labels(signature: Any) -> Any:
    "Ask for labels where DSPy asks for evidence."

def evidence(answer: dict[Any, Any], shares: dict[str, dict[str, float]], forms: dict[Any, Any]) -> dict[Any, Any]:
    "Write measured shares as DSPy's evidence; the confidence is the share of the likeliest."
