# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.views.live import LiveView
from typing import Any
import anywidget

MODULES: Any

class News:
    "What is new in a view since the last time."
    def __init__(self, view: LiveView) -> None:
        ...
    def whole(self) -> dict[Any, Any]:
        "Give everything."
    def take(self) -> dict[Any, Any]:
        "Give what is new; the next time counts from here."
    view: LiveView
    rows: Any

class LiveWidget(anywidget.AnyWidget):
    "Shows long work while it runs, and what came of it."
    first: Any
    me: Any
    def __init__(self, view: LiveView, stop: Any=None) -> None:
        ...
    def get_state(self, key: Any=None, drop_defaults: Any=False) -> Any:
        ...
    def tell(self) -> None:
        "Send what is new."
    view: LiveView
    news: Any

CARD_WAITS: Any

PAGES: int

class LiveOutput:
    "The two outputs of a view."
    def __init__(self, view: LiveView, stop: Any=None) -> None:
        ...
    def show(self) -> None:
        "Display both."
    def bundle(self) -> Any:
        ...
    def draw(self) -> None:
        "Send what is new to the page, and now and then to the card."
    def finish(self) -> None:
        "Bring both up to date, for the last time."
    view: LiveView
    widget: Any

def close_pages() -> None:
    "Close the pages of long work; their cards stay."

class Follower:
    "Follow long work on the page of a shell."
    def __init__(self, shell: Any=None, on_page: bool=True) -> None:
        ...
    def __call__(self, watch: Watch, view: LiveView) -> Any:
        "Run the work and show it; an interrupt stops it; raises what the work raises."
    def close(self) -> None:
        "Show the end of all that was followed."
    def shows(self, view: Any) -> bool:
        "Is this view on the screen already?"
    outputs: Any
    on_page: Any

def follow(watch: Watch, view: LiveView) -> Any:
    "Run long work and show it where the cell that calls this has a page."
