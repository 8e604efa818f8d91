# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def printable(text: str, stream: Any=None) -> str:
    "Write a text with the signs that a stream has."

DOORS: Any

door: Any

def spell_verb(verb: str, at: str | None=None) -> str:
    "Write a verb as a person types it at a door."

def spell_hint(text: str, verbs: Any=..., at: str | None=None) -> str:
    "Write a hint for a door."

class ToolkitError(Exception):
    "Base of every error this package raises on its own account."
    def __init__(self, message: str, hint: str='', hint_verb: str | tuple[str, ...]=...) -> None:
        ...
    hint_verb: Any
    @property
    def hint(self) -> Any:
        ...
    @hint.setter
    def hint(self, hint: Any) -> None:
        ...

class SettingsError(ToolkitError, ValueError):
    "A setting is unknown, or has a value that cannot be used."

class InputError(ToolkitError, ValueError):
    "An input of a signature is missing, unknown, or of the wrong type."

class SignatureError(ToolkitError, ValueError):
    "A signature has a name, a field or a direction that DSPy could not hold."

class UnsupportedType(ToolkitError, TypeError):
    "A type or a value cannot be kept as structure, without the code behind it."

class NotRegistered(ToolkitError, LookupError):
    "Nothing is stored under that name, version or alias."

class RegistryError(ToolkitError):
    "The registry's database cannot be opened, read or written."

class Protected(ToolkitError):
    "An alias is protected from being moved."

class InUse(ToolkitError):
    "Something cannot be deleted, since something else refers to it."

class ModelNotAvailable(ToolkitError, LookupError):
    "A model is named that is not on this machine and cannot be fetched."

class MissingExtra(ToolkitError, ImportError):
    "An optional dependency is not installed."

class CallNotPermitted(ToolkitError):
    "The breaker is open, or half_open with every probe out."
    def __init__(self, breaker: str, state: str, retry_after: float | None=None) -> None:
        ...
    breaker: str
    state: str
    retry_after: float | None

class BundleError(ToolkitError, ValueError):
    "A stored bundle does not hold what it should."
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
    "Import `module`, or say which extra brings it; raises `MissingExtra`."
