# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def refresh(signature: Any, namespace: dict[Any, Any]) -> tuple[Any, ...]:
    "Make a signature with the user's classes as they are now."

def refresh_program(program: Any, namespace: dict[Any, Any]) -> tuple[Any, ...]:
    "Give the predictors of a program the user's classes as they are now."

def adopt(value: Any, signature: Any) -> Any:
    "Convert the Enum members and models in a value to the classes of a signature."

class _Adoption:
    "Replaces values of earlier classes; it looks up each class once."
    def __init__(self, reader: Any) -> None:
        ...
    def adopt(self, value: Any) -> Any:
        ...
    def look_up(self, cls: Any) -> Any:
        "Find the signature's class that means the same, or None."
    definitions: Any
    classes: Any
    current: Any
