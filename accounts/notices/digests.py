"""The mail that brings what happened once a day. What its reader may not see any more is left out when it is written."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import addresses
from accounts.mail import mailing
from accounts.mail.mailing import Button, Content, Line, Lines, Paragraph, Variable, Wording
from accounts.models import Mail, Notification, User
from accounts.notices.notification_kinds import DIGEST, read, reader_of
from accounts.viewer import Viewer

MOST = 40


@mailing.kind(DIGEST)
def digest(mail: Mail, by: Viewer) -> Content | None:
    """This will list what happened, each with its link; None when nothing is left to be said."""
    user = User.objects.filter(pk=mail.about, email=mail.to_email, is_active=True).first()
    origin = addresses.origin_of(mail.organization)
    lines = _lines(mail, user, origin) if user and origin else []
    if user is None or not lines:
        return None
    count, more = len(lines), len(lines) - MOST
    return Content(
        subject=_subject(count) % {"organization": mail.organization.name, "n": count},
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": user.get_short_name()}),
            Paragraph(_opening() % {"organization": mail.organization.name}, leads_on=True),
            Lines(tuple(lines[:MOST])),
            *([Paragraph(_and_more(more))] if more > 0 else []),
            Button(_("See all notifications"), origin + reverse("notifications")),
        ),
        why=_("You get this mail once a day, because you chose to."),
        values={"count": str(count)},
    )


def _lines(mail: Mail, user: User, origin: str) -> list[Line]:
    rows = list(
        Notification.objects.filter(organization=mail.organization, user=user, pk__in=mail.data.get("items", []))
        .select_related("account")
        .order_by("created_at", "id")
    )
    viewers = {row.account_id: None for row in rows} | {
        account_id: reader_of(
            user, mail.organization, next(row.account for row in rows if row.account_id == account_id)
        )
        for account_id in {row.account_id for row in rows}
    }
    seen = [row for row in rows if viewers[row.account_id] is not None]
    found = read(seen, lambda row: viewers[row.account_id])  # type: ignore[arg-type,return-value]
    return [
        Line(words, origin + path if path else "", notice.row.account.name if notice.row.account else "")
        for notice, words, path in found
        if words
    ]


def _subject(count: int) -> str:
    return ngettext("%(organization)s: %(n)d thing happened", "%(organization)s: %(n)d things happened", count)


def _opening() -> str:
    return _("This happened in the portal of %(organization)s since the last mail:")


def _and_more(more: int) -> str:
    return ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more}


def _source() -> tuple[str, str]:
    names = {"organization": "{{ organization }}"}
    one, many = (_subject(n).replace("%(n)d", "{{ count }}") % names for n in (1, 2))
    subject = f'{{% if count == "1" %}}{one}{{% else %}}{many}{{% endif %}}'
    hello = _("Hello %(name)s,") % {"name": "{{ first_name }}"}
    return subject, f"{hello}\n\n{_opening() % names}\n\n{{{{ items }}}}\n\n{{{{ button }}}}"


mailing.describe(
    DIGEST,
    Wording(
        label=gettext_lazy("Once a day"),
        note=gettext_lazy("What happened, to who chose to hear of it once a day."),
        variables=(Variable("count", gettext_lazy("How many things happened"), "3"),),
        source=_source,
        button=gettext_lazy("See all notifications"),
        blocks=("items",),
        items=(
            (gettext_lazy("Priya Nair has submitted “Business resilience” for Northwind Dental."), "Northwind Dental"),
            (gettext_lazy("Marcus Webb replied about “Cyber hygiene”"), "Northwind Dental"),
            (gettext_lazy("Iris Kallio has submitted “Business resilience” for Sunny Side Up."), "Sunny Side Up"),
        ),
    ),
)
