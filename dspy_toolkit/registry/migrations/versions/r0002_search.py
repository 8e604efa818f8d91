"An index of words. It is made from the rest, so whoever migrates fills it."
from alembic import op

revision, down_revision = '0002', '0001'
branch_labels = depends_on = None

weights = {'name': 'A', 'fields': 'B', 'instructions': 'C', 'notes': 'D', 'facets': 'D'}


def upgrade():
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f"CREATE VIRTUAL TABLE documents USING fts5({', '.join(weights)}, tokenize='unicode61 remove_diacritics 0', prefix='3 4')")
        return
    columns = ', '.join(f'{c} TEXT NOT NULL' for c in weights)
    words = ' || '.join(f"setweight(to_tsvector('simple', {c}), '{w}')" for c, w in weights.items())
    op.execute(f'CREATE TABLE documents (rowid BIGINT PRIMARY KEY, {columns}, words TSVECTOR GENERATED ALWAYS AS ({words}) STORED)')
    op.execute('CREATE INDEX documents_by_word ON documents USING gin (words)')
