# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import Count
from dspy_toolkit.commands.verb import Duration
from dspy_toolkit.commands.verb import Given
from dspy_toolkit.commands.verb import ModelName
from dspy_toolkit.commands.verb import ModuleName
from dspy_toolkit.commands.verb import Path
from dspy_toolkit.commands.verb import Target
from dspy_toolkit.views.serve import ServerView
from dspy_toolkit.views.serve import ServersView
from dspy_toolkit.views.serve import TokensView
from typing import Any

def serve(names: list[Target]=..., *, lm: ModelName | None=None, host: str='127.0.0.1', port: Count | None=None, tokens: Path | None=None, no_token: bool=False, running: int=64, waiting: Count=256, seconds: Duration=120.0, rate: str='', drain: Duration=20.0, certificate: Path | None=None, key: Path | None=None, code: list[ModuleName]=..., no_page: bool=False, mcp: bool=False, detach: bool=False, stop: bool=False, namespace: Given[dict[Any, Any]] | None=None, announce: Given[object] | None=None) -> ServerView | ServersView:
    'Serve versions over HTTP, list the servers of this computer, or stop one.\n\nRaises `InputError` for what cannot be served, and `NotRegistered` for a version that is not there.'

def token(name: str | None=None, *, for_: list[Target]=..., days: Duration | None=None, remove: bool=False, file: Path | None=None) -> TokensView:
    "Make a token for those who ask a server, list the tokens, or revoke one."
