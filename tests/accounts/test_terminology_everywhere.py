"""With words of its own, an organization's portal says none of ours: on pages, in mails, in a report's PDF and sheets."""

import io
import re
from html.parser import HTMLParser

import pypdfium2
import pytest
from PIL import Image

from accounts.actions import invitations, mails
from accounts.mail import letters, mailing
from accounts.models import AuditEntry, Mail, Membership, Organization
from accounts.roles import PortalRole, Role
from assessments.models import Assessment, ReportTemplate
from assessments.reports import pdf
from library.models import Definition
from tests import cast
from tests.accounts.test_terminology import WORDS
from tests.assessments.reports import example_report, paper

pytestmark = pytest.mark.django_db

OURS = re.compile(
    r"\b(?:assessments?|account executives?|company admins?|site managers?|end users?|technicians?|approvers?|clients?)\b",
    re.IGNORECASE,
)
# Words of people: what they called a definition, a run or a company.
STAFF = (
    "/staff/", "/staff/accounts/", "/staff/accounts/{a}/", "/staff/accounts/{a}/people/", "/staff/accounts/{a}/contacts/",
    "/staff/accounts/{a}/assessments/", "/staff/accounts/{a}/assessments/new/", "/staff/accounts/{a}/findings/",
    "/staff/accounts/{a}/preview/", "/staff/assessments/", "/staff/batches/", "/staff/batches/new/", "/staff/definitions/",
    "/staff/definitions/import/", "/staff/report-templates/", "/staff/settings/", "/staff/settings/custom-data/",
    "/staff/settings/branding/", "/staff/settings/branding/hosts/",
)  # fmt: skip
CLIENT = (
    "/portal/{a}/",
    "/portal/{a}/library/",
    "/portal/{a}/assessments/",
    "/portal/{a}/available/",
    "/portal/{a}/findings/",
    "/portal/{a}/reports/",
)


class _Text(HTMLParser):
    """What a reader of a page reads or hears, without what programs read."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._hidden += tag in ("script", "style", "code", "pre")
        self.said += [
            value
            for name, value in attrs
            if value and name in ("aria-label", "title", "placeholder", "alt", "data-label")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "code", "pre")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.said.append(data.strip())


def said_on(html: str) -> list[str]:
    text = _Text()
    text.feed(html)
    return text.said


def named_by_people() -> list[str]:
    names = [*Assessment.objects.values_list("name", flat=True)]
    names += ReportTemplate.objects.values_list("name", flat=True)
    names += ReportTemplate.objects.values_list("description", flat=True)
    # What stands in the audit trail was said when it happened.
    names += AuditEntry.objects.values_list("object_label", flat=True)
    return sorted({name for name in names if name}, key=len, reverse=True)


@pytest.fixture
def reworded() -> Organization:
    with cast.inside() as harbor:
        Organization.objects.filter(pk=harbor.pk).update(terminology=WORDS)
        harbor.refresh_from_db()
        return harbor


def leaks(html: str, known: list[str]) -> list[str]:
    found = []
    for said in said_on(html):
        for name in known:
            said = said.replace(name, "")
        if OURS.search(said):
            found.append(said[:160])
    return found


def test_pages_say_none_of_our_words(reworded: Organization) -> None:
    with cast.inside():
        account = cast.account("Northwind").pk
        known = named_by_people()
        described = [text for version in Definition.objects.all() for text in _texts(version)]
    opened, wrong = 0, {}
    for who, addresses in (("ada", STAFF), ("priya", CLIENT)):
        browser = cast.visitor(who)
        for address in addresses:
            answer = browser.get(address.format(a=account))
            if answer.status_code != 200:
                continue
            opened += 1
            if found := leaks(answer.content.decode(), sorted({*known, *described}, key=len, reverse=True)):
                wrong[address] = found
    assert opened >= 20, opened
    assert not wrong, wrong


def _texts(definition: Definition) -> list[str]:
    version = definition.published_version or definition.versions.first()
    document = version.document if version else {}
    return [
        text
        for text in (document.get("title"), document.get("description"), document.get("group"))
        if isinstance(text, str)
    ]


def test_every_role_is_called_by_its_own_word_where_roles_are_chosen(reworded: Organization) -> None:
    with cast.inside():
        account = cast.account("Northwind").pk
    page = cast.visitor("ada").get(f"/staff/accounts/{account}/people/new/").content.decode()
    for term in ("account_executive", "technician", "client", "company_admin", "site_manager", "end_user", "approver"):
        assert WORDS[term][0] in page, term
    assert not any(
        str(role.label) in page for role in (Role.ACCOUNT_EXECUTIVE, PortalRole.SITE_MANAGER, PortalRole.END_USER)
    )


def test_a_mail_says_the_organizations_words(reworded: Organization) -> None:
    with cast.inside():
        membership = Membership.objects.get(user=cast.person("priya"), account=cast.account("Northwind"))
        invitations.invite(by=cast.viewer("ada"), membership=membership)
        row = Mail.objects.filter(kind="accounts.invitation").latest("created_at")
        Mail.objects.filter(pk=row.pk).update(state="queued", claimed_at=None)
        claimed = mails.claim(mail_id=row.pk)
        assert claimed is not None
        text = claimed.message.body + claimed.message.subject
    assert "health checks" in text and not OURS.search(text), text


def test_the_parts_of_a_letter_are_drawn_in_its_organizations_words(reworded: Organization) -> None:
    with cast.inside() as harbor:
        html = letters.as_html(harbor, mailing.Content("Hello", (mailing.Button("Open", "https://a.example"),)))
    assert not OURS.search(" ".join(said_on(html)))


def test_a_pdf_says_the_organizations_words(reworded: Organization) -> None:
    report = example_report.rich(3)
    with cast.inside() as harbor:
        made = pdf.render(report, pdf.Brand.of(harbor))
        text = " ".join(paper.pages(made, is_whole=True))
    assert "Health check" in text
    with cast.inside("sunny") as sunny:
        theirs = " ".join(paper.pages(pdf.render(report, pdf.Brand.of(sunny)), is_whole=True))
    assert "Assessment" in theirs and "Health check" not in theirs


def test_a_cover_shows_the_logo(reworded: Organization) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (320, 80), (255, 180, 0, 255)).save(written, "PNG")
    report = example_report.rich(1)
    plain = pdf.render(report, pdf.Brand("Harbor IT", "#3452d1"))
    logo = pdf.render(report, pdf.Brand("Harbor IT", "#3452d1", written.getvalue(), (320, 80)))
    assert (pictures_on_the_cover(plain), pictures_on_the_cover(logo)) == (0, 1)


def pictures_on_the_cover(made: bytes) -> int:
    with pypdfium2.PdfDocument(made) as document:
        return len(list(document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=8)))
