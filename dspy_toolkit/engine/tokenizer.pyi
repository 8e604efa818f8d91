# Made by `make export` from the modules: edit the notebooks.
from pathlib import Path
from typing import Any

def tokenizer_steps(part: Any) -> list[dict[Any, Any]]:
    "List the steps of one part of a tokenizer."

def right_decoder(tokenizer: Any) -> dict[Any, Any] | None:
    "Find the decoder that a tokenizer should have; None when its own is right, or when the right one is unknown."

def mend_decoder(tokenizer: Any) -> Any:
    "Replace a tokenizer's decoder by the right one, if its own can't decode single tokens."

def read_tokenizer(folder: Path | str) -> Any:
    "Read a model's tokenizer without its weights."

def grammar_tokenizer(tokenizer: Any, name: str='this model') -> str:
    "Write a tokenizer as a grammar needs it; raises `ModelNotAvailable` when its tokens do not stand for bytes."
