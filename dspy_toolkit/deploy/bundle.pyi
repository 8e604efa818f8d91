# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.signatures.program import ProgramSpec
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.workspace import targets
from pathlib import Path
from pydantic import BaseModel
from pydantic import Field
from typing import Annotated
from typing import Any
from typing import Literal

FORMAT: int

FILES: Any

LARGEST: Any

@dataclass(frozen=True)
class Bundle:
    "A bundle that was read and found whole."
    folder: Path
    version: str
    spec: SignatureSpec | ProgramSpec
    signature: SignatureSpec
    model: dict[Any, Any]
    settings: dict[Any, Any]
    lock: dict[Any, Any]
    toolkit: str
    digest: str
    files: dict[Any, Any] = field(repr=...)
    code: tuple[Any, ...] = field(default=..., repr=...)
    @property
    def name(self) -> str:
        ...
    @property
    def kind(self) -> str:
        ...
    @property
    def needs(self) -> list[Any]:
        "The code that the program needs, and that a bundle does not hold."
    def list_remarks(self) -> list[str]:
        "Say what the machine that serves must have, and which packages are of another version here."
    def find_code(self, kind: str, name: str) -> Any:
        "Find what the program needs in the modules that were named; None where it is not there."
    def make_program(self) -> Any:
        "Make the program."
    def make_lm(self) -> Any:
        "Make the model; raises `ModelNotAvailable` where this machine does not have it."
    def make_adapter(self) -> Any:
        "Make the adapter."
    def make_service(self) -> Any:
        "Make the service: the program with its model, adapter and version."

class _Strict(BaseModel):
    model_config: Any

class _File(_Strict):
    sha256: Any
    bytes: Any

class _Manifest(_Strict):
    format: Literal[1]
    kind: Literal['signature', 'program']
    version: Any
    content: Any
    toolkit: Any
    files: Any
    digest: Any

class _Adapter(_Strict):
    kind: Any
    layout: Literal['short', 'json'] | None = ...
    use_native_function_calling: bool | None = ...
    parallel_tool_calls: bool | None = ...
    use_json_adapter_fallback: bool | None = ...

class _Settings(_Strict):
    module: Literal[*targets.MODULES,] = ...
    adapter: _Adapter
    max_tokens: Annotated[int, Field(ge=1, lt=1 << 31)]

def write_bundle(ref: str, folder: str | Path, lm: Any=None, module: str | None=None, adapter: Any=None, force: bool=False, registry: Any=None) -> Bundle:
    "Write a version as a bundle; raises `InputError` for what a bundle cannot hold, and `NotRegistered`."

def read_bundle(folder: str | Path) -> Bundle:
    "Read and check a bundle; raises `BundleError`, which names the file, and `InputError` where there is none. Runs no code of it."

def copy_bundle(bundle: Bundle, folder: str | Path, force: bool=False) -> None:
    "Copy a bundle, in the place of another one if there is one; raises `InputError` for what is no bundle, and for one that was changed."

def open_bundle(folder: str | Path, code: Any=...) -> Bundle:
    "Read a bundle and import the code that it needs; raises `InputError` for code that is not there, and what `read_bundle` raises."

def check_module(name: str) -> None:
    "Raise `InputError` for a text that is no name of a module."

def import_code(name: str) -> Any:
    "Import a module; raises `InputError`."
