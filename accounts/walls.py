"""The third wall: row-level security and composite keys, as reversible migration operations."""

from django.db.migrations.operations import RunSQL

_ORGANIZATION = "(SELECT nullif(current_setting('app.organization_id', true), '')::uuid)"
_ACCOUNTS = "(SELECT nullif(current_setting('app.account_ids', true), ''))"


def wall(table: str, organization: str = "organization_id", account: str | None = None) -> RunSQL:
    """This will let a login without BYPASSRLS see and write only rows of the organization of its transaction and,
    where the transaction names accounts, only rows of those. Forced on the table's owner too.

    `account` names the column holding the account's id. The settings are read once per statement (scalar subqueries).
    """
    rule = f"{organization} = {_ORGANIZATION}"
    if account:
        # CASE, not OR: the planner takes "x IS NULL OR y = ANY(x)" for a filter that one row in 200 passes, and then
        # joins row by row. The meaning is the same, also for a row whose account is NULL.
        rule += f" AND CASE WHEN {_ACCOUNTS} IS NULL THEN true ELSE {account} = ANY ({_ACCOUNTS}::uuid[]) END"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {table} USING ({rule}) WITH CHECK ({rule})",
        ],
        [
            f"DROP POLICY tenant ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def readable_before_sign_in(table: str) -> RunSQL:
    """This will add reading by anybody to a walled table: for the table that leads from a host to its organization."""
    return RunSQL(
        f"CREATE POLICY lookup ON {table} FOR SELECT USING (true)",
        f"DROP POLICY lookup ON {table}",
    )


def common(table: str, account: str = "account_id") -> RunSQL:
    """This will let the rows that name no account be read on the pages of every account of their organization."""
    return RunSQL(
        f"CREATE POLICY common ON {table} FOR SELECT USING (organization_id = {_ORGANIZATION} AND {account} IS NULL)",
        f"DROP POLICY common ON {table}",
    )


def append_only(table: str) -> RunSQL:
    """This will refuse every change and removal of a row to the application's own login."""
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM portal_web",
        f"GRANT UPDATE, DELETE ON {table} TO portal_web",
    )


def key(table: str, *columns: str) -> RunSQL:
    """This will make the columns a key that composite foreign keys can point to."""
    name = f"{table}_{'_'.join(columns)}_key"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({', '.join(columns)})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def tie(table: str, columns: tuple[str, ...], to: str, to_columns: tuple[str, ...]) -> RunSQL:
    """This will tie several columns at once to another table, so that no action, however wrong, can join the rows of
    two accounts. Checked at the end of the transaction, as Django's own foreign keys are."""
    name = f"{table}_{'_'.join(columns)}_tie"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {to} ({', '.join(to_columns)}) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def tie_to_account(table: str) -> RunSQL:
    """This will tie a row's organization and account together: an account of another organization is refused."""
    return tie(table, ("organization_id", "account_id"), "accounts_account", ("organization_id", "id"))
