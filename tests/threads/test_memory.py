"Ten thousand requests leave the memory of the process where it was."
import json, subprocess, sys
from pathlib import Path

import pytest

script = '''
import gc, json, random, re, sys, threading
from concurrent.futures import ThreadPoolExecutor
from dspy.lm15 import Config, Message, Request
from dspy_toolkit.engine.mlx import MLXEngine

engine = MLXEngine('mlx/' + sys.argv[1], slots=8, prefix_bytes=2 ** 22)
schema = {'type': 'object', 'properties': {'team': {'enum': ['billing', 'sales']}, 'urgent': {'type': 'boolean'}}, 'required': ['team', 'urgent']}
typed = {'type': 'json_schema', 'schema': schema}
begins = [' '.join(f'word{i * j}' for j in range(30)) for i in range(5)]  # of five signatures

def ask(n):
    rng = random.Random(n)
    config = dict(max_tokens=40, response_format=typed) if n % 2 else dict(max_tokens=rng.randint(1, 4), temperature=1.0)
    message = Message.user(rng.choice(begins) + ' it ' * rng.randint(1, 40) + str(n))
    if n % 10 == 3:  # leaves before the end
        events = engine.stream(Request(model=engine.model, messages=(message,), config=Config(**config)))
        for event in events:
            if event.type == 'delta': events.close(); break
    else: assert engine.complete(Request(model=engine.model, messages=(message,), config=Config(**config))).message

def resident():
    gc.collect()
    with open('/proc/self/status') as file: return int(re.search(r'VmRSS:\\s+(\\d+)', file.read())[1]) * 1024

seen, each = [], int(sys.argv[2])
with ThreadPoolExecutor(16) as pool:
    for i in range(10):
        list(pool.map(ask, range(i * each, (i + 1) * each)))
        seen.append(resident())
print(json.dumps(dict(resident=seen, stats=engine.stats())))
engine.close()
'''


@pytest.mark.skipif(not Path('/proc/self/status').exists(), reason='resident memory is read from /proc')
def test_ten_thousand_requests_leave_resident_memory_flat(tmp_path):
    from dspy_toolkit.engine.models import random_model
    folder = random_model(tmp_path/'noise', hidden=32, layers=1, heads=2, context=512, vocab_size=300)
    done = subprocess.run([sys.executable, '-c', script, str(folder), '1000'], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    seen = found['resident']
    print(found)
    assert max(seen[5:]) - max(seen[:3]) < 8 * 2 ** 20, [n // 2 ** 10 for n in seen]
    assert found['stats']['prefix_bytes'] <= 2 ** 22 and not found['stats']['rows'] and not found['stats']['reading'], found
