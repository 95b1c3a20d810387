"""What the organization makes of the industries of the standard: its own names, and which of them forms offer."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.industry import industries, industry_choices
from accounts.models import IndustryChoice
from accounts.roles import Can
from accounts.viewer import Viewer


@transaction.atomic
def choose(*, by: Viewer, code: str, name: str = "", is_offered: bool = True) -> None:
    """This will give an industry a name of the organization's own, "" for the standard's title, and say whether forms
    offer it. Accounts that have it keep it. Raises ValidationError for a code the standard does not have."""
    by.require(Can.MANAGE_SETTINGS)
    try:
        title = industries.label(code)
    except industries.UnknownIndustry as error:
        raise ValidationError(error.message) from None
    if name == title:
        name = ""
    choices = IndustryChoice.objects.filter(organization=by.organization, code=code)
    # Two who change the same one: each waits for the other, and the later one has the last word.
    before = choices.select_for_update().first()
    was = (before.name, before.is_offered) if before else ("", True)
    if was == (name, is_offered):
        return
    choice, _new = IndustryChoice.objects.update_or_create(
        organization=by.organization, code=code, defaults={"name": name, "is_offered": is_offered}
    )
    industry_choices.forget()
    changes: dict[str, list[str | bool]] = {}
    if was[0] != name:
        changes["name"] = [was[0] or title, name or title]
    if was[1] != is_offered:
        changes["is_offered"] = [was[1], is_offered]
    audit.record(by, "industry.changed", choice, code=code, title=title, changes=changes)
