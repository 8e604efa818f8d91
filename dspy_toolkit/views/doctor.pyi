# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core.findings import Finding
from dspy_toolkit.views.base import View
from typing import Any

@dataclass(frozen=True)
class DoctorView(View):
    "The findings, by area."
    findings: tuple[Finding, ...]
    full: bool = ...
    @property
    def failed(self) -> bool:
        ...
    @property
    def summary(self) -> str:
        ...
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
