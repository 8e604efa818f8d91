# Made by `make export` from the modules: edit the notebooks.
from typing import Any

PROBLEM: str

PREFIX: str

class Problem(Exception):
    "A request that cannot be answered, as the client is told."
    def __init__(self, code: str, detail: str='', headers: dict[Any, Any] | None=None, **extra: Any) -> None:
        ...
    def to_json(self) -> dict[Any, Any]:
        "Write the problem as RFC 9457 has it."
    status: Any
    title: Any
    code: str
    detail: str
    headers: Any
    extra: Any

PROBLEMS: Any

def read_problem(error: BaseException) -> Problem:
    "Say what a client is told of an error."

def write_openai_error(problem: Problem) -> dict[Any, Any]:
    "Write a problem in OpenAI's shape."
