# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.core import events
from enum import IntEnum
from typing import Any

class Level(IntEnum):
    "How short memory is; each level has the steps of those below it."
    normal = 0
    clear = 1
    refuse = 2
    evict = 3

@dataclass(frozen=True)
class PressureConfig:
    "When each step is taken."
    clear_below: float = ...
    refuse_below: float = ...
    evict_below: float = ...
    hysteresis: float = ...
    period: float = ...
    repeat: float = ...
    def __post_init__(self) -> None:
        ...
    def limit(self, level: Level) -> float:
        "The fraction of free memory below which a level begins."

def find_level(share: float, now: Level, config: PressureConfig=...) -> Level:
    "Find the level for an amount of free memory."

@dataclass(frozen=True)
class Relief:
    "What an owner can do when memory is short, as functions; None for what it can't."
    owner: str
    clear: object = ...
    refuse: object = ...
    accept: object = ...
    evict: object = ...
    last_used: float = ...

class MemoryPressure:
    "Reads the free memory, and takes steps when there is little."
    def __init__(self, reliefs: Any=..., config: PressureConfig=..., read: Any=..., clock: Any=..., bus: events.Bus=...) -> None:
        ...
    @property
    def is_due(self) -> bool:
        "Is it time for a reading?"
    def list_notes(self) -> list[str]:
        "What a person should know with every view."
    def check(self) -> None:
        "Read the memory if it is time, and take the steps; does nothing while another thread does so."
    def close(self) -> None:
        "Take back what can be taken back."
    config: PressureConfig
    level: Any
    share: Any
