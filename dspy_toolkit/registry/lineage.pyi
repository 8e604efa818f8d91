# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from typing import Any

@dataclass(frozen=True)
class Node:
    "A node of the graph: a version, or something that belongs to one."
    id: str
    kind: str
    label: str
    note: str = ...
    asked: bool = ...

@dataclass(frozen=True)
class Graph:
    "What a version was made from, and what was made from it."
    nodes: tuple[Any, ...]
    edges: tuple[Any, ...]
    left_out: int = ...
    def to_json(self) -> dict[Any, Any]:
        "Give the graph as JSON data."

MOST: int
