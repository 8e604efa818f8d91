# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Node:
    "Something in the life of a version."
    id: str
    kind: str
    label: str
    note: str = ...
    asked: bool = ...

@dataclass(frozen=True)
class Graph:
    "What leads to a version, and what it led to."
    nodes: tuple[Any, ...]
    edges: tuple[Any, ...]
    left_out: int = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the graph as JSON data."

MOST: int
