# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.programs.scores import Metric
from typing import Any

CRITERIA: Any

def make_judge_signature() -> Any:
    "Make the signature that judges use."

class JudgeMetric(Metric):
    "Score an answer by asking a model."
    paid: bool
    def __init__(self, criteria: str, signature: Any=None, lm: Any=None, name: str='judge', needs: str='nothing') -> None:
        ...
    @property
    def key(self) -> str:
        "The name, with a digest of the rubric, the judge's signature and its model."
    def check(self, rows: Any) -> Any:
        ...
    def measure(self, expected: dict[Any, Any], prediction: dict[Any, Any], **seen: Any) -> Any:
        "Ask the judge; the note is its reason."
    criteria: str
    signature: Any
    lm: Any
    name: str
    needs: str

def write_fields(values: dict[Any, Any]) -> str:
    "Write fields for a judge: the value alone where there is one, else a line for each."

def judge(criteria: str, lm: Any=None, signature: Any=None) -> JudgeMetric:
    "Make a metric that asks a model; raises `InputError`."

def read_judge(text: str, signature: Any=None) -> JudgeMetric:
    "Read the name of a judge; raises `InputError`."
