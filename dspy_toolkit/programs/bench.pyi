# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from typing import Any
import contextlib

SIZES: Any
ROWS: Any
PEER_ROWS: Any
THREADS: Any

def make_signature() -> Any:
    "Make the signature that is evaluated."

def make_rows(n: int) -> list[dict[Any, Any]]:
    "Make reviews with labels, no two alike."

def make_program() -> Any:
    "Make a program that answers at once, and asks no model."

def make_locked_lm() -> Any:
    "Make a model that calls `mlx_lm.generate` behind a lock, as one does without this package."

def measure_own(n: int) -> float:
    "Measure what `evaluate` takes for a row by itself."

def measure_ours(n: int) -> dict[Any, Any]:
    "Evaluate `mlx/tiny` with this package."

def ask_peer(n: int) -> dict[Any, Any]:
    "Measure the peer in a process of its own: two engines in one process would share its processors."

def measure_peer(n: int) -> dict[Any, Any]:
    "Evaluate the same model with `dspy.Evaluate` over a lock around `mlx_lm.generate`."

def run(quick: bool=False, say: Any=...) -> dict[Any, Any]:
    "Measure everything on this machine."

@contextlib.contextmanager
def keep_apart(folder: Any) -> Iterator[Any]:
    "The runs of the benchmark are not those of the person."

def as_text(report: dict[Any, Any]) -> str:
    "Write a report as text."

def budgets(report: dict[Any, Any]) -> list[Any]:
    "Compare the figures with what must hold."

def main(argv: list[str] | None=None) -> None:
    "Run the command line."
