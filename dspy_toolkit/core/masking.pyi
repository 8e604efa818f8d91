# Made by `make export` from the modules: edit the notebooks.
from typing import Any

MASK: str

class Masker:
    "Masks secrets in texts. It reads the environment when it is made, and at each `refresh`."
    def __init__(self, environ: Any=None) -> None:
        ...
    def refresh(self) -> None:
        "Read the environment again; quick where it has not changed."
    def mask(self, text: str) -> str:
        "Put `MASK` where a secret stands."
    def plain(self, value: Any, depth: int=0) -> Any:
        "Turn a value into masked plain data."
    def plain_text(self, text: str) -> str:
        "Mask a text, and cut what is far too long."

LONGEST: int
