"The part that keeps versions; called, as `dspy_toolkit.registry()`, it gives the registry of the settings."
import sys
from types import ModuleType


class _Part(ModuleType):
    def __call__(self, url=None):
        "The registry at a URL; that of the `registry_url` setting unless given."
        from .store import registry
        return registry(url)


sys.modules[__name__].__class__ = _Part
