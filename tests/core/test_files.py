"A reader of a file that is replaced finds the old text or the new one, whoever writes at the same time."
import os
import threading

import pytest
from dspy_toolkit.core.files import replace_text


def test_threads_that_replace_one_file_leave_it_whole_and_nothing_beside_it(tmp_path):
    path, texts = tmp_path / "names.json", [str(n) * 20_000 for n in range(4)]
    replace_text(path, texts[0])
    failures, stop = [], threading.Event()

    def write(text):
        try:
            for _ in range(20): replace_text(path, text)
        except OSError as e: failures.append(e)

    def read():
        while not stop.is_set():
            if (found := path.read_text()) not in texts: failures.append(len(found))

    reader, writers = threading.Thread(target=read), [threading.Thread(target=write, args=(text,)) for text in texts]
    for each in (reader, *writers): each.start()
    for each in writers: each.join()
    stop.set()
    reader.join()
    assert not failures and os.listdir(tmp_path) == ["names.json"]


@pytest.mark.parametrize("lasting", [False, True])
def test_what_cannot_be_written_leaves_the_old_text_and_nothing_beside_it(tmp_path, lasting):
    path = tmp_path / "run.json"
    replace_text(path, "old")
    with pytest.raises(UnicodeEncodeError): replace_text(path, "half a character: \ud83d", lasting=lasting)
    with pytest.raises(OSError): replace_text(tmp_path / "nowhere" / "run.json", "new", lasting=lasting)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["run.json"]
    replace_text(path, "half a character: \ud83d", errors="backslashreplace", lasting=lasting)
    assert path.read_text() == r"half a character: \ud83d"


def test_a_file_that_somebody_put_in_the_way_is_not_written_through(tmp_path):
    path, other = tmp_path / "names.json", tmp_path / "other"
    other.write_text("of somebody else")
    (tmp_path / f".names.json.{os.getpid()}.{threading.get_ident()}").symlink_to(other)
    replace_text(path, "new")
    assert (path.read_text(), other.read_text()) == ("new", "of somebody else")
