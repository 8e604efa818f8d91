# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.program import ProgramSpec
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any

KINDS: Any

def kind_of(spec: SignatureSpec | ProgramSpec | Dataset) -> str:
    "Say which kind of content a spec is."

def as_spec(target: Any, name: str | None=None) -> Any:
    "Make the spec of a signature or a program; a dataset is one already; raises `InputError` for anything else."

def content_text(spec: SignatureSpec | ProgramSpec | Dataset) -> str:
    "Write a spec without its name, as the database stores it."

def read_content(kind: str, name: str, digest: str, body: Any, what: str) -> SignatureSpec | ProgramSpec | Dataset:
    "Make a spec of stored content; raises `BundleError` when the digest does not fit."

def check_json(data: Any, what: str) -> Any:
    "Check that data can be kept as JSON; raises `InputError`."

def sha256(data: Any) -> str:
    "Compute the digest of JSON data."

def diff(old: Any, new: Any) -> Any:
    'Compare two contents; a signature beside a program counts as one `Predict`.\n\nRaises `InputError` for a dataset beside anything else.'
