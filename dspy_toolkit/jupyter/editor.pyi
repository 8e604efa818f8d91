# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dspy_toolkit.signatures.spec import SignatureSpec
from typing import Any
import anywidget

def cells_of(spec: SignatureSpec, namespace: Any=None) -> list[Any]:
    "Write the cells that define a signature in a notebook."

def changes_since(old: SignatureSpec, new: SignatureSpec, ref: str) -> dict[Any, Any]:
    "Compare two signatures, as data."

MODULES: Any

class SignatureEditor(anywidget.AnyWidget):
    "Edits a signature in the notebook; `spec` is what it means now, and may be set."
    draft: Any
    inputs: Any
    checked: Any
    suggestions: Any
    trial: Any
    notice: Any
    checks: Any
    offer: Any
    me: Any
    spec: Any
    problems: Any
    def __init__(self, target: Any=None, namespace: dict[Any, Any] | None=None, version: Any=None, name: str | None=None) -> None:
        ...
    @property
    def signature(self) -> Any:
        "The signature as it is now, with the notebook's own Enums and models."
    def save(self, message: str='') -> Any:
        "Save the signature as a version, and give it its name in the notebook; raises `InputError` while something is wrong."
    def run(self, texts: dict[Any, Any] | None=None, module: str | None=None) -> Any:
        "Run the signature as it is now; raises `InputError` while something is wrong."
    def stop(self) -> Any:
        "Stop the run; what was written stays. Does not wait for it."
    def keep_case(self, name: str, texts: dict[Any, Any] | None=None) -> Any:
        "Keep what is in the boxes as a case of the signature; raises `InputError`."
    namespace: Any
    version: Any
    prediction: Any

@dataclass
class _Trial:
    "One run."
    job: object
    view: object
    before: int
    started: float
    loop: object = ...
    stopping: bool = ...
    drawn: int = ...
    @property
    def state(self) -> Any:
        ...

def edit(target: Any=None, namespace: dict[Any, Any] | None=None) -> SignatureEditor:
    "Open the signature editor; raises `NotRegistered` for a name that nobody knows, and `InputError` for what is no signature."
