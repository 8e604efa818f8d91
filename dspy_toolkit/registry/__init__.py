"The part that keeps versions; called, as `dspy_toolkit.registry()`, it gives the registry of the settings."
import sys
from types import ModuleType


class CallablePart(ModuleType):
    "A package that can be called."
    def __call__(self, url=None):
        "The registry at a URL; that of the `registry_url` setting unless given."
        from .store import registry
        return registry(url)


# `dspy_toolkit.registry` is a function to the user and a package to the import system, which binds that name to this package as soon
# as anyone imports a module of it. A function in the front door would be replaced then, so the package itself has to be callable.
# Setting `__class__` is the way that Python documents for it ("Customizing module attribute access").
sys.modules[__name__].__class__ = CallablePart
