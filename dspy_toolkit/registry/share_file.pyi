# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.source import _Line
from pathlib import Path
from pydantic import BaseModel
from pydantic import Field
from typing import Annotated
from typing import Any
from typing import Literal

FORMAT: int

class _Strict(BaseModel):
    model_config: Any

class SharedNote(_Strict):
    "A note on a version."
    text: Any
    author: Any
    at: Any

class SharedEvaluation(_Strict):
    "An evaluation of a version: its mean score in [0, 1], over how many rows of which dataset, asked of which model."
    metric: Any
    score: Annotated[float, Field(allow_inf_nan=False)]
    count: Any
    dataset: Any
    dataset_digest: Any
    lm: _Line
    layout: Any = ...
    author: Any
    at: Any
    results: list[Any]

class SharedVersion(_Strict):
    "A version: what it is, where it comes from, and its content."
    number: Any
    kind: Literal['signature', 'program', 'dataset']
    digest: Any
    parent: _Line | None = ...
    message: Any = ...
    author: Any = ...
    at: Any
    origin: dict[Any, Any] = ...
    tags: list[_Line] = ...
    notes: list[SharedNote] = ...
    uses: dict[_Line, _Line] = ...
    evaluations: list[SharedEvaluation] = ...
    content: dict[Any, Any]

class SharedAlias(_Strict):
    "An alias of a name, with the number of the version that it points at."
    version: Any
    protected: bool = ...

class SharedCase(_Strict):
    "A case of a name: inputs, and the answer that is right or was given."
    inputs: dict[Any, Any]
    expected: dict[Any, Any] = ...
    answer: dict[Any, Any] = ...
    author: Any = ...
    at: Any

class SharedName(_Strict):
    "All of a name: versions, aliases by name, cases by name."
    versions: Annotated[list[SharedVersion], Field(min_length=1)]
    aliases: dict[_Line, SharedAlias] = ...
    cases: dict[_Line, SharedCase] = ...

class SharedFile(_Strict):
    "A whole file."
    format: Literal[1]
    names: dict[_Line, SharedName]
    digest: Any

def share_schema() -> dict[Any, Any]:
    "Write the JSON Schema of a file."

def write_whole(path: Path, text: str) -> None:
    "Write a file completely, or not at all; raises `InputError`."

LARGEST: Any
DEEPEST: Any

def read_file(source: Any) -> SharedFile:
    "Read and check a file; raises `BundleError`, naming the place, and `InputError` for a file that cannot be read."

def parse_json(text: str | bytes, where: str) -> Any:
    "Read JSON, strictly: each key once, and no NaN; raises `BundleError`."

def check_depth(data: Any, where: str) -> None:
    "Raise `BundleError` for data that is nested too deeply."
