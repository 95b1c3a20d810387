"""Telling people that something happened: in the portal, by mail at once, or once a day, as each of them chose."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.actions import mails, telling
from accounts.models import Account, User
from accounts.notices.notification_kinds import Kind, Notice, kind
from accounts.viewer import Viewer

__all__ = ["Kind", "Notice", "kind", "tell"]


@transaction.atomic
def tell(
    *,
    by: Viewer,
    kind: str,
    users: Iterable[User] | None,
    key: str,
    account: Account | None = None,
    about: models.Model | uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
    path: str = "",
) -> None:
    """This will tell people of an event of a registered kind, in the caller's transaction; told again under the same
    key, it is the same telling. Who did it is not told.

    `users` are people with a login; None is a call to everybody the kind of mail of this name finds when it goes out.
    `path` is an address in the portal (such as /staff/…) that opens what it is about. Raises PermissionDenied in a
    preview, ValueError for an address that leads out of the portal.
    """
    if by.is_preview:
        raise PermissionDenied("a preview tells nobody")
    if path and (not path.startswith("/") or path.startswith("//") or "\\" in path):
        raise ValueError("an address in the portal begins with one slash")
    account = account or by.account
    subject = about.pk if isinstance(about, models.Model) else about
    stored = {**(data or {}), **({"path": path} if path else {})}
    thing = subject or (account.pk if account else by.organization.pk)
    if users is None:
        mails.queue(by=by, kind=kind, about=thing, account=account, key=key, data=stored)
        return
    people = [user for user in users if user.is_active and user != by.user]
    said = telling.Said(by.organization, kind, key, account, subject, stored, path)
    at_once = telling.keep(said, people)
    mails.queue_all(
        by=by,
        wanted=[
            mails.Wanted(
                kind=kind, about=thing, key=f"{key}:{user.pk}"[:200], to_email=user.email, to_name=user.name,
                account=account, data={**stored, telling.TOLD: key, "about": subject is not None}, user=user,
            )
            for user in at_once
        ],
    )  # fmt: skip
