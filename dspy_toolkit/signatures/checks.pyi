# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple

REFUSED: Any

SWALLOWED: Any

def check_field_name(name: str, direction: str='input') -> None:
    "Raise `SignatureError` when DSPy could not hold a field of that name."

def default_problem(node: dict[Any, Any], default: Any=..., classes: dict[Any, Any] | None=None) -> str:
    "Return pydantic's complaint about a default; raises pydantic's own error when the type itself is impossible."

def read_refusal(error: Exception) -> str:
    "Find the sentence in pydantic's error that says what is wrong."

def type_problem(node: dict[Any, Any], classes: dict[Any, Any] | None=None) -> str:
    "Return why pydantic cannot make a type."

def fits_no_value(node: dict[Any, Any], name: str, value: Any) -> bool:
    "Whether no value of a type can be compared with a constraint; of several types, those that are not None count."

class Misfit(NamedTuple):
    "A constraint that does not go with its type."
    name: str
    value: object
    node: dict[Any, Any]
    reason: str
    def __str__(self) -> str:
        ...

def find_misfit(node: dict[Any, Any], classes: dict[Any, Any] | None=None) -> Misfit | None:
    "Find a constraint, also one deep within a type, that pydantic refuses, or that no value can meet."

def expect(ok: bool, path: str, message: str, hint: str='') -> None:
    "Raise `BundleError` unless `ok`."

def check_keys(data: Any, path: str, needed: set[Any], allowed: Any=...) -> None:
    "Raise `BundleError` unless `data` is an object with the keys `needed`, and no others than those and `allowed`."

def check_list(data: Any, path: str, least: int=0) -> list[Any]:
    "Give back `data`; raise `BundleError` unless it is a list of at least so many items."

def check_value(data: Any, path: str='value', definitions: dict[Any, Any] | None=None) -> None:
    "Raise `BundleError` unless `data` is a value this module could have written."

def check_type(node: Any, path: str='type', definitions: dict[Any, Any] | None=None) -> Any:
    "Raise `BundleError` unless `node` is a structure this module could have written."

def check_constraints(data: Any, path: Any, definitions: Any, names: Any) -> None:
    "Check the constraints of a field or a type: each has one of these names, and a value; raises `UnsupportedType`."

def check_definition(name: str, data: Any, path: str, definitions: dict[Any, Any]) -> None:
    "Raise `BundleError` unless `data` is a definition that `signatures.types` could have written."
