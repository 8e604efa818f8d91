# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def model_in_use() -> tuple[Any, ...]:
    "Find the model and the adapter that a run would use."

class _Request(BaseException):
    "The messages of a call. No `Exception`: an adapter that tries again after an error shall not catch it."
    def __init__(self, messages: Any) -> None:
        ...
    messages: Any

def messages_for(signature: Any, inputs: dict[Any, Any], lm: Any=None, adapter: Any=None, demos: Any=...) -> list[Any]:
    "Write the messages that a model gets when it is asked for the first time."

def message_text(message: dict[Any, Any]) -> list[Any]:
    "Write a message as text; a part that is no text is named."

def count_tokens(lm: Any, messages: list[Any]) -> int | None:
    "Count the tokens of a prompt by the model's tokenizer, without its weights; None where the model is not on this computer."

def count_parts(lm: Any, messages: list[Any]) -> list[Any]:
    "Count what each message adds to a prompt; the last has the rest, which begins the answer among it."

def list_parts(messages: list[Any], counts: list[Any]) -> list[Any]:
    "List the messages of a prompt as a `PromptView` shows them."

def name_layout(adapter: Any, lm: Any=None) -> str:
    "Name an adapter and its layout: `GrammarAdapter, short`, or `ChatAdapter`."
