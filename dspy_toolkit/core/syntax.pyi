# Made by `make export` from the modules: edit the notebooks.
from typing import Any
import ast

def parse_python(text: str, mode: str='exec') -> ast.AST:
    "Parse Python text; raises `SyntaxError` and `ValueError` as `ast.parse` does."
