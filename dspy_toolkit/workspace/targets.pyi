# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def is_signature(value: Any) -> bool:
    "Is it a `dspy.Signature` of one's own?"

def is_program(value: Any) -> bool:
    "Is it a `dspy.Module`?"

def is_target(value: Any) -> bool:
    "Is it a signature or a program?"

def list_targets(namespace: Any) -> list[Any]:
    "List the signatures and programs that a notebook has."

def store() -> Any:
    "The registry of the `registry_url` setting."

def open_store() -> Any:
    "The registry of the `registry_url` setting where it is open already; opens and imports nothing."

def warm() -> None:
    "Open the registry, on any thread."

def define_signature(name: str, signature: Any, namespace: dict[Any, Any] | None) -> None:
    "Give a signature its name in a notebook; it may be made again when the classes in its types change."

def renew(name: str, namespace: dict[Any, Any]) -> Any:
    "Give a signature or a program of a notebook the notebook's classes as they are now."

def renew_all(namespace: dict[Any, Any]) -> None:
    "Renew all signatures of a notebook that were made here; those written in Python are the person's own."

def changed_types(target: Any, namespace: dict[Any, Any]) -> str:
    "Say which classes of a notebook are not what they were when a signature was made."

def find(name: str, namespace: dict[Any, Any]) -> Any:
    "Look a signature or a program up; raises `NotRegistered`."

def fetch(ref: str, namespace: dict[Any, Any], known: Any=...) -> Any:
    "Make what the registry has under a reference; raises `NotRegistered`."

def find_needs(spec: Any, namespace: dict[Any, Any]) -> dict[Any, Any]:
    "Find what a program needs of a notebook: tools, functions and Module classes."

def is_program_class(value: type[Any]) -> bool:
    "Is it a class of programs that is not DSPy's own?"

def version_of(target: Any) -> Any:
    "The version that has this very content, if one is kept; None too where the registry cannot be used."

def keep(target: Any, spec: Any=None, **details: Any) -> Any:
    "Keep something, and say why where it cannot be: a registry that is not there is no reason to lose a cell."

def describe_change(version: Any) -> tuple[Any, ...]:
    "Say what a version changed in the one it was made from."

def look_up_latest(version: Any, name: str) -> tuple[Any, ...]:
    "Ask the registry for a version again: somebody may have saved one since."

def save(name: str, namespace: dict[Any, Any], to: str | None=None, message: str='', tags: Any=..., parent: str | None=None) -> Any:
    "Keep a signature or a program of a notebook; raises `NotRegistered` where the notebook has no such name."

def load(ref: str, namespace: dict[Any, Any], to: str | None=None) -> tuple[Any, ...]:
    "Put a signature or a program of the registry into a notebook."

def signature_of(target: Any) -> Any:
    "What a program asks for and gives back: its first predictor's inputs and its last one's outputs; a signature is its own."

def signatures_of(target: Any) -> list[Any]:
    "The signatures of a program's predictors; a signature is its own."

def define_types(target: Any, namespace: dict[Any, Any], variable: str='') -> list[str]:
    "Put the Enums and models of a signature, or of a program, beside it; what the notebook has under their names stays."

def types_in(annotation: Any, seen: Any=None) -> list[Any]:
    "The Enums and models that a type is made of, also those within them."

def spec_of(name: str, namespace: dict[Any, Any]) -> Any:
    "The spec of what a name means, in a notebook or in the registry."

def find_previous(ref: str, namespace: dict[Any, Any]) -> str:
    "Find the version to compare a target with; raises `InputError` for a first version."
