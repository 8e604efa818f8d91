"""Stands before the package of this name while the tests run: imports it when it is asked something, and not before.

jsonschema imports it, and it compiles a grammar then, which is more than half of what `import dspy` takes, in every process and kernel that
the tests start. Nothing here asks it anything: it checks the formats `iri` and `iri-reference`.
"""
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path


def is_valid_syntax(*args, **kwargs):
    "What the package says."
    spec = PathFinder.find_spec(__name__, [o for o in sys.path if Path(o) != Path(__file__).parent])
    sys.modules[__name__] = package = module_from_spec(spec)
    spec.loader.exec_module(package)
    return package.is_valid_syntax(*args, **kwargs)
