# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from typing import Any

def responses_of(call: dict[Any, Any]) -> list[Any]:
    "The responses of a call; it has several where several were asked for."

def response_text(response: Any) -> str:
    "What a model wrote."

def read_fields(text: str) -> dict[Any, Any]:
    "Read the fields of an answer."

def cut_of(response: Any) -> list[Any] | bool:
    "Find the parts of an answer that were cut."

def find_relaxed(response: Any) -> list[str]:
    "The parts of the types that no grammar could enforce, and that were only checked afterwards."

@dataclass
class Shortfall:
    "What is missing in the answers of a run."
    cut: list[Any] = field(default_factory=...)
    whole: bool = ...
    earlier: list[Any] = field(default_factory=...)
    relaxed: list[Any] = field(default_factory=...)
    model: str = ...
    tokens: int | None = ...
    def __bool__(self) -> Any:
        ...
    @property
    def tops(self) -> list[Any]:
        "The output fields that were cut."
    @property
    def lines(self) -> list[Any]:
        "What a card says below the answer, about what was cut."
    @property
    def advice(self) -> str:
        "What to do where an answer was cut."
    def to_json(self) -> dict[Any, Any]:
        "Only what there is to say."
    def html(self) -> Any:
        "The lines below an answer; None where there is nothing to say."

def describe_relaxed(relaxed: Any) -> str:
    "Say what was only checked afterwards."

def shortfall(calls: Any, fields: Any=...) -> Shortfall:
    "Find out what is missing in the answers of a run."

LOOKED_AT: int

def find_lacking(values: dict[Any, Any], calls: Any) -> list[Any]:
    "Find the call of a prediction, where its answer was cut or relaxed."
