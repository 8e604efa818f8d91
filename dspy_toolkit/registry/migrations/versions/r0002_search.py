"An index of words. It is made from the rest, so whoever migrates fills it."
from alembic import op

revision, down_revision = '0002', '0001'
branch_labels = depends_on = None

columns = ['name', 'fields', 'instructions', 'notes', 'facets']


def upgrade():
    if op.get_bind().dialect.name == 'sqlite':
        options = "tokenize='unicode61 remove_diacritics 0', prefix='3 4'"
        op.execute(f"CREATE VIRTUAL TABLE documents USING fts5({', '.join(columns)}, {options})")
        return
    texts = ', '.join(f'{c} TEXT NOT NULL' for c in columns)
    words = " || ' ' || ".join(columns)
    words = f"words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', {words})) STORED"
    op.execute(f"CREATE TABLE documents (rowid BIGINT PRIMARY KEY, {texts}, {words})")
    op.execute('CREATE INDEX documents_by_word ON documents USING gin (words)')
