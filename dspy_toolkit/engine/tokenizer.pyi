# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

def tokenizer_steps(part: Any) -> list[dict[Any, Any]]:
    "Read what a part of a tokenizer does, step by step."

def right_decoder(tokenizer: Any) -> dict[Any, Any] | None:
    "The decoder a tokenizer should have instead of its own; None where that is right, or nothing is known of it."

def mend_decoder(tokenizer: Any) -> Any:
    "Give a tokenizer the decoder it should have, where its file has none that says what a token stands for."

def read_tokenizer(folder: Path | str) -> Any:
    "Read a model's tokenizer, and nothing else of it."

def grammar_tokenizer(tokenizer: Any, name: str='this model') -> str:
    "The tokenizer as a grammar needs it; raises `ModelNotAvailable` for one whose tokens do not stand for bytes."
