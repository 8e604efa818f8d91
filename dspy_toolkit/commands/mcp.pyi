# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import Reference
from dspy_toolkit.commands.verb import Url
from dspy_toolkit.views.mcp import ClientConfigView
from typing import Any

def mcp(names: list[Reference], *, lm: ModelName | None=None, config: bool=False, url: Url | None=None, here: Given[bool]=False) -> ClientConfigView | None:
    "Serve programs as tools to a client of MCP, or print how it is told of them."
