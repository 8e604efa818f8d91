# Made by `make export` from the modules: edit the notebooks.
from dspy_toolkit.deploy.front import Page
from typing import Any

def make_page() -> Page:
    "Make the page to try programs."
