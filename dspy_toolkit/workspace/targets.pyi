# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def is_signature(value: Any) -> bool:
    "Whether a value is a signature, and not `dspy.Signature` itself."

def is_program(value: Any) -> bool:
    "Whether a value is a `dspy.Module`."

def is_target(value: Any) -> bool:
    "Whether a value is a signature or a program."

def is_dataset(value: Any) -> bool:
    "Whether a value is a `Dataset`."

def list_targets(namespace: Any) -> list[Any]:
    "List the signatures and programs that a notebook has."

def store() -> Any:
    "Return the registry of the `registry_url` setting."

def open_store() -> Any:
    "The registry of the `registry_url` setting where it is open already; opens and imports nothing."

def warm() -> None:
    "Open the registry, on any thread."

def define_signature(name: str, signature: Any, namespace: dict[Any, Any] | None) -> None:
    "Put a signature into a notebook under a name; it may be replaced when the classes in its types change."

def renew(name: str, namespace: dict[Any, Any]) -> Any:
    "Give a signature or a program of a notebook the current classes of the notebook."

def renew_all(namespace: dict[Any, Any]) -> None:
    "Renew all signatures of a notebook that were made from cells or from the registry."

def describe_changed_types(target: Any, namespace: dict[Any, Any]) -> str:
    "Say which classes of a notebook have changed since a signature was made."

def find(name: str, namespace: dict[Any, Any]) -> Any:
    "Find a signature or a program by its name or reference; raises `NotRegistered`."

def fetch(ref: str, namespace: dict[Any, Any], known: Any=...) -> Any:
    "Make the signature or the program of a version in the registry; raises `NotRegistered`."

def find_needs(spec: Any, namespace: dict[Any, Any]) -> dict[Any, Any]:
    "Find the code that a program needs in a notebook: tools, functions and Module classes."

def is_program_class(value: type[Any]) -> bool:
    "Whether a class is a subclass of `dspy.Module` that is not DSPy's own."

def version_of(target: Any) -> Any:
    "Find the version with exactly this content; None if there is none, or if the registry cannot be used."

def keep(target: Any, spec: Any=None, must: bool=False, **details: Any) -> Any:
    "Save a target; when the registry cannot be used, return the reason instead of raising, so that the cell still runs."

def describe_change(version: Any) -> tuple[Any, ...]:
    "Describe what a version changed, compared with the version it was made from."

def look_up_latest(version: Any, name: str) -> tuple[Any, ...]:
    "Read a version again, and find the latest of its name: somebody may have saved one since."

def save(name: str, namespace: dict[Any, Any], to: str | None=None, message: str='', tags: Any=..., parent: str | None=None) -> Any:
    "Save a signature or a program of a notebook; raises `NotRegistered` when the notebook has no such name."

def load(ref: str, namespace: dict[Any, Any], to: str | None=None) -> tuple[Any, ...]:
    "Put a signature, a program or a dataset of the registry into a notebook."

def signature_of(target: Any) -> Any:
    "Make the signature of a program: its own inputs or its first predictor's, and the outputs of its last; a signature stays as it is."

def signatures_of(target: Any) -> list[Any]:
    "List the signatures of a program's predictors; a signature alone gives itself."

MODULES: Any

def as_program(target: Any, module: str | None=None) -> Any:
    "Make a signature a program; a program stays what it is."

def define_types(target: Any, namespace: dict[Any, Any], variable: str='') -> list[str]:
    "Put the Enums and models of a signature or a program into a notebook; names that the notebook has already are not replaced."

def types_in(annotation: Any, seen: Any=None) -> list[Any]:
    "Find the Enums and models that a type is made of, also those inside them."

def spec_of(name: str, namespace: dict[Any, Any]) -> Any:
    "Make the spec of what a name means, in a notebook or in the registry."

def find_previous(ref: str, namespace: dict[Any, Any]) -> str:
    "Find the version to compare a target with; raises `InputError` for a first version."
