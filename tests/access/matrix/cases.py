"""How the product does what the matrix speaks of: for each object and action, the doors of staff and of clients."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests import cast
from tests.access.matrix.stage import Stage

# Stands in an address for the membership of who knocks.
OWN = uuid.UUID(int=1)
Args = Callable[[Stage], Sequence[Any]]
Data = Callable[[Stage], dict[str, Any]]


def _nothing(_stage: Stage) -> dict[str, Any]:
    return {}


def _no_args(_stage: Stage) -> Sequence[Any]:
    return ()


@dataclass(frozen=True)
class Door:
    """One route and method. `args` stand behind the account in the address, `of_account` says whether that stands there.

    `shows` is text that an answer holds if and only if the thing is in it: of lists and searches.
    """

    route: str
    method: str = "GET"
    args: Args = _no_args
    data: Data = _nothing
    of_account: bool = True
    shows: Callable[[Stage], str] | None = None

    @property
    def leads_to_something(self) -> bool:
        """This will say whether the address or what is shown names a thing of the organization on stage."""
        return self.of_account or self.args is not _no_args or self.shows is not None


@dataclass(frozen=True)
class Doors:
    """Where staff do it, and where clients do it; without a door of their own, clients knock at that of staff."""

    staff: Door | None = None
    client: Door | None = None

    def of(self, kind: str) -> list[Door]:
        """This will return where somebody of a kind knocks: in a preview only the client's, if there is one; somebody
        who is nobody here knocks at both."""
        if kind == "staff":
            return [self.staff or self.client]  # type: ignore[list-item]
        if kind in ("client", "preview"):
            return [self.client or self.staff]  # type: ignore[list-item]
        return [door for door in (self.staff, self.client) if door]


def run(stage: Stage) -> Sequence[Any]:
    return [stage.run.pk]


def run_question(stage: Stage) -> Sequence[Any]:
    return [stage.run.pk, stage.question]


def definition(stage: Stage) -> Sequence[Any]:
    return [stage.definition.pk]


def unassigned(stage: Stage) -> Sequence[Any]:
    return [stage.unassigned.pk]


def _draft(stage: Stage) -> Sequence[Any]:
    return [stage.draft.pk]


def _deprecated(stage: Stage) -> Sequence[Any]:
    return [stage.deprecated.pk]


def _answer(stage: Stage) -> dict[str, Any]:
    question = cast.document("vendor-risk").questions()[0]
    return {"value": cast.some_answer(question), "state": "answered", "revision": "1"}


def _account_name(stage: Stage) -> str:
    return str(stage.account.name)


def _org(route: str, method: str = "GET", args: Args = _no_args, data: Data = _nothing, **more: Any) -> Door:
    return Door(route, method, args, data, of_account=False, **more)


def _said(**data: Any) -> Data:
    return lambda stage: data


def _own(stage: Stage) -> Sequence[Any]:
    """What is the visitor's own is known when they knock."""
    return [OWN]


ANSWER_CLIENT = Door("client:question", "POST", run_question, _answer)
ANSWER_STAFF = Door("staff:answer_on_behalf", "POST", run_question, _answer)
RUN_LISTS = Doors(
    Door("staff:account_assessments", shows=lambda stage: str(stage.run.pk)),
    Door("client:your_assessments", shows=lambda stage: str(stage.run.pk)),
)
ENTRY_LIST = Doors(
    Door("staff:add_assessment", shows=lambda stage: str(stage.definition.pk)),
    Door("client:library", shows=lambda stage: str(stage.definition.pk)),
)
NOT_ENTRY_LIST = Doors(
    Door("staff:add_assessment", shows=lambda stage: str(stage.unassigned.pk)),
    Door("client:library", shows=lambda stage: str(stage.unassigned.pk)),
)

# (object, action, state): "" stands for every state that has no case of its own.
CASES: dict[tuple[str, str, str], Doors] = {
    # Accounts
    ("account", "list", ""): Doors(
        _org("staff:accounts", shows=_account_name), Door("client:home", shows=_account_name)
    ),
    ("account", "search", ""): Doors(
        _org("staff:accounts", data=lambda stage: {"q": stage.account.name.split()[0]}, shows=_account_name),
        Door("client:home", shows=_account_name),
    ),
    ("account", "view", ""): Doors(Door("staff:account_overview"), Door("client:home")),
    ("account", "view_overview", ""): Doors(Door("staff:account_overview")),
    ("account", "create", ""): Doors(_org("staff:account_new", "POST", data=_said(name="Brand New", time_zone="UTC"))),
    ("account", "edit", ""): Doors(
        Door("staff:account_edit", "POST", data=lambda stage: {"name": stage.account.name, "time_zone": "UTC"})
    ),
    ("account", "delete", ""): Doors(
        Door("staff:account_deletion", "POST", data=lambda stage: {"typed_name": stage.account.name})
    ),
    ("account", "configure_dashboard", ""): Doors(Door("staff:dashboard", "POST")),
    ("account", "export", ""): Doors(_org("staff:accounts_csv", shows=_account_name)),
    # People of an account
    ("account_members", "list", ""): Doors(Door("staff:people", shows=lambda stage: stage.colleague.user.email)),
    ("account_members", "add_with_role", ""): Doors(
        Door("staff:person_new", "POST", data=_said(name="Nia", email="nia@example.org", role="account_executive"))
    ),
    ("account_members", "remove", ""): Doors(Door("staff:person_removal", "POST", lambda stage: [stage.member.pk])),
    ("account_members", "change_role", ""): Doors(
        Door("staff:person_access", "POST", lambda stage: [stage.member.pk], _said(portal_roles=["billing"]))
    ),
    ("client_user_permission", "view", ""): Doors(Door("staff:person", args=lambda stage: [stage.member.pk])),
    ("client_user_permission", "grant", ""): Doors(
        Door(
            "staff:person_ability",
            "POST",
            lambda stage: [stage.member.pk],
            _said(ability="view_colleagues", effect="allow"),
        )
    ),
    ("client_user_permission", "revoke", ""): Doors(
        Door(
            "staff:person_ability",
            "POST",
            lambda stage: [stage.member.pk],
            _said(ability="view_results", effect="deny"),
        )
    ),
    ("contact", "list", ""): Doors(Door("staff:contacts", shows=lambda stage: stage.contact.name)),
    ("contact", "view", ""): Doors(Door("staff:contact", args=lambda stage: [stage.contact.pk])),
    ("contact", "create", ""): Doors(Door("staff:contact_new", "POST", data=_said(name="Nia New"))),
    ("contact", "edit", ""): Doors(
        Door("staff:contact", "POST", lambda stage: [stage.contact.pk], _said(name="Renamed"))
    ),
    ("contact", "delete", ""): Doors(Door("staff:contact_removal", "POST", lambda stage: [stage.contact.pk])),
    # Everybody of the organization
    ("user", "list", ""): Doors(_org("staff:settings_people", shows=lambda stage: stage.member.user.email)),
    ("user", "create", ""): Doors(
        _org(
            "staff:settings_person_new",
            "POST",
            data=lambda stage: {
                "name": "Nia",
                "email": "nia@example.org",
                "role": "account_executive",
                "accounts": [str(stage.account.pk)],
            },
        )
    ),
    ("user", "edit", ""): Doors(
        _org(
            "staff:settings_person",
            "POST",
            lambda stage: [stage.member.user_id],
            lambda stage: {
                "name": "Renamed",
                "email": stage.member.user.email,
            },
        )
    ),
    ("user", "deactivate", ""): Doors(
        _org("staff:settings_person_deactivation", "POST", lambda stage: [stage.member.user_id])
    ),
    ("user", "reset_mfa", ""): Doors(
        _org("staff:settings_person_second_factor", "POST", lambda stage: [stage.member.user_id])
    ),
    ("user", "end_sessions", ""): Doors(
        _org("staff:settings_person_sessions", "POST", lambda stage: [stage.member.user_id])
    ),
    ("own_profile", "view", ""): Doors(_org("profile")),
    ("own_profile", "edit", ""): Doors(_org("profile", "POST", data=_said(name="Renamed", time_zone="UTC"))),
    ("own_profile", "change_password", ""): Doors(_org("account_change_password")),
    ("own_profile", "manage_mfa", ""): Doors(_org("mfa_index")),
    # What clients see of their own company
    ("site", "list", ""): Doors(
        Door("staff:account_overview", shows=lambda stage: stage.site.name),
        Door("client:sites", shows=lambda stage: stage.site.name),
    ),
    ("site", "view", ""): Doors(
        Door("staff:site_edit", args=lambda stage: [stage.site.pk]),
        Door("client:site", args=lambda stage: [stage.site.pk]),
    ),
    ("site", "edit", ""): Doors(
        Door("staff:site_edit", "POST", lambda stage: [stage.site.pk], lambda stage: {"name": stage.site.name})
    ),
    ("portal_user", "list", ""): Doors(
        Door("staff:people", shows=lambda stage: stage.member.user.email),
        Door("client:colleagues", shows=lambda stage: stage.member.user.email),
    ),
    ("portal_user", "view", ""): Doors(
        Door("staff:person", args=lambda stage: [stage.member.pk]),
        Door("client:colleagues", shows=lambda stage: stage.member.user.email),
    ),
    ("portal_user", "invite", ""): Doors(
        Door("staff:person_new", "POST", data=_said(name="Nia", email="nia@example.org", role="client"))
    ),
    ("portal_user", "change_role", ""): Doors(
        Door("staff:person_access", "POST", lambda stage: [stage.member.pk], _said(portal_roles=["billing"]))
    ),
    ("portal_user", "set_tag", ""): Doors(
        Door(
            "staff:person_access",
            "POST",
            lambda stage: [stage.member.pk],
            _said(portal_roles=["end_user"], tags=["vip"]),
        )
    ),
    ("portal_user", "remove", ""): Doors(Door("staff:person_removal", "POST", lambda stage: [stage.member.pk])),
    ("portal_user", "change_own_role", ""): Doors(
        Door("staff:person_access", "POST", _own, _said(portal_roles=["company_admin"]))
    ),
    ("portal_user", "set_own_tag", ""): Doors(Door("staff:person_access", "POST", _own, _said(tags=["vip"]))),
    ("client_profile", "view", ""): Doors(Door("staff:account_overview"), Door("client:company")),
    ("client_profile", "edit", ""): Doors(
        Door("staff:account_edit", "POST", data=lambda stage: {"name": stage.account.name, "time_zone": "UTC"})
    ),
    # Definitions
    ("definition", "list", "draft"): Doors(
        _org("staff:definitions", shows=lambda stage: str(stage.draft.pk)),
        Door("client:available", shows=lambda stage: str(stage.draft.pk)),
    ),
    ("definition", "list", "published"): Doors(
        _org("staff:definitions", shows=lambda stage: str(stage.definition.pk)),
        Door("client:available", shows=lambda stage: str(stage.definition.pk)),
    ),
    ("definition", "list", "deprecated"): Doors(
        _org("staff:definitions", shows=lambda stage: str(stage.deprecated.pk)),
        Door("client:available", shows=lambda stage: str(stage.deprecated.pk)),
    ),
    ("definition", "view", "draft"): Doors(
        _org("staff:definition", args=_draft), Door("client:available_card", args=_draft)
    ),
    ("definition", "view", "published"): Doors(
        _org("staff:definition", args=definition), Door("client:available_card", args=definition)
    ),
    ("definition", "view", "deprecated"): Doors(
        _org("staff:definition", args=_deprecated), Door("client:available_card", args=_deprecated)
    ),
    ("definition", "create", ""): Doors(_org("staff:definition_new", "POST", data=_said(name="Brand new one"))),
    ("definition", "edit", "draft"): Doors(
        _org("staff:draft_addition", "POST", _draft, _said(kind="question", type="yes_no"))
    ),
    ("definition", "edit", "published"): Doors(_org("staff:draft_start", "POST", definition)),
    ("definition", "edit", "deprecated"): Doors(_org("staff:draft_start", "POST", _deprecated)),
    ("definition", "link_child", ""): Doors(
        _org("staff:children", "POST", _draft, lambda stage: {"child": str(stage.unassigned.pk), "weight": "1"})
    ),
    ("definition", "reorder", "draft"): Doors(_org("staff:definition_position", "POST", _draft, _said(step="up"))),
    ("definition", "reorder", "published"): Doors(
        _org("staff:definition_position", "POST", definition, _said(step="up"))
    ),
    ("definition", "publish", ""): Doors(_org("staff:publication", "POST", _draft)),
    ("definition", "delete", "draft"): Doors(_org("staff:draft_removal", "POST", _draft)),
    ("definition", "delete", "published"): Doors(_org("staff:draft_removal", "POST", unassigned)),
    ("definition", "deprecate", ""): Doors(_org("staff:deprecation", "POST", unassigned)),
    ("definition", "republish", ""): Doors(_org("staff:republication", "POST", _deprecated)),
    ("definition_group", "view", ""): Doors(_org("staff:groups"), Door("client:library")),
    ("definition_group", "manage", ""): Doors(_org("staff:groups", "POST", data=_said(name="Boats"))),
    # All Available Assessments
    ("catalog_type", "list", "active_top_level"): Doors(
        _org("staff:definitions", shows=lambda stage: str(stage.unassigned.pk)),
        Door("client:available", shows=lambda stage: str(stage.unassigned.pk)),
    ),
    ("catalog_type", "list", "child_or_inactive"): Doors(
        _org("staff:definitions", shows=lambda stage: str(stage.deprecated.pk)),
        Door("client:available", shows=lambda stage: str(stage.deprecated.pk)),
    ),
    ("catalog_type", "view", "active_top_level"): Doors(
        _org("staff:definition", args=unassigned), Door("client:available_card", args=unassigned)
    ),
    ("catalog_type", "view", "child_or_inactive"): Doors(
        _org("staff:definition", args=_deprecated), Door("client:available_card", args=_deprecated)
    ),
    ("catalog_type", "create_for_my_account", "active_top_level"): Doors(
        client=Door("client:create_available", "POST", unassigned)
    ),
    ("catalog_type", "create_for_my_account", "child_or_inactive"): Doors(
        client=Door("client:create_available", "POST", _deprecated)
    ),
    # The Library of an account
    ("library_entry", "list", "permitted"): ENTRY_LIST,
    ("library_entry", "search", "permitted"): ENTRY_LIST,
    ("library_entry", "view", "permitted"): Doors(
        Door("staff:add_assessment", shows=lambda stage: str(stage.definition.pk)),
        Door("client:library_card", args=definition),
    ),
    ("library_entry", "launch", "permitted"): Doors(
        Door(
            "staff:add_assessment", "POST", data=lambda stage: {"definitions": [str(stage.definition.pk)], "start": "1"}
        ),
        Door("client:launch", "POST", definition),
    ),
    ("library_entry", "list", "not_permitted"): NOT_ENTRY_LIST,
    ("library_entry", "search", "not_permitted"): NOT_ENTRY_LIST,
    ("library_entry", "view", "not_permitted"): Doors(
        Door("staff:add_assessment", shows=lambda stage: str(stage.unassigned.pk)),
        Door("client:library_card", args=unassigned),
    ),
    ("library_entry", "launch", "not_permitted"): Doors(
        Door(
            "staff:add_assessment", "POST", data=lambda stage: {"definitions": [str(stage.unassigned.pk)], "start": "1"}
        ),
        Door("client:launch", "POST", unassigned),
    ),
    ("library_assignment", "view", ""): Doors(Door("staff:add_assessment")),
    ("library_assignment", "assign", ""): Doors(Door("staff:library_assignment", "POST", unassigned)),
    ("library_assignment", "remove", ""): Doors(Door("staff:library_removal", "POST", definition)),
    # Assessments
    ("assessment", "list", ""): RUN_LISTS,
    ("assessment", "search", ""): Doors(
        Door("staff:account_assessments", data=_said(q="Of the case"), shows=lambda stage: str(stage.run.pk)),
        Door("client:your_assessments", data=_said(q="Of the case"), shows=lambda stage: str(stage.run.pk)),
    ),
    ("assessment", "view", ""): Doors(Door("staff:assessment", args=run), Door("client:take", args=run)),
    ("assessment", "edit", ""): Doors(
        Door(
            "staff:run_setup",
            "POST",
            run,
            _said(name="Renamed", mode="shared", combination="median", notify_at_percent="80", review_rule="as_given"),
        ),
        Door("client:edit_assessment", "POST", run, _said(name="Renamed")),
    ),
    ("assessment", "start", ""): Doors(ANSWER_STAFF, ANSWER_CLIENT),
    ("assessment", "answer", ""): Doors(ANSWER_STAFF, ANSWER_CLIENT),
    ("assessment", "submit", ""): Doors(
        Door("staff:run_submission", "POST", run), Door("client:submission", "POST", run)
    ),
    ("assessment", "copy_link", ""): Doors(
        _org(
            "staff:assessment_links",
            data=lambda stage: {"ids": [str(stage.run.pk)]},
            shows=lambda stage: str(stage.run.pk),
        ),
        Door("client:your_assessments", shows=lambda stage: str(stage.run.pk)),
    ),
    ("assessment", "invite", ""): Doors(Door("staff:run_additions", "POST", run, _said(lines="Bob <bob@example.com>"))),
    ("assessment", "email_link", ""): Doors(
        Door("staff:run_additions", "POST", run, _said(lines="Bob <bob@example.com>", invite="1"))
    ),
    ("assessment", "create_batch", ""): Doors(Door("staff:account_batch_new")),
    ("assessment", "delete", ""): Doors(Door("staff:deletion", "POST", run)),
    ("assessment", "view_progress", ""): Doors(
        Door("staff:account_assessments", shows=lambda stage: str(stage.run.pk)),
        Door("client:your_assessments", shows=lambda stage: str(stage.run.pk)),
    ),
    ("assessment", "close", ""): Doors(Door("staff:closing", "POST", run, _said(note="The company was sold"))),
    ("assessment", "reopen", ""): Doors(Door("staff:reopening", "POST", run, _said(reason="One more question"))),
    ("assessment", "create_admin_flow", ""): Doors(
        Door(
            "staff:add_assessment", "POST", data=lambda stage: {"definitions": [str(stage.definition.pk)], "start": "1"}
        )
    ),
    # Answers
    ("response", "view", "own"): Doors(Door("staff:assessment", args=run), Door("client:question", args=run_question)),
    ("response", "edit_before_submit", "own"): Doors(ANSWER_STAFF, ANSWER_CLIENT),
    ("response", "edit_after_submit", "own"): Doors(ANSWER_STAFF, ANSWER_CLIENT),
    # Results and reports
    ("result", "view", ""): Doors(Door("staff:assessment", args=run), Door("client:results", args=run)),
    ("response", "export_raw", "someone_elses"): Doors(
        Door("staff:report_file", args=lambda stage: [stage.run.pk, stage.report.pk, "csv"])
    ),
    ("response", "view_live", "someone_elses"): Doors(Door("staff:assessment", args=run)),
    ("response", "view_after_close", "someone_elses"): Doors(Door("staff:assessment", args=run)),
    ("result", "export", "not_completed"): Doors(
        Door("staff:account_assessments_csv", shows=lambda stage: stage.run.name), Door("client:results", args=run)
    ),
    ("result", "export", "in_results_review"): Doors(
        Door("staff:report_file", args=lambda stage: [stage.run.pk, stage.report.pk, "csv"]),
    ),
    ("result", "export", "in_results_review/not_released"): Doors(
        client=Door("client:report_file", args=lambda stage: [stage.report.pk, "csv"]),
    ),
    ("result", "export", "completed"): Doors(
        Door("staff:report_file", args=lambda stage: [stage.run.pk, stage.report.pk, "csv"]),
        Door("client:report_file", args=lambda stage: [stage.report.pk, "csv"]),
    ),
    ("report", "view", ""): Doors(
        Door("staff:report", args=lambda stage: [stage.run.pk, stage.report.pk]),
        Door("client:report", args=lambda stage: [stage.report.pk]),
    ),
    ("report", "download", ""): Doors(
        Door("staff:report_file", args=lambda stage: [stage.run.pk, stage.report.pk, "csv"]),
        Door("client:report_file", args=lambda stage: [stage.report.pk, "csv"]),
    ),
    ("report", "generate", ""): Doors(
        Door("staff:report_making", "POST", lambda stage: [stage.run.pk, stage.template.pk])
    ),
    ("report", "enable_for_account", ""): Doors(
        Door("staff:report_enabling", "POST", lambda stage: [stage.template.pk], _said(enabled="on"))
    ),
    ("report_template", "view", ""): Doors(_org("staff:report_template", args=lambda stage: [stage.template.pk])),
    ("report_template", "edit", ""): Doors(
        _org("staff:report_section_addition", "POST", lambda stage: [stage.template.pk], _said(kind="text"))
    ),
    # Links
    ("invite_link", "list_status", ""): Doors(Door("staff:run_people", args=run)),
    ("invite_link", "create", ""): Doors(
        Door("staff:run_links", "POST", run, lambda stage: {"power": "answer", "until": stage.tomorrow})
    ),
    ("invite_link", "revoke", ""): Doors(
        Door("staff:run_link_revocation", "POST", lambda stage: [stage.run.pk, stage.shared_link.pk])
    ),
    ("invite_link", "resend", ""): Doors(
        Door("staff:run_person_link", "POST", lambda stage: [stage.run.pk, stage.personal_link[0].respondent_id])
    ),
    ("invite_link", "read_raw_token_after_creation", ""): Doors(
        Door("staff:run_people", args=run, shows=lambda stage: stage.personal_link[1])
    ),
    # Previews
    ("preview", "return", ""): Doors(Door("staff:account_overview")),
    ("preview", "enter", ""): Doors(Door("staff:preview", "POST", data=_said(viewpoint="client"))),
    ("system_setting", "view", ""): Doors(_org("staff:settings")),
    ("system_setting", "edit", ""): Doors(_org("staff:words", "POST", data=_said(revision="0"))),
    ("audit_log", "view", ""): Doors(_org("staff:audit_log")),
    ("audit_log", "export", ""): Doors(_org("staff:audit_log_csv")),
    ("health", "get", "liveness_no_detail"): Doors(_org("/healthz")),
    ("health", "get", "detail_or_metrics"): Doors(_org("/metrics")),
    ("django_admin_site", "reach", ""): Doors(_org("/operator/")),
}

# Objects of the matrix that this product has no room for yet: their rows are listed, and a case for one is a mistake.
NOT_BUILT_OBJECTS = {
    "benchmark_own",
    "benchmark_identified_compare",
    "benchmark_cell",
    "benchmark_membership",
    "ticket",
    "comment",
    "attachment",
    "internal_field",
    "device",
    "quote",
    "invoice",
}


def doors_of(case: tuple[str, str, str]) -> Doors | None:
    """This will return the doors of a case: those of its state, else those of all states."""
    thing, action, _state = case
    return CASES.get(case) or CASES.get((thing, action, ""))
