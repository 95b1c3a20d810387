"""The way to a page of the admin area; the shell shows it in the top bar."""

from django.urls import reverse
from django.utils.translation import gettext as _

from .models import Account

Crumb = dict[str, str]


def to_account(account: Account, *below: str | Crumb) -> list[Crumb]:
    """This will lead to a page of an account: Accounts / the account / what is `below` it, the last one being here."""
    way: list[Crumb] = [
        {"label": _("Accounts"), "url": reverse("staff:accounts")},
        {"label": account.name, "url": account.get_absolute_url()},
        *({"label": str(step), "url": ""} if isinstance(step, str) else step for step in below),
    ]
    return [*way[:-1], {**way[-1], "url": ""}]


def below_accounts(here: str) -> list[Crumb]:
    """This will lead to a page below the list of accounts."""
    return [{"label": _("Accounts"), "url": reverse("staff:accounts")}, {"label": here, "url": ""}]


def page_of_account(label: str, name: str, account: Account) -> Crumb:
    """This will be a step on the way: a page of the account by its URL name."""
    return {"label": label, "url": reverse(name, args=[account.id])}
