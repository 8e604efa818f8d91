# Made by `make export` from the modules: edit the notebooks.
from typing import Any

REFUSED: Any

SWALLOWED: Any

def check_field_name(name: str, direction: str='input') -> None:
    "Raise `SignatureError` when DSPy could not hold a field of that name."

def default_problem(node: dict[Any, Any], default: Any=..., classes: dict[Any, Any] | None=None) -> str:
    "Return pydantic's complaint about a default; raises pydantic's own error when the type itself is impossible."

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
