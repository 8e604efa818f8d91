# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any

def boxes_of(spec: SignatureSpec) -> list[Any]:
    "Say what to ask a person for, to run a signature."

def read_boxes(spec: SignatureSpec, signature: Any, texts: dict[Any, Any], namespace: dict[Any, Any] | None=None) -> tuple[Any, ...]:
    "Read what was typed into the boxes."
