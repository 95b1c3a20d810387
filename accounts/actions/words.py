"""The organization's own words for ours."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from accounts import audit
from accounts.brand import terminology
from accounts.models import Organization
from accounts.roles import Can
from accounts.viewer import Viewer


class WordsChanged(Exception):
    """Somebody saved in the meantime: `standing` are the words that hold now."""

    def __init__(self, standing: dict[str, list[str]]):
        self.standing = standing
        super().__init__("changed")


@transaction.atomic
def save(*, by: Viewer, seen: str, typed: Mapping[str, tuple[str, str]]) -> dict[str, list[str]]:
    """This will save the words, {term: (one, many)}; a term without any is ours again. An empty mapping resets all.

    `seen` is the mark of the words they were typed over. Raises WordsChanged, and ValidationError by field.
    """
    by.require(Can.MANAGE_SETTINGS)
    organization = Organization.objects.select_for_update().get(pk=by.organization.pk)
    before = organization.terminology
    if mark_of(before) != seen:
        raise WordsChanged(before)
    after = terminology.cleaned(typed)
    if after == before:
        return after
    organization.terminology = after
    organization.save(update_fields=["terminology", "updated_at"])
    changes = {
        key: [" / ".join(before.get(key, [])), " / ".join(after.get(key, []))]
        for key in terminology.BY_KEY
        if before.get(key) != after.get(key)
    }
    audit.record(by, "words.changed", organization, changes=changes)
    return after


def mark_of(words: Mapping[str, list[str]]) -> str:
    """This will return a mark of words that is another one for other words."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:16]
