# Made by `make export` from the modules: edit the notebooks.
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
import contextlib

KEPT: str

def describe_model(lm: Any) -> str:
    "Name a model and the fingerprint of its weights, where it has one."

def digest_prompt(*parts: Any) -> str:
    "Digest a prompt."

def keep_calibration(predictor: Any, model: str, prompt: str, outputs: dict[Any, Any]) -> None:
    "Keep the calibration of some outputs with a predictor."

@dataclass(frozen=True)
class KeptCalibration:
    "What is kept with a predictor."
    model: str
    prompt: str
    outputs: dict[Any, Any]

def read_calibration(predictor: Any) -> KeptCalibration | None:
    "Read the calibration of a predictor; None where it has none."

def find_calibration(predictor: Any, model: str, prompt: str, choices: dict[Any, Any]) -> dict[Any, Any]:
    "Find the calibrations that hold for a call; says once why one does not."

@dataclass(frozen=True)
class RecordedShares:
    "The measured shares of one choice in one call."
    predictor: object
    name: str
    shares: dict[Any, Any]
    model: str
    prompt: str

@contextlib.contextmanager
def record_shares() -> Iterator[Any]:
    "Have every choice measured inside the block, and record it."

def find_recorder() -> list[Any] | None:
    "Give the list of the block that runs here; None outside of one."
