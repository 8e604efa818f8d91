"What the tests of the server share: programs to serve, and a real server on a thread."
import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from typing import Literal

import dspy
import httpx

import dspy_toolkit
from dspy_toolkit.deploy.app import make_app
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.server import HTTPServer, Place
from dspy_toolkit.deploy.service import Service
from tests.typist import typist

SECRET = 'the-customer-said-4711'  # an input that must be in no log


class Triage(dspy.Signature):
    "Route a support email."
    email: str = dspy.InputField()
    team: Literal['billing', 'technical', 'sales'] = dspy.OutputField()


class Slow(dspy.Module):
    "Waits as long as its input says, and knows how many of it run."
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict('seconds: float -> text')
        self.running = self.cancelled = 0

    async def aforward(self, seconds):
        self.running += 1
        try:
            await asyncio.sleep(seconds)
            return dspy.Prediction(text=f'waited {seconds}')
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally: self.running -= 1


def write_slowly(seconds, *answers):
    return typist(*answers, pace=lambda word: time.sleep(seconds))


def tiny():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=60)
    lm.engine.warm()
    return lm


class Served:
    "A server that runs, and a client of it."
    def __init__(self, server, token):
        self.server, self.front, self.address, self.token = server, server.front, server.address, token
        self.headers = {'Authorization': f'Bearer {token}'} if token else {}
        self.client = httpx.Client(base_url=self.address, headers=self.headers, timeout=30)

    def post(self, path, json=None, **options): return self.client.post(path, json=json, **options)

    @contextmanager
    def connect(self):
        "A raw connection."
        with socket.create_connection(('127.0.0.1', self.server.socket.getsockname()[1]), 10) as connection: yield connection

    def send(self, text, seconds=10):
        "Send bytes, and read until the server closes the connection, or is silent for so long."
        with self.connect() as connection:
            connection.settimeout(seconds)
            try:
                connection.sendall(text)
                return b''.join(iter(lambda: connection.recv(65_536), b''))
            except (TimeoutError, ConnectionError) as e: return repr(e).encode()

    def head(self, path, length=None, kind='application/json'):
        "The head of a request with a body."
        length = '' if length is None else f'Content-Length: {length}\r\n'
        return f'POST {path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {self.token}\r\nContent-Type: {kind}\r\n{length}\r\n'.encode()


def wait_until(condition, seconds=10):
    "Wait for something that happens on another thread."
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, 'it did not happen'
        time.sleep(.01)


@contextmanager
def serving(*services, tokens=None, limits=Limits(), drain=5.0, catalog=None, **details):
    "A real server on a thread."
    text, ready = tokens.lend('tests') if tokens else '', threading.Event()
    server = HTTPServer(make_app(catalog or Catalog(*services), tokens, limits, **details), Place(port=0, drain=drain), lambda address: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(20)
    served = Served(server, text)
    try: yield served
    finally:
        served.client.close()
        if thread.is_alive() and server._draining is None: server.stop()
        thread.join(drain + 10)
        assert not thread.is_alive()


def make_services():
    slow = Slow()
    return slow, (Service(Triage, tiny(), 'Triage', 'Triage@3'), Service(slow, typist('{}'), 'Slow'))
