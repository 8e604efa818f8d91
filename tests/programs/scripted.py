"An engine that answers by a script, whatever fields are asked for, and counts what it was asked."
import hashlib
import re
import threading

import dspy
from dspy.lm15 import Message, Response, Usage


def text_of(request):
    parts = [part for message in request.messages for part in message.parts]
    return '\n'.join([str(request.system or ''), *(str(getattr(part, 'text', '') or '') for part in parts)])


class ScriptedEngine:
    "Says the right label in so many of a hundred answers; which ones depends on the prompt and the seed alone."
    supports_response_schema = True
    supported_params = frozenset({'temperature', 'max_tokens', 'seed', 'response_format'})

    def __init__(self, labels, right=50, seconds=0.0):
        self.labels, self.right, self.seconds = labels, right, seconds  # the question -> its label
        self.asked, self.lock, self.draws = 0, threading.Lock(), 0
        self.kinds = []

    def complete(self, request):
        asked = text_of(request)
        with self.lock:
            self.asked += 1
            number = self.asked
        names = re.findall(r'`(?:\[\[ ## )?(\w+)(?: ## \]\])?`', asked.rpartition('Respond with')[2])
        names = [name for name in dict.fromkeys(names) if name != 'completed']
        values = {name: self.value(name, asked, number if request.config.temperature else 0) for name in names}
        if '[[ ## ' in asked.rpartition('Respond with')[2]: answer = ''.join(f'[[ ## {n} ## ]]\n{v}\n\n' for n, v in values.items()) + '[[ ## completed ## ]]'
        else:
            import json
            answer = json.dumps(values)
        with self.lock: self.kinds.append(tuple(names))
        return Response(id='1', model=request.model, message=Message.assistant(answer), finish_reason='stop',
                        usage=Usage(input_tokens=len(asked) // 4, output_tokens=len(answer) // 4))

    def value(self, name, asked, draw):
        hashed = int(hashlib.sha256(f'{asked}{draw}'.encode()).hexdigest(), 16)
        if name == 'module_advice': return {'self': f'Look at {hashed % 9999}.'}
        if name != 'label': return f'Think of {hashed % 9999}.'
        question = re.findall(r'question ## \]\]\n(.*)', asked)[-1].strip()
        right = self.labels.get(question, 'no')
        return right if hashed % 100 < self.right else {'yes': 'no', 'no': 'yes'}[right]


def scripted_lm(labels, cache=True, **options):
    "A model of DSPy on such an engine; a name of its own, so that no cache of another test has its answers."
    import secrets
    engine = ScriptedEngine(labels, **options)
    return dspy.LM(f'test/scripted-{secrets.token_hex(4)}', engine=engine, cache=cache, num_retries=0)


def make_rows(n): return [dict(question=f'Is {i} even?', label='yes' if i % 2 == 0 else 'no') for i in range(n)]


def make_examples(n): return [dspy.Example(**row).with_inputs('question') for row in make_rows(n)]


class Label(dspy.Signature):
    "Answer the question."
    question: str = dspy.InputField()
    label: str = dspy.OutputField()
