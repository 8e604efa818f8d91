# Made by `make export` from the modules: edit the notebooks.
from typing import Any

SEAM: str

def after_seam(text: str) -> str:
    "Give the part of a text after its last seam."
