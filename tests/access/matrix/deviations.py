"""Where the product differs from a row of the matrix, and why; and what of the matrix is not built yet."""

from tests.access.matrix.rows import Row

# (object, action) without a room yet: they come with their issues.
NOT_BUILT: set[tuple[str, str]] = set()

# (object, action): tests that need more than one request, by name.
TESTED_ELSEWHERE: dict[tuple[str, str], str] = {
    (
        "account_members",
        "promote_self",
    ): "tests/accounts/test_people_actions.py::test_nobody_promotes_lowers_or_ends_themselves",
    (
        "client_user_permission",
        "grant_to_self",
    ): "tests/accounts/test_people_pages.py::test_nobody_grants_to_themselves_and_staff_are_granted_nothing",
    (
        "assessment",
        "become_ae_by_creating",
    ): "tests/assessments/test_becoming_executive.py::test_attack_a_client_who_launches_gains_nothing",
    # Staff answer on behalf, under their own name and shown so (spec 3); nobody changes what stands under somebody else's.
    (
        "response",
        "edit",
    ): "tests/assessments/test_on_behalf.py::test_somebody_elses_answer_is_shown_before_it_is_replaced",
    (
        "audit_log",
        "edit_or_delete",
    ): "tests/accounts/test_audit.py::test_no_login_of_the_application_changes_or_removes_a_row",
    **dict.fromkeys(
        (
            ("questionnaire", action)
            for action in (
                "open",
                "answer",
                "submit",
                "edit_after_submit",
                "view_results",
                "view_other_respondents",
                "open_other_assessment",
                "list_anything",
                "enter_portal",
            )
        ),
        "tests/access/test_matrix_links.py::test_the_rows_of",
    ),
}

WITHOUT_DOORS = NOT_BUILT | set(TESTED_ELSEWHERE)

EXECUTED_AT_LEAST = 2_700


def reason(row: Row) -> str:
    """This will say why a row does not hold here; "" when it does."""
    if "preview" in row.mode and row.object == "result" and row.state == "in_results_review":
        return "I8: a preview shows what that client sees, and D20: clients see results after their release"
    if "preview" in row.mode and row.case[:2] == ("assessment", "copy_link"):
        return "what is copied is the page's own address: nothing is made, and it asks to sign in"
    if "preview" in row.mode and row.case[:2] == ("preview", "return"):
        return "a plain link out of the preview: test_view_as_client_and_back_to_the_same_tab walks it"
    if "preview" in row.mode and row.case == ("response", "view", "own"):
        return "I8: in a shared run the answers are the account's, and a preview shows them as that client sees them"
    if row.case[:2] in (("account", "create"), ("account", "export")) and row.relation in (
        "unassigned_account_same_org",
        "other_account_same_org",
    ):
        return "what is created has no account in its address yet: who may create none is told so, wherever they belong"
    if row.case[:2] == ("health", "get") and row.deny_as == "login":
        return "there is no such address, for anybody: it does not ask to sign in"
    if row.case[:2] == ("client_profile", "edit") and row.deny_as == "404" and row.relation == "same_client":
        return "(account, edit) says 403 of the same door: every client sees that there is an account"
    if row.case[0] == "portal_user" and "own" in row.action and row.actor == "org_admin" and row.deny_as == "403":
        return "an Admin holds no portal role: there is nothing of one's own to change"
    return ""


def also(row: Row, who: str) -> tuple[int, ...]:
    """This will return with which other statuses somebody may be refused, where two rows speak of the same door."""
    if row.case[0] == "account_members" and who == "priya":
        return (403,)  # a Company Admin sees the person: (portal_user, …) says 403
    return ()
