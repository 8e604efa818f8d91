# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Front
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.tokens import Tokens
from typing import Any

class _Answers:
    "Answers POST /v1/NAME: an ASGI application, since FastAPI would take a third of what the server takes itself."
    def __init__(self, routes: Any) -> None:
        ...
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        ...
    routes: Any

def make_app(catalog: Catalog, tokens: Tokens | None=None, limits: Limits=..., page: bool=True, mcp: bool=False, hosts: frozenset[Any] | None=None) -> Front:
    "Make the application that serves programs; raises `MissingExtra`."
