# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class Prompts:
    "Keeps what DSPy's adapters write about signatures; safe to use from many threads."
    def __init__(self) -> None:
        ...
    def fit(self, adapter: Any) -> Any:
        "Make an adapter ready for a request."
