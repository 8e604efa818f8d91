"A secret of any known shape never reaches the file of the history, wherever it stands."
import string
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dspy_toolkit.core.events import EngineDied
from dspy_toolkit.core.masking import MASK, Masker
from dspy_toolkit.monitoring.capture import Call
from dspy_toolkit.monitoring.history_file import HistoryFile
from dspy_toolkit.monitoring.history_rows import Packer, searchable
from dspy_toolkit.monitoring.history_write import HistoryWriter

LETTERS, UPPER = string.ascii_letters + string.digits, string.ascii_uppercase + string.digits


def core(alphabet, least, most=40): return st.text(alphabet, min_size=least, max_size=most).map(lambda text: f'{text}7Q')


def lines(text): return '\n'.join(text[n:n + 16] for n in range(0, len(text), 16))


# what is written, and the part of it that must not be found
SHAPES = st.one_of(
    core(LETTERS + '_-', 24).map(lambda s: (f'sk-{s}', s)),
    core(LETTERS, 24).map(lambda s: (f'sk-proj-{s}', s)),
    core(LETTERS, 24).map(lambda s: (f'hf_{s}', s)),
    core(UPPER, 14, 14).map(lambda s: (f'AKIA{s}', s)),
    st.tuples(st.sampled_from(['ghp_', 'gho_', 'ghs_', 'github_pat_']), core(LETTERS, 24)).map(lambda s: (''.join(s), s[1])),
    st.tuples(st.sampled_from(['Bearer ', 'bearer  ', 'Authorization: Bearer ', 'Authorization: Basic ', '"authorization": "Bearer ']), core(LETTERS + '._~+/-', 12)).map(lambda s: (''.join(s), s[1])),
    st.tuples(st.sampled_from(['?key=', '&api_key=', '?x=1&access_token=', '&client_secret=', 'password=', 'OPENAI_API_KEY=', "'api-key': '"]), core(LETTERS + '-_.', 8)).map(lambda s: (f'https://api.example.org/v1{s[0]}{s[1]}', s[1])),
    core(LETTERS + '+/', 60, 200).map(lambda s: (f'-----BEGIN RSA PRIVATE KEY-----\n{lines(s)}\n-----END RSA PRIVATE KEY-----', lines(s)[:16])),
    core(LETTERS + '+/', 60, 200).map(lambda s: (f'-----BEGIN OPENSSH PRIVATE KEY-----\\n{s}', s)),
    st.tuples(st.sampled_from(['https', 'postgresql+psycopg', 'redis']), core(LETTERS + '-_.!%:', 8)).map(lambda s: (f'{s[0]}://ada:{s[1]}@example.org/x', s[1])))

FILLER = st.text(st.characters(exclude_categories=['Cs'], exclude_characters=LETTERS), max_size=20)
NESTED = st.recursive(FILLER, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(FILLER, inner, max_size=3)), max_leaves=6)


@st.composite
def planted(draw, text):
    "A nested value with a text somewhere in it, also as a key."
    text, value = draw(FILLER) + ' ' + text + ' ' + draw(FILLER), draw(NESTED)
    for _ in range(draw(st.integers(0, 3))):
        where = draw(st.sampled_from(['list', 'value', 'key', 'message']))
        if where == 'list': text = [value, text]
        elif where == 'key' and isinstance(text, str): text = {text: value}
        elif where == 'message': text = [{'role': 'user', 'content': text}]
        else: text = {'a': value, 'b': text}
    return text


class Diary:
    "A file that all examples share."
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = HistoryFile(f'sqlite:///{self.folder.name}/history.db')
        self.writer, self.n = HistoryWriter(self.file, 'secrets'), 0

    def write(self, value, text, environ=None):
        packer = Packer(masker=Masker(environ or {}))
        self.n += 1
        call = Call(f'r{self.n}', model=f'openai/{text}', at=1_790_000_000.0 + self.n, error='LMServerError', message=f'refused: {text}', signature=text, prompt=value, outputs=[value, {'text': text}])
        self.writer.write([packer.pack_call(call), packer.pack_call(call, amends=True), packer.pack_happening(EngineDied(text, text, text))])

    def holds(self, secret):
        return any(each in path.read_bytes() for path in Path(self.folder.name).iterdir() for each in (secret.encode(), secret.lower().encode()))


diary = Diary()


@given(st.data())
def test_a_secret_of_a_known_shape_is_never_in_the_file(data):
    text, secret = data.draw(SHAPES)
    value = data.draw(planted(text))
    diary.write(value, text)
    assert not diary.holds(secret)


@given(st.data(), st.sampled_from(['MY_API_KEY', 'GITHUB_TOKEN', 'db_password', 'AppSecret']))
def test_a_value_of_the_environment_is_never_in_the_file(data, name):
    secret = data.draw(st.text(st.characters(exclude_categories=['Cs', 'Cc']), min_size=8, max_size=30)) + '7Q'
    diary.write(data.draw(planted(secret)), f'say {secret} aloud', {name: secret, 'EDITOR': 'vim'})
    assert not diary.holds(secret)


def test_the_test_would_find_a_secret_that_is_not_masked():
    diary.write('it is hunter2-4711-x', 'plain')
    assert diary.holds('hunter2-4711-x')


@given(st.text(max_size=300))
def test_masking_twice_is_masking_once(text):
    masker = Masker({})
    assert masker.mask(masker.mask(text)) == masker.mask(text)


VALUES = st.recursive(
    st.one_of(FILLER, st.text(max_size=9), st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(['sha256:', 'sha256:ab', 'Å\ud800'])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(['role', 'content', 'a', 1, '1', '\x00']), inner, max_size=3)), max_leaves=6)


@given(VALUES, VALUES, st.sampled_from(['full', 'hashed', 'none']))
def test_the_text_that_is_indexed_is_the_text_that_is_made_again_from_the_file(prompt, outputs, content):
    packed = Packer(content, Masker({})).pack_call(Call('r', 'm', prompt=prompt, outputs=outputs, message='refused', signature='Qa'))
    assert packed.text == searchable(packed.row, packed.prompt, packed.outputs)


def test_ordinary_text_stays_as_it_is():
    masker = Masker({'SHORT_KEY': '1', 'PATH': '/usr/bin'})
    for text in ("A task-based risk-management plan.", "max_tokens=512, top_p=1, in /usr/bin", "see https://example.org/a?page=2#top", "mail ada@example.org", "the key: a door", 'AKIA',
                 '{"type": "object", "properties": {"token": {"type": "string"}}}', "1. `token` (str): a word", "[[ ## secret ## ]]\nyes"):
        assert masker.mask(text) == text


def test_a_variable_that_is_set_later_is_known_after_a_refresh():
    environ = {}
    masker = Masker(environ)
    environ['NEW_TOKEN'] = 'sunny-7421'
    assert 'sunny' in masker.mask('sunny-7421')
    masker.refresh()
    assert masker.mask('a sunny-7421 b') == f'a {MASK} b'


def test_what_a_masker_remembers_of_a_text_is_forgotten_with_the_environment():
    environ, text = {}, 'ask with plain-words-9'
    masker = Masker(environ)
    assert [masker.plain(text), masker.plain(text)] == [text, text]
    environ['SERVICE_TOKEN'] = 'plain-words-9'
    masker.refresh()
    assert [masker.plain(text), masker.plain(text)] == [f'ask with {MASK}'] * 2


def test_more_texts_than_a_masker_remembers_are_masked_alike():
    masker = Masker({})
    texts = [f'text {n} sk-{"a1" * 12}' for n in range(3_000)]
    assert masker.plain(texts + texts) == [f'text {n} {MASK}' for n in range(3_000)] * 2


def test_an_id_stays_as_it_is_unless_it_is_a_secret_of_the_environment():
    one, other = 'd8519a8c28b14c44a236052612c89d6a', '0731aa27ae274c5bbc261d3dc37a354b'
    masker = Masker({'DEPLOY_KEY': one})
    assert masker.plain([one, other, other[:-1], other.upper()]) == [MASK, other, other[:-1], other.upper()]
    assert not {one, other} & {value for value in masker._known.values()}  # each id is seen a few times: there is no room for all of them
