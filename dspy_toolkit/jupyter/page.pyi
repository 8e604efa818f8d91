# Made by `make export` from the modules: edit the notebooks.
from dataclasses import dataclass
from dataclasses import field
from dspy_toolkit.core.errors import ToolkitError
from typing import Any

class PageError(ToolkitError, ValueError):
    "The modules of a page cannot be joined."

@dataclass
class _Module:
    "One module, read."
    name: str
    imports: list[Any] = field(default_factory=...)
    exports: list[Any] = field(default_factory=...)
    code: list[Any] = field(default_factory=...)
    has_default: bool = ...

def join_modules(modules: dict[Any, Any]) -> str:
    "Join ES modules into one; raises `PageError` for what it does not understand."

VIEW: str

def page_of(shell: Any) -> str:
    "Find the notebook whose page somebody has open, or ''."

def read_static(name: str) -> str:
    "Read a file of a page."

def join_files(*names: str) -> str:
    "Join the modules of a page into one."

def post_message(comm: Any, content: dict[Any, Any]) -> Any:
    "Send a message over a comm, as a widget does; but not as the answer to whatever cell runs now."

def make_kept_bundle(bundle: dict[Any, Any], me: str, page: str) -> dict[Any, Any]:
    "Make the output that stays: the card, and the rule that hides it while its page is there."
