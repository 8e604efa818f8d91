# Made by `make export` from the modules: edit the notebooks.
from typing import Any

PACKAGES: Any

class HeldLog:
    "The warnings of a run that wait for its end."
    def __init__(self) -> None:
        ...
    def __enter__(self) -> Any:
        ...
    def __exit__(self, *_: Any) -> None:
        ...
    def take(self, repeats: Any) -> list[str]:
        "The lines that need no printing, once each; they wait no longer."
    records: Any
