# Made by `make export` from the modules: edit the notebooks.
from pydantic import BaseModel
from typing import Any

class Contract:
    "The inputs and outputs of a program, by its signature."
    def __init__(self, signature: Any, name: str | None=None) -> None:
        ...
    @property
    def inputs(self) -> type[BaseModel]:
        "A pydantic model of the inputs."
    def read(self, body: bytes) -> dict[Any, Any]:
        "Read the inputs of a request; raises `Problem`."
    def make_sample(self) -> dict[Any, Any]:
        "Make inputs that fit; those that cannot be guessed are their names, and may not fit."
    def write(self, prediction: Any) -> dict[Any, Any]:
        "Write the outputs of a prediction."
    def list_schemas(self) -> dict[Any, Any]:
        "List the schemas of the inputs, the outputs and all models in them, as components of an OpenAPI document."
    signature: Any
    name: Any

def read_model(model: type[BaseModel], body: bytes) -> BaseModel:
    "Read a pydantic model strictly, but 3.0 as 3, which are one number to JSON Schema; raises `ValidationError`."
