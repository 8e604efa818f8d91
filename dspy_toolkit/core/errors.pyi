# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def printable(text: str, stream: Any=None) -> str:
    "Replace the characters that a stream cannot encode."

DOORS: Any

door: Any

def spell_verb(verb: str, at: str | None=None) -> str:
    "Write a verb as a person types it in a notebook or a shell."

def spell_hint(text: str, verbs: Any=..., at: str | None=None) -> str:
    "Write a hint for a notebook or a shell."

class ToolkitError(Exception):
    "Base of every error this package raises on its own account."
    def __init__(self, message: str, hint: str='', hint_verb: str | tuple[str, ...]=...) -> None:
        ...
    hint_verb: Any
    @property
    def hint(self) -> str:
        ...
    @hint.setter
    def hint(self, hint: str) -> None:
        ...
    @property
    def __notes__(self) -> list[str]:
        ...
    @__notes__.setter
    def __notes__(self, notes: Any) -> None:
        ...

class SettingsError(ToolkitError, ValueError):
    "A setting is unknown, or has a value that cannot be used."

class InputError(ToolkitError, ValueError):
    "An input of a signature is missing, unknown, or of the wrong type."

class SignatureError(ToolkitError, ValueError):
    "A signature has a name, a field or a direction that DSPy does not accept."

class UnsupportedType(ToolkitError, TypeError):
    "A type or a value cannot be stored as data, without the code behind it."

class NotRegistered(ToolkitError, LookupError):
    "Nothing is stored under that name, version or alias."

class RegistryError(ToolkitError):
    "The registry's database cannot be opened, read or written."

class HistoryError(ToolkitError):
    "The history of calls cannot be opened or read."

class NotWritten(ToolkitError):
    "A file of the home folder cannot be written."

class Protected(ToolkitError):
    "An alias is protected from being moved."

class InUse(ToolkitError):
    "Something cannot be deleted, because something else refers to it."

class ModelNotAvailable(ToolkitError, LookupError):
    "A model is not on this machine and cannot be downloaded."

class MissingExtra(ToolkitError, ImportError):
    "An optional dependency is not installed."

class CallNotPermitted(ToolkitError):
    "The breaker is open, or it is half_open and all its probes (trial calls) are in use."
    def __init__(self, breaker: str, state: str, retry_after: float | None=None) -> None:
        ...
    breaker: str
    state: str
    retry_after: float | None

class BundleError(ToolkitError, ValueError):
    "A stored bundle has wrong content."
    def __init__(self, path: str, field: str, message: str='is not what it should be', hint: str='') -> None:
        ...
    path: Any
    field: str

class SignatureSyntaxError(ToolkitError, ValueError):
    "A signature's text cannot be read."
    def __init__(self, message: str, line: int=1, column: int=1, expected: str='', hint: str='', source: str='', end_column: int | None=None) -> None:
        ...
    def __str__(self) -> str:
        ...
    message: str
    line: int
    column: int
    expected: str
    source: str
    end_column: int | None

def require(module: str, extra: str) -> Any:
    "Import `module`; raises `MissingExtra`, which names the extra to install."
