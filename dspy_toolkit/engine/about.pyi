# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class ModelAbout:
    "A model on this machine, as its files describe it."
    name: str
    kind: str
    nbytes: int
    bits: int | None
    context: int
    tools: bool
    thinks: bool
    adapter: str = ...
    use: str = ...
    def to_json(self) -> dict[Any, Any]:
        "Give what is known as JSON data."

def describe_model(name: str, download: bool=False) -> ModelAbout | None:
    "Describe a model; raises `ModelNotAvailable` for a name that is none."
