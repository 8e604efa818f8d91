# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Front
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.tokens import Tokens
from typing import Any

def make_app(catalog: Catalog, tokens: Tokens | None=None, limits: Limits=..., page: bool=True, mcp: bool=False, hosts: frozenset[Any] | None=None) -> Front:
    "Make the application that serves programs; raises `MissingExtra`."
