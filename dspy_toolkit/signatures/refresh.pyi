# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def refresh(signature: Any, namespace: dict[Any, Any]) -> tuple[Any, ...]:
    "Make a signature with the person's classes as they are now."

def refresh_program(program: Any, namespace: dict[Any, Any]) -> tuple[Any, ...]:
    "Give the predictors of a program the person's classes as they are now."

def adopt(value: Any, signature: Any) -> Any:
    "Give a value the Enum members and models that a signature's classes have."

class _Adoption:
    "Replaces values of earlier classes; it looks up each class once."
    def __init__(self, reader: Any) -> None:
        ...
    def adopt(self, value: Any) -> Any:
        ...
    def look_up(self, cls: Any) -> Any:
        "The signature's class that means the same, or None."
    definitions: Any
    classes: Any
    current: Any
