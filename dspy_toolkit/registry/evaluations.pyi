# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.registry.base import Registry
from dspy_toolkit.registry.records import Version
from typing import Any

@dataclass(frozen=True)
class Evaluation:
    "How well a version did on some examples."
    version: str
    metric: str
    score: float
    count: int
    dataset: str
    dataset_digest: str
    lm: str = ...
    layout: str = ...
    author: str = ...
    at: float = ...
    digest: str = ...
    results: tuple[Any, ...] = field(default=..., repr=...)
    def to_json(self) -> dict[Any, Any]:
        "Give the evaluation as JSON data."

def add_evaluation_row(registry: Registry, connection: Any, version: Version, values: dict[Any, Any], results: list[Any]) -> Evaluation:
    "Add the row of an evaluation, if it is not there already."
