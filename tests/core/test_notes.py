"""What is on is said by whoever switched it on."""
import subprocess
import sys

from dspy_toolkit.core.notes import collect_notes, register_notes, unregister_notes


def test_a_provider_is_asked_each_time_and_replaced_by_its_name():
    on = ['the cache is off']
    register_notes('test', lambda: on)
    try:
        assert 'the cache is off' in collect_notes()
        on.clear()
        assert 'the cache is off' not in collect_notes()
        register_notes('test', lambda: ['another one'])
        assert collect_notes().count('another one') == 1
    finally: unregister_notes('test')
    unregister_notes('test')
    assert 'another one' not in collect_notes()


def test_a_card_tells_of_chaos_and_imports_nothing_to_find_out():
    code = '''import sys
from dspy_toolkit.views.base import View, disturbances
class Plain(View):
    def html(self): return 'plain'
    def __rich__(self): return 'plain'
assert 'chaos' not in Plain()._repr_mimebundle_()['text/html']
assert not {'dspy', 'dspy_toolkit.resilience.chaos'} & set(sys.modules)
from dspy_toolkit.resilience.chaos import Chaos, start, stop
start('fast', Chaos(fail=0.3), 60)
assert [line.startswith('chaos on fast: 30% of calls fail') for line in disturbances()] == [True]
assert 'chaos on fast' in Plain()._repr_mimebundle_()['text/html']
stop()
assert disturbances() == []'''
    subprocess.run([sys.executable, '-c', code], check=True)
