"""Any sequence of operations on a registry ends as plain dicts say it should."""
from dspy_toolkit.core.errors import NotRegistered
from dspy_toolkit.registry.store import Registry
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from registry_model import Model, apply, check, shown, signature

NAMES, ALIASES, TAGS, DATA = ('Triage', 'Answer'), ('prod', 'canary'), ('good', 'slow'), st.data()


class RegistryLife(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.model, self.registry = Model(), Registry('sqlite://', author='ada')

    def both(self, *operation): assert self.model.apply(*operation) == apply(self.registry, *operation), operation

    def draw_place(self, data):
        "A name, and a number, an alias or None: nearly always of a version that is there."
        there = [(name, at) for name, found in self.model.names.items() if found for at in (None, *found)] + list(self.model.aliases)
        nowhere = [('Nobody', None), ('Triage', 99), ('Answer', 'unheard-of')]
        return data.draw(st.sampled_from([*there, *there, *there, *nowhere]))

    @initialize()
    def begin(self):
        for name, n in (('Triage', 1), ('Triage', 2), ('Answer', 1), ('Triage', 3), ('Answer', 2)): self.save(name, n)
        for name, alias in (('Triage', 'prod'), ('Triage', 'canary'), ('Answer', 'prod')): self.both('alias', name, 1, alias)
        self.both('protect', 'Triage', 'prod', True)

    @rule(name=st.sampled_from(NAMES), n=st.integers(1, 6))
    def save(self, name, n): self.both('save', name, n)

    @rule(data=DATA, n=st.integers(1, 8))
    def save_from(self, data, n):
        name, at = self.draw_place(data)
        assert self.model.apply('save', name, n, at) == apply(self.registry, 'save', name, n, f'{name}@{at}' if isinstance(at, str) else at)

    @rule(data=DATA)
    def save_again(self, data):
        "What has been kept before is found, though there are later ones."
        name, at = self.draw_place(data)
        try: number = self.model.find(name, at)
        except NotRegistered: return
        version = self.registry.save(signature(name, self.model.names[name][number]['n']))
        assert (version.number, version.created) == (number, False)

    @rule(data=DATA, alias=st.sampled_from(ALIASES), force=st.booleans())
    def alias(self, data, alias, force): self.both('alias', *self.draw_place(data), alias, force)

    @rule(data=DATA, force=st.booleans())
    def unalias(self, data, force): self.both('unalias', *data.draw(st.sampled_from([*self.model.aliases, ('Triage', 'prod')])), force)

    @rule(data=DATA, on=st.booleans())
    def protect(self, data, on): self.both('protect', *data.draw(st.sampled_from([*self.model.aliases, ('Triage', 'prod')])), on)

    @rule(data=DATA, add=st.lists(st.sampled_from(TAGS), max_size=2), remove=st.lists(st.sampled_from(TAGS), max_size=1))
    def tag(self, data, add, remove): self.both('tag', *self.draw_place(data), add, remove)

    @rule(data=DATA, say=st.booleans())
    def note_or_evaluate(self, data, say): self.both('note' if say else 'evaluate', *self.draw_place(data), 'a note' if say else 0.5)

    @rule(data=DATA)
    def delete_one(self, data):
        name, at = self.draw_place(data)
        self.both('delete', name, at if isinstance(at, int) else self.model.latest(name) or 1)

    @rule(name=st.sampled_from(NAMES))
    def delete_all(self, name):
        for owner, alias in [k for k in self.model.aliases if k[0] == name]: self.both('unalias', owner, alias, True)
        self.both('delete', name)

    @rule(data=DATA)
    def resolve(self, data):
        name, at = self.draw_place(data)
        ref = name if at is None else f'{name}@{at}'
        try: expected = self.model.find(name, at)
        except NotRegistered: expected = None
        try: found = self.registry.resolve(ref).number
        except NotRegistered: found = None
        assert found == expected, ref
        if found: assert self.registry.spec(ref) == signature(name, self.model.names[name][found]['n'])

    @rule()
    def search(self):
        for name in NAMES:
            latest = self.model.latest(name)
            for text in (name.lower(), f'name:{name}', f'{name} has:email'): assert [str(v) for v in self.registry.search(text)] == ([f'{name}@{latest}'] if latest else [])
        for tag in TAGS:
            tagged = {(name, k) for name, found in self.model.names.items() for k, v in found.items() if tag in v['tags']}
            assert {(v.name, v.number) for v in self.registry.search(f'tag:{tag}')} == {(name, k) for name, k in tagged if k == self.model.latest(name)}
            assert {v.name for v in self.registry.search(f'tag:{tag}', history=True)} == {name for name, _ in tagged}

    @invariant()
    def they_agree(self):
        assert shown(self.registry) == self.model.shown()
        for name in (name for name, found in self.model.names.items() if found):
            assert self.registry.aliases(name) == {a: tuple(v) for (owner, a), v in self.model.aliases.items() if owner == name}

    def teardown(self):
        check(self.registry)
        self.registry.close()


TestRegistryLife = RegistryLife.TestCase
TestRegistryLife.settings = settings(max_examples=30, stateful_step_count=20)
