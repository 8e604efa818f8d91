# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.engine.child import Outbox
from dspy_toolkit.engine.lora import LoraSettings
from dspy_toolkit.engine.lora import TokenRow
from pathlib import Path
from typing import Any
import threading

PLAN: Any
ROWS: Any
STATE: Any

def write_plan(folder: Path, model: Path, settings: LoraSettings, rows: list[TokenRow], held_out: list[TokenRow]=..., weights: str='') -> str:
    "Write what a training is to do; raises `OSError`. The state of a training that was to do something else is removed."

def read_plan(folder: Path) -> Any:
    "Read what a training is to do."

class Course:
    "A training from its first step, or its last saved one, to its end."
    def __init__(self, folder: Path, say: Any, stop: threading.Event) -> None:
        ...
    @property
    def is_over(self) -> bool:
        "Have all steps been taken, or has the loss stopped falling?"
    @property
    def stopped_early(self) -> bool:
        ...
    def save(self) -> None:
        "Keep the state of this step; raises `OSError`."
    def measure(self) -> None:
        "Measure the held-out loss, if there are such rows, and keep the weights if it is the least one so far."
    def run(self) -> Any:
        "Train to the end, or until it is stopped; the parent hears of each step. Raises `OSError` when the disk is full."
    folder: Path
    say: Any
    stop: threading.Event
    losses: Any
    held_out: Any
    misses: Any
    best: Any
    best_step: Any
    settings: Any
    trainer: Any

def train(folder: Path, outbox: Outbox, stop: threading.Event) -> None:
    "Train, and report how it ended."

def main() -> None:
    "Train what the parent asks for, then end."
