# Made by `make export` from the modules: edit the notebooks.
from typing import Any

class Live:
    "One output area that follows a view."
    def __init__(self, view: Any, shell: Any=None) -> None:
        ...
    def draw(self) -> None:
        "Show the view as it is now."
    view: Any
    works: Any

class Streamed:
    "Call a program so that its answer shows while it is written."
    def __init__(self, shell: Any=None, quiet: bool=False, clock: Any=..., answer: str='') -> None:
        ...
    def __call__(self, program: Any, inputs: dict[Any, Any], view: Any) -> Any:
        "Run to the end, or until a person stops it; raises what the program raises, or `Stopped`."
    shell: Any
    quiet: bool
    clock: Any
    answer: str
    shown: Any
