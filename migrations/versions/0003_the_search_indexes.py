"""The search indexes of each engine

What is named ``engine_…`` belongs to one engine and is known to migrations only. PostgreSQL: a
``tsvector`` made of the row's own words, nearest neighbour by GiST, trigrams of the vocabulary.
SQLite: FTS5 and R*Tree tables that triggers keep. docs/decisions/0008 says why.
"""

import csv
import uuid

import sqlalchemy as sa
from alembic import op

from referral.core import clock
from referral.core.folders import folder

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POSTGRESQL = (
    # Trusted: the owner of the database may create it. Does nothing where it is there already.
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE search_entry ADD COLUMN engine_document tsvector GENERATED ALWAYS AS (
        array_to_tsvector(string_to_array(name_words, ' ') || string_to_array(words, ' ')
            || string_to_array(marks, ' '))
    ) STORED
    """,
    """
    CREATE INDEX engine_entry_document ON search_entry
        USING gin (engine_document) WITH (fastupdate = off)
    """,
    'CREATE INDEX engine_entry_name ON search_entry (name_key COLLATE "C", number)',
    """
    CREATE INDEX engine_entry_unplaced ON search_entry (name_key COLLATE "C", number)
        WHERE NOT placed
    """,
    "CREATE INDEX engine_spot_point ON search_spot USING gist (point(x, y))",
    "CREATE INDEX engine_word_trigram ON search_word USING gin (word gin_trgm_ops)",
)
# The extension stays: something else in the database may lean on it.
POSTGRESQL_DOWN = (
    "DROP INDEX engine_word_trigram",
    "DROP INDEX engine_spot_point",
    "DROP INDEX engine_entry_unplaced",
    "DROP INDEX engine_entry_name",
    "DROP INDEX engine_entry_document",
    "ALTER TABLE search_entry DROP COLUMN engine_document",
)
NEW_TEXT = """
    INSERT INTO engine_text(rowid, document)
    VALUES (new.number, new.name_words || ' ' || new.words || ' ' || new.marks)
"""
OLD_TEXT = """
    INSERT INTO engine_text(engine_text, rowid, document)
    VALUES ('delete', old.number, old.name_words || ' ' || old.words || ' ' || old.marks)
"""
NEW_SPOT = "INSERT INTO engine_spot VALUES (new.number, new.x, new.x, new.y, new.y)"
OLD_SPOT = "DELETE FROM engine_spot WHERE number = old.number"
NEW_WORD = "INSERT INTO engine_word(word) VALUES (new.word)"
OLD_WORD = "DELETE FROM engine_word WHERE word = old.word"
SQLITE = (
    """
    CREATE VIRTUAL TABLE engine_text USING fts5(
        document, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'"
    )
    """,
    "CREATE VIRTUAL TABLE engine_spot USING rtree(number, west, east, south, north)",
    "CREATE VIRTUAL TABLE engine_word USING fts5(word, detail=none, tokenize='trigram')",
    "CREATE INDEX engine_entry_name ON search_entry (name_key, number)",
    "CREATE INDEX engine_entry_unplaced ON search_entry (name_key, number) WHERE NOT placed",
)
TRIGGERS = {
    "text": ("search_entry", OLD_TEXT, NEW_TEXT),
    "spot": ("search_spot", OLD_SPOT, NEW_SPOT),
    "word": ("search_word", OLD_WORD, NEW_WORD),
}


def _triggers() -> list[str]:
    made = []
    for name, (table, gone, come) in TRIGGERS.items():
        for verb, does in (("INSERT", (come,)), ("DELETE", (gone,)), ("UPDATE", (gone, come))):
            body = ";".join(does)
            made.append(
                f"CREATE TRIGGER engine_{name}_{verb.lower()} AFTER {verb} ON {table} "
                f"BEGIN {body}; END"
            )
    return made


def _fill_synonyms() -> None:
    """The words that ship with the product, unless somebody has written some already."""
    table = sa.table(
        "synonym",
        sa.column("id", sa.Uuid()),
        sa.column("version", sa.Integer()),
        sa.column("word", sa.String()),
        sa.column("means", sa.String()),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(table)):
        return
    with (folder("seed_data") / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            {"id": uuid.uuid4(), "version": 1, "updated_at": clock.now(), **row}
            for row in csv.DictReader(file)
        ]
    op.bulk_insert(table, rows)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.drop_column("service", "search_text")
    for statement in (*SQLITE, *_triggers()) if _is_sqlite() else POSTGRESQL:
        op.execute(sa.text(statement))
    _fill_synonyms()


def downgrade() -> None:
    if _is_sqlite():
        for name in TRIGGERS:
            for verb in ("insert", "delete", "update"):
                op.execute(sa.text(f"DROP TRIGGER engine_{name}_{verb}"))
        for name in ("engine_entry_unplaced", "engine_entry_name"):
            op.execute(sa.text(f"DROP INDEX {name}"))
        for name in ("engine_text", "engine_spot", "engine_word"):
            op.execute(sa.text(f"DROP TABLE {name}"))
    else:
        for statement in POSTGRESQL_DOWN:
            op.execute(sa.text(statement))
    op.add_column("service", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
