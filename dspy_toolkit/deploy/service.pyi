# Made by `make export` from the modules: edit the notebooks.
from collections.abc import AsyncIterator
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.deploy.contract import Contract
from typing import Any

@dataclass(frozen=True)
class Answer:
    "What a program answered, and how."
    outputs: dict[Any, Any]
    version: str
    seconds: float
    calls: tuple[Any, ...] = field(repr=..., default=...)
    prediction: object = field(repr=..., compare=..., default=...)
    @property
    def model(self) -> str:
        ...
    @property
    def leg(self) -> str:
        ...
    @property
    def input_tokens(self) -> int:
        ...
    @property
    def output_tokens(self) -> int:
        ...

class Service:
    "A program and the model it asks."
    def __init__(self, target: Any, lm: Any, name: str | None=None, version: str='', adapter: Any=None) -> None:
        ...
    @property
    def contract(self) -> Contract:
        ...
    @property
    def ready(self) -> bool:
        "Whether the model can be asked, as far as is known: no breaker of a leg is open, and its engine was not closed."
    def note(self, error: Exception | None, seconds: float) -> None:
        "How a request went; a version on trial counts it."
    def score(self, inputs: dict[Any, Any], answer: Answer) -> None:
        "Have an answer scored; a version on trial does it, where its rollout has a metric."
    def shadow(self, inputs: dict[Any, Any]) -> None:
        "Another version that should be asked too, for nobody to see; None for none."
    async def answer(self, inputs: dict[Any, Any]) -> Answer:
        "Call the program; what it raises is raised."
    def stream(self, inputs: dict[Any, Any]) -> AsyncIterator[Delta | Step | Answer]:
        "Call the program, and give its outputs piece by piece; the last item is the `Answer`."
    program: Any
    lm: Any
    version: str
    signature: Any
    name: Any
    adapter: Any

def answers_async(lm: Any) -> bool:
    "Whether a model has an asynchronous engine; one that a person made may have none."

@dataclass(frozen=True)
class Delta:
    "What is new of an output."
    output: str
    text: str | None = ...
    value: object = ...
    again: bool = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the piece as JSON data."

@dataclass(frozen=True)
class Step:
    "What an agent does now."
    message: str

class _Deltas:
    "Compares the fields of a draft with what was sent of them."
    def __init__(self, signature: Any) -> None:
        ...
    def read(self, fields: Any) -> list[Delta]:
        "List what is new."
    def read_rest(self, outputs: Any) -> list[Delta]:
        "List the outputs of the answer of which nothing was sent."
    outputs: Any
    sent: Any
