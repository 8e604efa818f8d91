# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

MOST: int

@dataclass(frozen=True)
class Answer:
    "What a program answered to what."
    name: str
    version: str
    inputs: dict[Any, Any]
    outputs: dict[Any, Any]
    prediction: object = field(default=..., repr=..., compare=...)
    id: str = ...

def record_answer(name: str, version: str, inputs: dict[Any, Any], prediction: Any, outputs: Any, id: str='') -> None:
    "Remember an answer; one that is no JSON data is not remembered."

def list_answers() -> list[Any]:
    "List the answers of this session."

def find_answer(which: str | int='last', namespace: dict[Any, Any] | None=None) -> Answer:
    "Find an answer of this session; raises `InputError`."

def number_answer(id: str) -> int:
    "Find the number of the answer that a card shows; raises `InputError`."
