"A module that another thread is importing is not loaded yet: it lacks what its code has still to define."
import sys
import threading

from dspy_toolkit.core.imports import find_loaded


def test_a_module_that_is_still_imported_is_not_loaded(tmp_path, monkeypatch):
    (tmp_path/'half_imported.py').write_text('import half_way\nhalf_way.reached.set(); half_way.go_on.wait(10)\nvalue = 1\n')
    (tmp_path/'half_way.py').write_text('import threading\nreached, go_on = threading.Event(), threading.Event()\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    import half_way
    thread = threading.Thread(target=__import__, args=('half_imported',))
    thread.start()
    assert half_way.reached.wait(10)
    assert 'half_imported' in sys.modules and find_loaded('half_imported') is None
    half_way.go_on.set()
    thread.join()
    assert find_loaded('half_imported').value == 1 and find_loaded('half_unknown') is None
