"What the stories share: steps with names, the words of the story, and clients as a person has them."
import json
import time
from contextlib import contextmanager

import httpx

# labels that say nothing to the model: it learns them from examples only, so that an optimiser has something to do
LEARN = {
    'I love this phone, the screen is great.': 'dorn', 'The room was dirty and noisy.': 'blick',
    'A wonderful film, we laughed a lot.': 'dorn', 'The delivery came late and the box was broken.': 'blick',
    'The staff were friendly and helpful.': 'dorn', 'A boring book, I stopped after ten pages.': 'blick',
    'Best pizza in town, perfect service.': 'dorn', 'My new chair broke after two days.': 'blick',
}
HELD = {
    'The soup was cold and the waiter was rude.': 'blick', 'What a great concert, we enjoyed every minute.': 'dorn',
    'The battery is terrible, I want my money back.': 'blick', 'I am very happy with these shoes.': 'dorn',
    'The hotel was beautiful and the bed was comfortable.': 'dorn', 'A bad camera, all my pictures are dark.': 'blick',
}
CODES = set(LEARN.values())


def write_text(number): return f'The room number {next(number)} was dirty.'  # another one each time: DSPy keeps answers


def list_rows(texts): return [dict(text=text, code=code) for text, code in texts.items()]


class StoryEnded(AssertionError): "A step of a story failed."


class Story:
    "Steps with names. The step that fails says which it is, what went before, and what was on the screen."

    def __init__(self, look, keep=lambda: None): self.look, self.keep, self.steps = look, keep, []

    @contextmanager
    def step(self, name):
        self.steps.append(name)
        try: yield
        except StoryEnded: raise  # of a step within this one
        except Exception as e:
            self.keep()
            told = '\n'.join(f"  {'✗' if n == len(self.steps) else '✓'} {n}. {each}" for n, each in enumerate(self.steps, 1))
            raise StoryEnded(f"the story ended at step {len(self.steps)}, {name!r}: {e}\n\n{told}\n\nOn the screen:\n{self.look()}") from e


class Client:
    "Who asks a server over HTTP, and keeps what it said."

    def __init__(self, address, token): self.address, self.token, self.answers = address, token, []

    def ask(self, text):
        "The answer, with the leg and the version that gave it."
        found = httpx.post(f'{self.address}/v1/Code', json=dict(text=text), headers={'Authorization': f'Bearer {self.token}'}, timeout=60)
        self.answers.append(f"{found.status_code} {found.headers.get('x-version')} {found.headers.get('x-leg')} {found.text}")
        assert found.status_code == 200, found.text
        data = found.json()
        assert data.keys() == {'code'} and data['code'] in CODES, f'no typed answer: {data}'
        return found.headers['x-leg'], found.headers['x-version']

    def ask_until(self, done, number, seconds=90):
        "Ask one text after the other until `done(leg)`."
        end = time.monotonic() + seconds
        while not done(leg := self.ask(write_text(number))[0]):
            assert time.monotonic() < end, f'{leg} still answers after {seconds} s'
            time.sleep(.2)

    def read_breaker(self, name):
        "The state of a breaker, as the server's metrics have it."
        lines = httpx.get(f'{self.address}/metrics', headers={'Authorization': f'Bearer {self.token}'}, timeout=60).text.splitlines()
        states = [line for line in lines if line.startswith('resilience4j_circuitbreaker_state') and f'name="{name}"' in line and line.endswith(' 1.0')]
        assert len(states) == 1, f'no state of {name} in {states}'
        return states[0].partition('state="')[2].partition('"')[0]

    def __str__(self): return '\n'.join(self.answers[-12:])


def write_jsonl(path, texts): path.write_text(''.join(json.dumps(row) + '\n' for row in list_rows(texts)))
