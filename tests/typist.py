"A model for tests: it writes given answers, a word at a time, at a given pace."
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import dspy
from dspy.lm15 import Message, Request, Response, TextPart, Usage, response_to_events


class Typist:
    "An engine as DSPy wants it. It knows nothing of cancellation: what stops it is that nobody reads on."
    supports_response_schema, supported_params = True, {'response_format'}

    def __init__(self, *answers: str, pace: Callable = lambda word: None):
        self.answers, self.pace, self.requests = list(answers), pace, []

    def complete(self, request: Request) -> Response:
        self.requests.append(request)
        text = self.answers[(len(self.requests) - 1) % len(self.answers)]
        return Response(id=f'answer-{len(self.requests)}', model=request.model, message=Message.assistant([TextPart(text)]), finish_reason='stop',
                        usage=Usage(input_tokens=20, output_tokens=12, total_tokens=32))

    def stream(self, request: Request):
        for event in response_to_events(self.complete(request)):
            if event.type != 'delta': yield event; continue
            for word in re.findall(r'\S+\s*', event.delta.text):
                self.pace(word)
                yield replace(event, delta=replace(event.delta, text=word))

    def close(self): pass


def typist(*answers: str, pace: Callable = lambda word: None, name: str = 'test/typist') -> dspy.LM:
    "A `dspy.LM` that writes these answers, one after the other, and then from the first on again."
    return dspy.LM(name, engine=Typist(*answers, pace=pace), cache=False, num_retries=0)


def slowly(seconds: float) -> Callable:
    "A pace for a person, or a browser, to follow."
    return lambda word: time.sleep(seconds)


def until(word: str, then: Callable) -> Callable:
    "A pace that does something when it comes to a word, the first time, and then waits as if for ever: until the test is over."
    met, over = threading.Event(), threading.Event()
    _waiting.append(over)

    def pace(now):
        if now.strip() == word and not met.is_set():
            met.set()
            then()
            over.wait(30)
    return pace


_waiting = []  # what ends the waits of `until`


def release() -> bool:  # did anything wait, or could it have?
    "End what waits as if for ever: its call would end in the middle of another test, and be counted there."
    released = bool(_waiting)
    for over in _waiting: over.set()
    _waiting.clear()
    return released
