# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any

def boxes_of(spec: SignatureSpec, side: str='input') -> list[Any]:
    "Say what to ask a person for, to run a signature or to correct its answer."

def read_boxes(spec: SignatureSpec, signature: Any, texts: dict[Any, Any], namespace: dict[Any, Any] | None=None, side: str='input') -> tuple[Any, ...]:
    "Read what was typed into the boxes."

def write_boxes(spec: SignatureSpec, values: dict[Any, Any], side: str='input') -> dict[Any, Any]:
    "Write values as the texts of their boxes."
