# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def partial_fields(written: str) -> dict[Any, Any] | None:
    "Read the fields of an answer that is not finished."

class Draft:
    "What a program's model has written so far."
    def __init__(self) -> None:
        ...
    def feed(self, chunk: Any) -> None:
        "Add one more piece; pieces without text are ignored."
    @property
    def text(self) -> Any:
        ...
    def fields(self) -> dict[Any, Any]:
        "The fields so far; where the text cannot be read for a moment, those that could be read before."
