"""What is written for people is spelled right and can be read: short sentences, and no word that says nothing or that only we know.

The rules are those of CONTRIBUTING.md. Code, tables, quoted text and output are not prose.
"""
import json
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

root = Path(__file__).parent.parent.parent
FOLDERS = 'tutorials', 'how_to', 'explanations'
FILES = 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'ROADMAP.md'
LONGEST = 40  # words in a sentence; who reads a second language loses the thread of a longer one
TYPICAL = 15  # words, in the middle of a page
# Right where they stand: a call of Python's generators, DSPy's and nbdev's words, mistakes that are the point of an example, other languages
SPELLED = 'asend,docments,litteral,temprature,te,caf,nam,strng,anser,sting,ist,strin,hask'

# What says nothing, or talks down to the reader -> what to write
EMPTY_WORDS = {
    r'simply|basically|obviously|of course|needless to say|just works?': 'leave it out',
    r'very|really|quite': 'leave it out, or give the figure',
    r'easy|easily|trivial(?:ly)?|straightforward': 'show it: the reader judges',
    r'leverag\w+|utili[sz]\w+': 'use',
    r'seamless\w*|powerful|robust|elegant|magic(?:al|ally)|blazing\w*|state[- ]of[- ]the[- ]art|best[- ]in[- ]class|cutting[- ]edge': 'say what it does, with a figure',
    r'in order to': 'to', r'due to the fact that': 'because', r'at this point in time': 'now', r'a number of': 'how many?',
    r'and so on|etc\.?': 'name them, or leave it out',
}
# Words that only the authors know -> the field's word
PRIVATE_WORDS = {
    r'ink': 'text colour', r'KV bank': 'KV pool', r'(?:front|thin|one|other|three|each) doors?': 'interface, entry point or module', r'the house': 'the package',
}


def read_cells(path):
    "The texts of a page that are prose: Markdown cells, or the whole of a Markdown file."
    text = path.read_text(encoding='utf-8')
    if path.suffix == '.md': return [text]
    return [''.join(o['source']) for o in json.loads(text)['cells'] if o['cell_type'] == 'markdown']


def split_sentences(text):
    "The sentences of a Markdown text: code, tables, headings and HTML are left out; a code span is one word."
    text = re.sub(r'^(```|~~~).*?^\1', '', text, flags=re.M | re.S)
    text = re.sub(r'<!--.*?-->|<[^>\n]+>', '', text, flags=re.S)
    lines = [o for o in text.split('\n') if not re.match(r'    \S|\s*[#|]|:::', o)]
    found = []
    for block in re.split(r'\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )', '\n'.join(lines)):
        block = re.sub(r'^\s*(?:[-*>]|\d+\.) ', '', ' '.join(block.split()))
        block = re.sub(r'!?\[([^\]]*)\]\([^)]*\)', r'\1', re.sub(r'`[^`]*`', 'CODE', block))
        found += [o for o in re.split(r'(?<=[.!?:;])[*_)"]*\s+', block) if re.search(r'\w', o)]
    return found


def count_words(sentence): return len(re.findall(r"[^\W_][\w'’./%-]*", sentence))


pages = [o for folder in FOLDERS for o in sorted((root/'nbs'/folder).glob('*.ipynb'))] + [root/'nbs'/'index.ipynb'] + [root/o for o in FILES]
each_page = pytest.mark.parametrize('path', pages, ids=lambda o: o.relative_to(root).as_posix().removeprefix('nbs/'))


@each_page
def test_a_sentence_is_short_enough_to_be_read_once(path):
    sentences = [o for text in read_cells(path) for o in split_sentences(text)]
    assert [o for o in sentences if count_words(o) > LONGEST] == []
    assert median(map(count_words, sentences)) <= TYPICAL


@each_page
def test_a_word_says_something_and_everybody_knows_it(path):
    found = {}
    for sentence in (o for text in read_cells(path) for o in split_sentences(text)):
        for words, instead in (EMPTY_WORDS | PRIVATE_WORDS).items():
            for word in re.findall(rf'\b(?:{words})\b', sentence, re.I): found.setdefault(f'{word}: {instead}', []).append(sentence)
    assert found == {}


def test_sentences_are_found_where_people_see_them():
    text = """# A heading that is not a sentence

One sentence; two, with `code that is one word`. [Three](x.html) is here.

| a table | is not |

```sh
nothing. here.
```

* An item. Its second sentence
  goes on here.
"""
    assert split_sentences(text) == ['One sentence;', 'two, with CODE.', 'Three is here.', 'An item.', 'Its second sentence goes on here.']
    assert count_words("It's 1.5 GB, isn't it - 50% or so?") == 8


def list_spelled():
    "What is spelled: prose and code of notebooks, Markdown, scripts, and the files that the package does not make."
    names = [*FILES, 'README.md', 'CHANGELOG.md', 'CITATION.cff', 'Makefile', 'settings.ini', 'pyproject.toml']
    scripts = [o for o in (root/'scripts').rglob('*') if o.suffix in ('.py', '.sh') and 'tiny' not in o.parts]
    return [root/o for o in names] + scripts + sorted((root/'.github').rglob('*.yml'))


def test_words_are_spelled_as_in_a_dictionary(tmp_path):
    "By codespell's list of common mistakes. Outputs are left out: pictures in them are letters by chance."
    for path in sorted((root/'nbs').rglob('*.ipynb')):
        if {'.ipynb_checkpoints', '_proc'} & set(path.parts): continue
        cells = json.loads(path.read_text(encoding='utf-8'))['cells']
        (tmp_path/f'{path.parent.name}_{path.stem}.md').write_text('\n\n'.join(''.join(o['source']) for o in cells), encoding='utf-8')
    command = [sys.executable, '-m', 'codespell_lib', '--quiet-level', '3', '--ignore-words-list', SPELLED]
    done = subprocess.run([*command, *map(str, list_spelled()), str(tmp_path)], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ('', 0), done.stderr


def test_a_mistake_in_spelling_is_found(tmp_path):
    (tmp_path/'a.md').write_text('It recieves an answer.')
    done = subprocess.run([sys.executable, '-m', 'codespell_lib', '--ignore-words-list', SPELLED, 'a.md'], cwd=tmp_path, capture_output=True, text=True)
    assert 'recieves ==> receives' in done.stdout and done.returncode
