"""What lies outside the database of an account, and goes with it: each app says what it keeps there."""

from collections.abc import Callable

from accounts.models import Account

Remove = Callable[[Account], None]

_REMOVERS: list[Remove] = []


def removes_files(remove: Remove) -> Remove:
    """This will have the decorated function asked to remove an account's files when the account is purged. Asked twice,
    it finds nothing the second time."""
    if remove not in _REMOVERS:
        _REMOVERS.append(remove)
    return remove


def remove_files(account: Account) -> None:
    """This will remove every file of an account."""
    for remove in _REMOVERS:
        remove(account)
