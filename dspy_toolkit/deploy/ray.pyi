# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.deploy.launch import Plan
from typing import Any

@dataclass(frozen=True)
class Replicas:
    "How many replicas answer."
    least: int = ...
    most: int = ...
    requests: int = ...
    cpus: float = ...
    gpus: float = ...
    def __post_init__(self) -> None:
        ...

@dataclass(frozen=True)
class RayServer:
    "A server on Ray."
    address: str
    programs: tuple[Any, ...]
    token: str = ...
    name: str = ...
    def stop(self) -> None:
        "Stop the application; Ray goes on."

def serve_on_ray(plan: Plan, replicas: Replicas=..., cluster: str | None=None, name: str='dspy_toolkit') -> RayServer:
    "Serve a plan on Ray; raises `MissingExtra`, and `InputError` and `NotRegistered` for a plan that cannot be served."
