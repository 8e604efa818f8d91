# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.watch import Watch
from typing import Any

MOST: int

class CaseCheck(Watch):
    "Runs cases on a program; `results` grows while they run."
    def __init__(self, program: Any, cases: Any, threads: int=4) -> None:
        ...
    def rows(self) -> list[Any]:
        "Describe the cases that were run."
    def summary(self) -> str:
        "Sum up the cases that were run."
    def warn(self) -> str:
        "Say which cases the edit breaks or changes, and in which field."
    def to_page(self) -> dict[Any, Any]:
        "Give what the page shows."
    total: Any
    cases: Any
    results: Any
    error: Any
    program: Any
    threads: int
    state: Any
