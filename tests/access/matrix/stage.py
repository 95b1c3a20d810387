"""The things the matrix speaks of, made once for a case through the product's own actions, in the account of a visit."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from accounts.actions import contacts
from accounts.models import Account, Contact, Membership, Site, User
from accounts.roles import PortalRole, Role
from accounts.viewer import Viewer
from assessments.actions import answers, assessments, links, reports, respondents
from assessments.actions.respondents import Person
from assessments.models import Assessment, Report, ReportTemplate, RespondentLink
from library.actions import definitions, library_entries
from library.models import Definition
from tests import cast
from tests.access.matrix.rows import Case

EXECUTIVE = {"Northwind": "sam", "Cobalt": "lena"}
COLLEAGUE = {"Northwind": ("priya", "marcus"), "Cobalt": ("carla", "tom")}
KEY = "business-continuity"


class Stage:
    """What stands in one account for one case, made when it is first asked for; `user` is who knocks there."""

    def __init__(self, case: Case, account: str, user: User | None, relation: str = "") -> None:
        self.thing, self.action, self.state = case
        self.relation = relation
        self.name, self.user = account, user

    @cached_property
    def account(self) -> Account:
        return cast.account(self.name)

    @cached_property
    def executive(self) -> Viewer:
        return cast.viewer(EXECUTIVE[self.name], self.name)

    @cached_property
    def client(self) -> Viewer:
        """This will be the visitor, where they are a client here, else the account's Company Admin."""
        names = [*COLLEAGUE[self.name], "marcus", "dora", "felix", "bea", "theo"]
        own = next((name for name in names if self.user and cast.person(name) == self.user), COLLEAGUE[self.name][0])
        return cast.viewer(own, self.name)

    @cached_property
    def colleague(self) -> Viewer:
        """This will be a client of the account, and somebody other than the visitor."""
        other = next(name for name in COLLEAGUE[self.name] if cast.person(name) != self.user)
        return cast.viewer(other, self.name)

    @cached_property
    def definition(self) -> Definition:
        """This will be a published definition in the account's Library."""
        found = Definition.objects.get(key="vendor-risk")
        library_entries.assign(by=self.executive, account=self.account, definitions=[found])
        return found

    @cached_property
    def unassigned(self) -> Definition:
        """This will be a published definition that is not in the account's Library."""
        made = definitions.copy(by=cast.viewer("ada"), definition=Definition.objects.get(key=KEY), name="Not for them")
        definitions.publish(by=cast.viewer("ada"), definition=made.definition)
        return made.definition

    @cached_property
    def draft(self) -> Definition:
        """This will be a definition that was never published."""
        source = Definition.objects.get(key=KEY)
        return definitions.copy(by=cast.viewer("sam"), definition=source, name="Only a draft").definition

    @cached_property
    def deprecated(self) -> Definition:
        made = self.unassigned
        definitions.deprecate(by=cast.viewer("ada"), definition=made)
        return made

    @cached_property
    def run(self) -> Assessment:
        """This will be the assessment in the state of the case."""
        origin, _slash, stage = self.state.partition("/")
        if origin == "client_created_own" or self.thing == "response" and origin == "own":
            made = assessments.launch(by=self.client, definition=self.definition, another=True)
        elif origin == "client_created_colleague" or origin == "someone_elses":
            made = assessments.launch(by=self.colleague, definition=self.definition, another=True)
        else:
            made = assessments.create(
                by=self.executive, account=self.account, definition=self.definition, another=True, name="Of the case"
            )
        return self._advanced(made, self._stage(stage))

    def _stage(self, stage: str) -> str:
        if self.thing in ("result", "report"):
            return {"in_results_review": "results_review", "not_completed": "in_progress"}.get(
                self.state.partition("/")[0], "closed"
            )
        if self.thing == "response":
            return {"edit_after_submit": "results_review", "view_after_close": "closed", "export_raw": "closed"}.get(
                self.action, "in_progress"
            )
        return stage or "in_progress"

    def _advanced(self, run: Assessment, stage: str) -> Assessment:
        if stage in ("draft", "new"):
            return run
        question = cast.document("vendor-risk").questions()[0]
        by = self.client if run.created_by_id == getattr(self.client.user, "pk", None) else self.colleague
        if stage in ("in_progress", "open") and self.action != "submit":
            answers.save(
                by=by, assessment=run, question_key=question.key, state="answered", raw=cast.some_answer(question)
            )
            return run
        cast.answer_everything(by=by, assessment=run)
        if self.action == "submit":
            return run
        run = assessments.submit(by=by, assessment=run)
        return assessments.release(by=self.executive, assessment=run) if stage == "closed" else run

    @property
    def question(self) -> str:
        return cast.document("vendor-risk").questions()[0].key

    @cached_property
    def template(self) -> ReportTemplate:
        found = ReportTemplate.objects.get(organization=self.account.organization, is_default=True)
        enabled = self.state != "not_enabled"
        reports.enable(by=self.executive, account=self.account, template=found, enabled=enabled)
        return found

    @cached_property
    def report(self) -> Report:
        """This will be the run's report; where it is not enabled for the account, one that staff made for themselves."""
        template = self.template
        made = Report.objects.filter(assessment=self.run, template=template).first()
        return made or reports.make(by=self.executive, assessment=self.run, template=template).report

    @cached_property
    def personal_link(self) -> tuple[RespondentLink, str]:
        """This will be the link of somebody without a login who was asked to answer."""
        [asked] = respondents.add(by=self.executive, run=self.run, people=[Person("Ann Asked", "ann@example.org")])
        return links.issue(by=self.executive, respondent=asked)

    @cached_property
    def shared_link(self) -> RespondentLink:
        return links.share(by=self.executive, run=self.run)[0]

    @property
    def tomorrow(self) -> str:
        return str(timezone.localdate() + timedelta(days=1))

    @cached_property
    def member(self) -> Membership:
        """This will be the membership of a client of the account who is no Company Admin and not the visitor."""
        found = Membership.objects.filter(account=self.account, role=Role.CLIENT).exclude(user=self.user)
        return found.exclude(portal_roles__contains=[PortalRole.COMPANY_ADMIN]).order_by("user__email").first()

    @cached_property
    def contact(self) -> Contact:
        return contacts.add(by=self.executive, account=self.account, name="Nora Nobody", email="nora@example.org")

    @cached_property
    def site(self) -> Site:
        """This will be the site that Northwind's Site Manager oversees; for a row about another one, another."""
        if self.name == "Cobalt":
            return cast.site("Depot North")
        return cast.site("Main Street" if self.relation in ("other_site", "no_site") else "Riverside")
