# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

LEVELS: Any

@dataclass(frozen=True)
class Finding:
    "One thing that was looked at, and how it is."
    level: str
    name: str
    about: str
    remedy: str = ...
    area: str = ...
    is_detail: bool = ...
    def to_json(self) -> dict[Any, Any]:
        ...

def collect_findings(areas: dict[Any, Any]) -> list[Finding]:
    "Make all checks. Secrets are masked, the person's own folder is written ~, and what a check raises becomes a finding."
