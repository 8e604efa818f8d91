"Backends for engines in child processes: they do what a request says, good or bad."
import ctypes, os, resource, sys, threading, time
from collections import deque

from dspy_toolkit.engine.worker import Admitted, Piece


class Obedient:
    "Counts to the number that a request names, a word a step; or does the harm that it names."
    def __init__(self, slots=4, pause=0.0):
        self.slots, self.pause, self.rows, self.eaten = slots, pause, {}, []

    def load(self): return 7
    def preparation(self, generation): return None
    def admit(self, uid, generation):
        order = generation.messages[-1]['content'].split()
        harm = getattr(self, f'do_{order[0]}', None)
        if harm: harm(*order[1:])
        words = [f'{i} ' for i in range(int(order[1]))] if order[0] == 'count' else ['done']
        self.rows[uid] = [deque(words), 0]
        return Admitted(len(order))
    def evict(self, uid): self.rows.pop(uid, None)
    def stats(self): return dict(rows=len(self.rows), settings=os.environ.get('DSPY_TOOLKIT_MAX_TOKENS'))
    def clear_caches(self): return 0
    def close(self): self.rows.clear()

    def step(self):
        time.sleep(self.pause)
        out = []
        for uid, row in list(self.rows.items()):
            text, row[1] = row[0].popleft(), row[1] + 1
            out.append(Piece(uid, text, row[1], None if row[0] else 'stop'))
            if not row[0]: del self.rows[uid]
        return out

    def do_say(self, *words): print(*words, flush=True)
    def do_exit(self, code): os._exit(int(code))
    def do_crash(self): ctypes.string_at(0)
    def do_sleep(self, seconds): time.sleep(float(seconds))
    def do_eat(self, megabytes): self.eaten.append(bytearray(int(megabytes) * 2 ** 20))
    def do_fail(self): raise RuntimeError('the harm was asked for')
    def do_lack(self, kind):
        "Fail as Python may when it gets no memory: with an error that does not say so."
        resource.setrlimit(resource.RLIMIT_DATA, (2 ** 20, 2 ** 20))
        raise {'system': SystemError, 'value': ValueError}[kind]('error return without exception set')
    def do_lose(self):
        "Lose a thread."
        lost = threading.Thread(target=lambda: 1 / 0)
        lost.start()
        time.sleep(100)
    def do_warn(self, *words):
        import logging
        logging.getLogger('dspy_toolkit.engine').warning(' '.join(words))
    def do_garbage(self): os.write(int(sys.argv[1]), b'\xff' * 8)
