# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import FreeWord
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import Kind
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.commands.verb import Value
from dspy_toolkit.views.cases import CaseList
from dspy_toolkit.views.cases import TestView
from dspy_toolkit.views.registry import Told
from typing import Annotated
from typing import Any

Assignment: Any

def case(name: Target, case: Any=None, values: Any=..., namespace: Given[dict[Any, Any] | None]=None, body: Given[str]='', *, from_: Value | None=None, expect: Any=..., delete: bool=False) -> CaseList:
    'Keep an input as a case, list the cases, or delete one.\n\nRaises `InputError` for several examples, and for an answer of another signature.'

def keep_answer(answer: Any, case: str, expected: dict[Any, Any] | None=None, namespace: dict[Any, Any] | None=None) -> Any:
    "Keep the inputs of an answer as a case."

def test(name: Target, namespace: Given[dict[Any, Any] | None]=None, *, versions: list[int]=..., lm: list[ModelName]=..., threads: int=8) -> TestView:
    'Run the cases of a signature, on versions or models side by side.\n\nRaises `InputError` where there are no cases.'

VERDICTS: Any

def mark_answer(answer: Any, verdict: str, corrected: dict[Any, Any] | None=None) -> Any:
    "Keep what a person says of an answer, in the place of what was said before."

def mark(words: list[FreeWord]=..., namespace: Given[dict[Any, Any] | None]=None, *, correct: Any=..., undo: bool=False) -> Told:
    'Say that an answer was right or wrong, or what is right.\n\nRaises `InputError` where nothing is said, or two things that exclude each other.'
