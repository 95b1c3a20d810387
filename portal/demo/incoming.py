"""The demo's intake form, with what companies sent through it: one new, one that is a client already, one from nobody."""

from accounts.actions import intake
from accounts.intake import guards
from accounts.models import IntakeForm
from accounts.viewer import Viewer
from library.models import Definition

_SENT: tuple[tuple[dict[str, object], str], ...] = (
    (
        {
            "account.name": "Tidewater Veterinary Clinic", "account.industry": "541", "account.employees": 22,
            "account.website": "https://tidewater-vet.example", "contact.name": "Nadia Brooks",
            "contact.email": "nadia@tidewater-vet.example", "contact.phone": "+1 555 010 0142",
            "contact.job_title": "Practice manager",
            "message": "Our insurer asks whether our backups are tested. We do not know where to begin.",
        },
        "",
    ),
    (
        {
            "account.name": "Northwind Dental, Inc.", "account.employees": 71,
            "account.website": "https://northwind.example", "contact.name": "Rosa Delgado",
            "contact.email": "rosa@northwind.example", "message": "We open a fourth practice in spring.",
        },
        "",
    ),
    (
        {
            "account.name": "www.first-page.example", "contact.name": "Mark",
            "contact.email": "mark@first-page.example",
            "message": "First page in 7 days: https://a.example https://b.example https://c.example",
        },
        "yes",
    ),
)  # fmt: skip


def arrive(by: Viewer) -> None:
    """This will open an intake form and let three companies send it."""
    form = intake.create(by=by, name="Become a client")
    definition = Definition.objects.filter(organization=by.organization, key="business-resilience").first()
    IntakeForm.objects.filter(pk=form.pk).update(is_open=True, definition=definition.pk if definition else None)
    form = IntakeForm.objects.select_related("organization").get(pk=form.pk)
    for number, (values, trap) in enumerate(_SENT):
        opened = guards.opening()
        opened = guards.Opening(opened.key, opened.opened - 90)
        intake.receive(
            form=form,
            sent=intake.Sent(
                values=values, opened=opened, trap=trap, mark=guards.mark_of(by.organization, f"demo {number}"),
                consent=(form.consent_version, form.consent_text),
            ),
        )  # fmt: skip
