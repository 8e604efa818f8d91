# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.views.base import View
from typing import Any

@dataclass
class ModelsView(View):
    "The default model, and the names given to others."
    default: str | None
    names: dict[Any, Any] = field(default_factory=...)
    why: str = ...
    available: dict[Any, Any] = field(default_factory=...)
    why_verb: str = ...
    uses: dict[Any, Any] = field(default_factory=...)
    chosen: tuple[str, ...] = ...
    missing: dict[Any, Any] = field(default_factory=...)
    def to_json(self) -> Any:
        ...
    def html(self) -> Any:
        ...
    def __rich__(self) -> Any:
        ...
