# Made by `make export` from the modules: edit the notebooks.
from typing import Any

def name_version(signature: type[Any], version: str) -> None:
    "Put a version into the `RequestStarted` of each request that this signature makes."

class _Request:
    "A call to a model that runs now."
    def __init__(self, bus: Any, call_id: Any, lm: Any) -> None:
        ...
    def begin(self, inputs: Any, parent: Any) -> None:
        "Stand where DSPy writes about this call, and publish its start."
    def end(self, outputs: Any, error: Any) -> None:
        ...
    bus: Any
    id: Any
    known: Any
    model: Any
    record: Any

def add_guard(guard: Any, undo: Any=None) -> None:
    "Have each call to a model allowed first, while `publish_calls` is on."

def remove_guard(guard: Any) -> None:
    "Undo `add_guard`; what is unknown is no error."

class _Calls:
    "DSPy's callback: it publishes events."
    def __init__(self, bus: Any=...) -> None:
        ...
    def on_lm_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_lm_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_module_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_module_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_adapter_format_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_adapter_format_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_adapter_parse_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_adapter_parse_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_tool_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_tool_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_evaluate_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_evaluate_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    def on_compile_start(self, call_id: Any, instance: Any, inputs: Any) -> None:
        ...
    def on_compile_end(self, call_id: Any, outputs: Any, exception: Any=None) -> None:
        ...
    bus: Any

def callback_class() -> Any:
    "The class of the callback, made when DSPy is first needed."

def note_known() -> None:
    "Note that an answer to the request that runs here was known, so that no model is asked for it; engines that keep answers call this."

def publish_calls() -> Any:
    "Publish every call of DSPy as events. Works on any thread; `dspy.configure(callbacks=...)` ends it, a further call begins anew."

def stop_calls() -> None:
    "Undo `publish_calls`; guards are forgotten."
