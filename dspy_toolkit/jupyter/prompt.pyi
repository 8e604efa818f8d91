# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def model_in_use() -> tuple[Any, ...]:
    "Find the model and the adapter that a run would use."

class _Request(BaseException):
    "The messages of a call. No `Exception`: an adapter that tries again after an error shall not catch it."
    def __init__(self, messages: Any) -> None:
        ...
    messages: Any

def messages_for(signature: Any, inputs: dict[Any, Any], lm: Any=None, adapter: Any=None) -> list[Any]:
    "Write the messages that a model gets when it is asked for the first time."

def message_text(message: dict[Any, Any]) -> list[Any]:
    "Write a message as text; a part that is no text is named."

def count_tokens(lm: Any, messages: list[Any]) -> int | None:
    "Count the tokens of a prompt by the model's own tokenizer; None where that is not at hand."
