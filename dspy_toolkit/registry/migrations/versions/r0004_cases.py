"Cases of a signature, and what a person said of answers. Both belong to a name, not to a version: a case is run on every version."
import sqlalchemy as sa
from alembic import op

revision, down_revision = '0004', '0003'
branch_labels = depends_on = None


def upgrade():
    big = sa.BigInteger().with_variant(sa.Integer, 'sqlite')
    text = lambda name, kind=sa.Text: sa.Column(name, kind, nullable=False)
    sign = lambda: (text('author', sa.String(200)), text('at', sa.Float(53)))
    op.create_table(
        'cases', sa.Column('id', big, primary_key=True), sa.Column('name_id', big, sa.ForeignKey('names.id'), nullable=False),
        text('case', sa.String(64)), text('inputs'), text('expected'), text('answer'), *sign(),
        sa.UniqueConstraint('name_id', 'case', name='one_case_a_name'))
    op.create_table(
        'marks', sa.Column('id', big, primary_key=True), text('name', sa.String(200)), text('version', sa.String(220)),
        text('verdict', sa.String(20)), text('inputs'), text('outputs'), text('digest', sa.String(80)), *sign(),
        sa.UniqueConstraint('digest', name='one_mark_an_answer'))
    op.create_index('marks_by_name', 'marks', ['name', 'id'])
