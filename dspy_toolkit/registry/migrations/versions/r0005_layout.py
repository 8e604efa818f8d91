"The layout of the prompts of an evaluation has a column of its own; of one that was kept before, it is ''."
import sqlalchemy as sa
from alembic import op

revision, down_revision = '0005', '0004'
branch_labels = depends_on = None


def upgrade(): op.add_column('evaluations', sa.Column('layout', sa.String(200), nullable=False, server_default=sa.text("''")))
