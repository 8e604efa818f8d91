# Made by `make export` from the modules: edit the notebooks.
from typing import Any

SEAM: str

def after_seam(text: str) -> str:
    "Give what counts of a text: what comes after its last seam."
