# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.errors import NotRegistered
from dspy_toolkit.registry.references import Reference
from dspy_toolkit.registry.version import Version
from typing import Any

def version_label(names: Any, versions: Any) -> Any:
    "Give the SQL expression for `Name@3`."

version_query: Any

def read_version(row: Any, created: bool=False) -> Version:
    "Make a `Version` of a row."

def read_versions(connection: Any, query: Any) -> list[Any]:
    "Run a query for versions."

def select_of_name(name: str, *columns: Any) -> Any:
    "Select columns of all versions of a name."

def find_version(connection: Any, ref: str | Reference) -> Version:
    "Find the version of a reference; raises `NotRegistered`."

def pick_version(connection: Any, ref: str | Reference | Version) -> Version:
    "Find the version of a reference; a `Version` is taken as it is."

def find_version_by_id(connection: Any, id: int, created: bool=False) -> Version:
    "Find a version that is known to be there."

def check_kind(version: Version, kind: str | None) -> Version:
    "Check the kind of a version; raises `InputError`."

def explain_missing(connection: Any, ref: Reference) -> NotRegistered:
    "Make the error for a missing version; its hint says what exists."
