# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def describe_schema(schema: dict[Any, Any], defs: dict[Any, Any] | None=None, path: tuple[Any, ...]=...) -> tuple[str, list[str]]:
    "Describe in words what a value may be."

def list_fields(fields: dict[Any, Any], defs: dict[Any, Any] | None=None, path: tuple[Any, ...]=...) -> list[str]:
    "List fields with what they mean and may be, one line each, and the outline of each under its line."

def write_system(signature: type[Any]) -> str:
    "Write the system message of a signature; raises `UnsupportedType` for outputs that have no schema."

def write_user(signature: type[Any], inputs: dict[Any, Any]) -> str:
    "Write the inputs of a call; inputs that are not given are left out."

def fit_adapter(adapter: Any, lm: Any) -> Any:
    "Give an adapter as it writes for a model; most write the same for all."
