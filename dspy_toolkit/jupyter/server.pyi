# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import anywidget

MODULES: Any

class ServerCard(anywidget.AnyWidget):
    "Shows a server that this notebook started."
    first: Any
    me: Any
    def __init__(self, view: Any, child: Any) -> None:
        ...
    def get_state(self, key: Any=None, drop_defaults: Any=False) -> Any:
        ...
    def show(self) -> None:
        "Display both outputs."
    def update(self) -> None:
        "Show how the server stands now; from any thread."
    view: Any
    child: Any
