# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dspy.lm15 import InvalidRequestError
from typing import Any

def control_tokens(tokenizer: Any) -> dict[Any, Any]:
    "The added tokens that are control tokens; the others are text."

class ControlTokens:
    "Finds control tokens in texts, and spells texts without them."
    def __init__(self, tokenizer: Any) -> None:
        ...
    def find(self, text: str) -> list[tuple[int, int]]:
        "Where control tokens begin and end in a text; of those that begin alike, the longest."
    def holds(self, texts: list[str]) -> bool:
        "May any of these texts, or two neighbours together, be read as a control token?"
    def hide(self, value: Any) -> Any:
        "A text, or data with texts in it, with the secret where it would be read as a control token."
    def encode(self, text: str) -> list[int]:
        "Tokens of a text; where the secret stands there is no control token."
    def encode_plain(self, text: str) -> list[int]:
        "Tokens of a text without control tokens."
    tokenizer: Any
    tokens: Any
    names: Any
    rust: Any
    switch: Any
    secret: Any

def texts_in(value: Any) -> list[str]:
    "All texts in data, keys too."

class PlainTokenizer:
    "A tokenizer that reads control tokens only where their stand-ins are; their usual spelling is text to it."
    def __init__(self, control: ControlTokens) -> None:
        ...
    def encode(self, text: str) -> list[int]:
        "Tokens of a text."
    stand_ins: Any
    instead: Any

def forms(messages: list[dict[Any, Any]]) -> Iterator[Any]:
    "A conversation as it is, then with more and more messages merged."

def template_error(error: Exception) -> InvalidRequestError:
    "The error for a conversation that the template refuses."

class ChatTokens:
    "Turns conversations into tokens."
    def __init__(self, tokenizer: Any) -> None:
        ...
    @property
    def control(self) -> ControlTokens:
        ...
    def write(self, messages: Any, tools: Any=..., thinking: Any=False, open: Any=True) -> str:
        "Messages as the model's template writes them, `open` for its answer or not; raises `InvalidRequestError` where it refuses them."
    def tokens(self, messages: tuple[dict[Any, Any], ...], tools: tuple[dict[Any, Any], ...]=..., thinking: bool=False) -> list[int]:
        "The tokens of a conversation up to the model's answer, without those of an answer that the caller began."
    tokenizer: Any

def chat_tokens(folder: str) -> ChatTokens:
    "The tokens of a model's conversations, by the files of its tokenizer alone."
