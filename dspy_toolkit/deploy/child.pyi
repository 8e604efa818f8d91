# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.launch import Plan
from dspy_toolkit.deploy.launch import Started
from typing import Any

EVERY: float

def main() -> None:
    "Be the child."

class Child:
    "A server in another process."
    def __init__(self, plan: Plan, detached: bool=False) -> None:
        ...
    @property
    def running(self) -> bool:
        ...
    def wait_ready(self, seconds: float=600.0) -> Started:
        "Wait until the server answers; raises what kept it from starting."
    def stop(self, seconds: float | None=None) -> bool:
        "Stop the server: it answers what it has begun."
    plan: Plan
    detached: bool
    started: Any
    counts: Any
    log: Any
    on_change: Any
    process: Any

def stop_children() -> None:
    "Stop all servers that end with this process."
