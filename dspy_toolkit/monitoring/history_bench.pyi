# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core import events
from dspy_toolkit.monitoring.history import History
from dspy_toolkit.monitoring.history_file import HistoryFile
from typing import Any

def fill(file: HistoryFile, count: int, seed: int=0) -> float:
    "Write calls of the last thirty days: 200 signatures, of which some are rare, and texts of twenty words."

QUESTIONS: Any

def time_questions(history: History, repeats: int=5) -> dict[str, tuple[float, float, int]]:
    "Ask each question some times."

def caller_cost(bus: events.Bus, calls: int=5000, prompt: str=...) -> float:
    "Publish the events of some calls, and count the time of this thread."

def measure_costs(folder: str) -> dict[str, float]:
    "The cost of recording to the caller, while nobody listens, and while somebody does."

def main(count: int=1000000) -> None:
    "Print what is measured."
