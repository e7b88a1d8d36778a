"""The README's look into the database, as the monitor's role and as somebody without a claim."""

from contextlib import closing

from db.connection import Database
from tests import readme
from tests.integration import factories


def answers(database, statements):
    with database.transaction() as conn:
        return [[row for row in conn.execute(statement) if row != (0,)] for statement in statements]


def test_each_select_shows_something_to_the_admin_and_nothing_without_a_claim(service, admin, admin_url):
    with service.transaction() as conn:
        factories.fill_every_table(conn)
    statements = [statement for _, statement in readme.selects()]
    assert len(statements) >= 5
    assert {role for role, _ in readme.selects()} == {"admin", "none"}
    for statement, rows in zip(statements, answers(admin, statements), strict=True):
        assert rows, statement
    with closing(Database(admin_url, "admin", claims={})) as nobody:
        assert answers(nobody, statements) == [[]] * len(statements)
