# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple

def normalise(text: str) -> str:
    "Normalise a text as SQuAD does, and keep numbers whole."

class Choice(str):
    "A word out of a fixed set: compared as it is."

def make_plain(value: Any, annotation: Any=None) -> Any:
    "Make a value comparable: without classes, with the marks of its type."

def is_decision(value: Any) -> bool:
    "Say whether a value is one of DSPy's decisions: a `Choice`, a `Score` or a `Noul`, each with its confidence."

class Measured(NamedTuple):
    "How near a value is to the expected one."
    value: float
    note: str = ...

def show(value: Any, most: int=60) -> str:
    "Write a value for a note."

def describe_difference(expected: Any, got: Any) -> str:
    "Say what was expected and what came."

def is_same(expected: Any, got: Any) -> bool:
    "Compare two plain values: types count (True is not 1), free text is normalised, the order of a list counts."

def measure_same(expected: Any, got: Any) -> Measured:
    "1 where both are the same, else 0."

def measure_f1(expected: Any, got: Any) -> Measured:
    "F1 of the words of texts, or of the items of lists; of other values, whether they are the same."

def measure_overlap(expected: Any, got: Any) -> Measured:
    "The Jaccard index of the items of lists, or of the words of texts."

def read_number(value: Any) -> float | None:
    "Read a number, also from text such as '1,250.50'; None where it is none."

def measure_number(expected: float, got: Any, tolerance: float, relative: bool) -> Measured:
    "1 where a number is within the tolerance, else 0."

def list_leaves(value: Any, path: str='') -> dict[Any, Any]:
    "List the values that a nested value is made of."

def measure_fields(expected: Any, got: Any) -> Measured:
    "The share of leaves that are the same; the note names the others."

def measure_contained(expected: Any, got: Any) -> Measured:
    "Of a text: whether it holds the expected text. Of a list: the share of the expected items that it has."
