# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import anywidget

MODULES: Any

class Dashboard(anywidget.AnyWidget):
    "Shows calls, breakers and engines as they are now, in the notebook."
    seconds: Any
    fields: Any
    first: Any
    me: Any
    def __init__(self, seconds: float=600.0, source: Any=None) -> None:
        ...
    def start(self) -> None:
        "Send to the page from now on; a second time does nothing."
    def stop(self) -> None:
        "Send nothing more to the page."
    def close(self) -> None:
        "Stop, and take the page away."
    def act(self, what: str, name: str='', action: str='') -> str:
        "Do what a button of the page does; raises `InputError` for what cannot be done."

CARD_WAITS: Any

def dashboard(seconds: float=600.0) -> Dashboard:
    "Open the dashboard of this process."

def stop_dashboards() -> None:
    "Stop every dashboard; their pages stay, and say that nothing comes any more."
