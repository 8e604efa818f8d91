# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.commands.verb import VerbName
from dspy_toolkit.views.system import HelpView
from dspy_toolkit.views.system import SchemaView
from dspy_toolkit.views.system import VerbView
from typing import Any

def help(verb: VerbName | None=None) -> HelpView | VerbView:
    "List all verbs, or explain one."

def spell_argument(argument: Any) -> Any:
    "How an argument is written: -o, --output VAR."

def schema(verb: VerbName) -> SchemaView:
    "Show the JSON Schema of what a verb prints as JSON."
