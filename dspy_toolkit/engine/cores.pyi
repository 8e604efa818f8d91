# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def find_blas_threads() -> Any:
    "The functions that get and set the number of threads of numpy's BLAS."

class single_blas_thread:
    "A context in which numpy's matrix products use one thread."
    def __enter__(self) -> None:
        ...
    def __exit__(self, *_: Any) -> None:
        ...

class Cores:
    "The processor's cores, for work that numpy does outside of Python's lock."
    def __init__(self) -> None:
        ...
    def run(self, work: Any, parts: list[Any]) -> None:
        "Do all parts, the first of them on the calling thread; raises what one of them raised, once all have ended."
    count: Any
