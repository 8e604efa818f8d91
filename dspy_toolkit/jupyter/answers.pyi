# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import anywidget

def describe_which(number: int) -> str:
    "Say which answer is meant, as a line of a verb does."

def write_assignment(name: str, value: Any, most: int=60) -> str:
    "Write name=value as a word of a line; a long value is cut."

def suggest_name(inputs: dict[Any, Any], taken: Any=...) -> str:
    "Make a name for a case from the words of its inputs."

class AnswerDesk:
    "Does what the buttons below the answers ask for."
    def __init__(self, namespace: dict[Any, Any] | None=None) -> None:
        ...
    def do(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Do one thing; what goes wrong is said, not raised."
    def mark_right(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Mark an answer as right."
    def undo(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Take back what a button did, once."
    def open_correction(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Give the boxes for the outputs of an answer, with what is in them."
    def correct(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Keep a correction, where its boxes can be read."
    def open_case(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Suggest a name for a case, and what it expects."
    def keep(self, asked: dict[Any, Any]) -> dict[Any, Any]:
        "Keep the inputs of an answer as a case."
    namespace: Any

MODULES: Any

class AnswerButtons(anywidget.AnyWidget):
    "Puts buttons below the answers of a kernel; it is never displayed."
    key: Any
    def __init__(self, key: str, namespace: dict[Any, Any] | None=None) -> None:
        ...
    desk: Any

def open_buttons(key: str, namespace: dict[Any, Any] | None=None) -> AnswerButtons:
    "Put buttons below the answers of this kernel; the session has one such widget."

def close_buttons() -> None:
    "Take the buttons away."
