# Made by `make export` from the modules: edit the notebooks.
from typing import Any
from typing import NamedTuple
from urllib.request import HTTPRedirectHandler

PATIENCE: float

class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> Any:
        ...

def ask(url: str, headers: dict[Any, Any] | None=None) -> tuple[int | None, str]:
    "Ask for a page, once."

def check_hub() -> Any:
    "Does the hub answer?"

class Provider(NamedTuple):
    "How to ask a provider for its models."
    name: str
    key: str
    address: str
    base: str = ...
    header: str = ...
    lead: str = ...

PROVIDERS: Any

def check_keys() -> Any:
    "Does each provider take its key?"

def check_server() -> Any:
    "Does the registry's server answer, and with which schema? A file is looked at without the network. Raises `RegistryError`."
