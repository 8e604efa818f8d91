"""The tables stay as they are; the index of words is made anew by whoever migrates, with the values of Enums and Literals in it.

An index that was made before words of types were read lacks them.
"""
revision, down_revision = '0003', '0002'
branch_labels = depends_on = None


def upgrade(): pass
