# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any

@dataclass(frozen=True, eq=False)
class Starter:
    "A signature to start from."
    name: str
    topic: str
    cell: str
    inputs: dict[Any, Any]
    outputs: dict[Any, Any]
    types: object = field(default=..., repr=...)
    @property
    def spec(self) -> SignatureSpec:
        "The signature, read once."
    @property
    def summary(self) -> str:
        "The first sentence of the instructions."
    @property
    def example(self) -> Any:
        "The example with its answer; every value has the type of its field."

def library() -> dict[str, Starter]:
    "Return all entries by name, in order."

def starter(name: str) -> Starter:
    "Return the entry of that name; raises `NotRegistered`."
