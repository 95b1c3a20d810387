"""Creating a batch: its form, the dry run that shows what each row would do, and the sending."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import breadcrumbs
from accounts.models import Account
from accounts.roles import Can
from accounts.rules import organization_view, staff_view
from accounts.viewer import Viewer
from assessments.actions import batches
from assessments.actions.assessments import NotLaunchable
from assessments.batching import batch_input, batch_plan
from assessments.batching.batch_plan import Plan, Setup
from assessments.models import BatchDraft
from portal.web.addresses import origin_of
from portal.web.csv_export import attachment
from portal.web.ids import uuid_in
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .batch_forms import LARGEST_FILE, BatchForm, initial_of

NEW, DRY_RUN = "assessments/staff/batch_new.html", "assessments/staff/batch_draft.html"
ROWS_ON_A_PAGE = 50
# A longer list is searched by hand no more: that is what a file is for.
MOST_TO_PICK = 500


@organization_view(Can.VIEW_DEFINITIONS, methods=("GET", "POST"), insiders=True)
def batch_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask what a batch for several accounts shall be."""
    return _new(request, viewer, None)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def account_batch_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask what a batch for many people of one account shall be."""
    return _new(request, viewer, viewer.account)


def _new(request: HttpRequest, viewer: Viewer, account: Account | None) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    draft = _kept(viewer, asked.get("draft", ""), account)
    if request.method != "POST":
        initial = initial_of(draft, account, request.GET.get("definition", ""))
        form = BatchForm(initial=initial, viewer=viewer, account=account, draft=draft)
        return page(request, NEW, _form_context(viewer, form), swap="form")
    form = BatchForm(request.POST, request.FILES, viewer=viewer, account=account, draft=draft)
    if form.is_valid() or form.rows is not None:
        # A browser forgets the file of a form that comes back: what was read of it is kept.
        draft = form.draft = batches.keep(
            by=viewer, account=account, setup=form.setup(), rows=form.rows, file_name=form.file_name, draft=draft
        )
    if not form.is_valid():
        return page(request, NEW, _form_context(viewer, form), swap="form", status=422)
    return go(request, "staff:batch_draft", draft=draft.pk)


@organization_view(Can.VIEW_DEFINITIONS, methods=("GET", "POST"))
def batch_draft(request: HttpRequest, viewer: Viewer, draft: uuid.UUID) -> HttpResponse:
    """This will show row by row what sending would do. A POST says whether people who answer it already are asked too."""
    found = _found(viewer, draft)
    if found.batch_id:
        return go(request, "staff:batch", batch=found.batch_id)
    if request.method == "POST":
        setup = Setup.of(found)
        changed = Setup(**vars(setup) | {"includes_present": bool(request.POST.get("includes_present"))})
        batches.keep(by=viewer, account=found.account, setup=changed, draft=found)
        return go(request, "staff:batch_draft", draft=found.pk)
    return page(request, DRY_RUN, _plan_context(request, viewer, found))


@organization_view(Can.VIEW_DEFINITIONS, methods=("POST",))
def batch_creation(request: HttpRequest, viewer: Viewer, draft: uuid.UUID) -> HttpResponse:
    """This will make the batch and hand its invitations over; sent twice, it is one batch."""
    found = _found(viewer, draft)
    origin = origin_of(request)
    try:
        batch = batches.create(by=viewer, draft=found, seen=request.POST.get("seen", ""), origin=origin)
    except BatchDraft.DoesNotExist:
        raise Http404 from None
    except (batches.Overtaken, batches.NothingToSend, NotLaunchable):
        context = _plan_context(request, viewer, found) | {"is_overtaken": True}
        return page(request, DRY_RUN, context, swap="decision", status=409)
    return go(request, "staff:batch", batch=batch.pk)


@organization_view(Can.VIEW_DEFINITIONS, methods=("POST",))
def batch_draft_removal(request: HttpRequest, viewer: Viewer, draft: uuid.UUID) -> HttpResponse:
    """This will forget what was typed and read."""
    found = _found(viewer, draft)
    batches.discard(by=viewer, draft=found)
    return go(request, "staff:batches", toast=_("The draft is discarded. Nobody was written to."))


@organization_view(Can.VIEW_DEFINITIONS)
def batch_draft_csv(request: HttpRequest, viewer: Viewer, draft: uuid.UUID) -> HttpResponse:
    """This will give the rows that are not used, with the reason, to be mended and uploaded again."""
    found = _found(viewer, draft)
    left_out = [one for one in batch_plan.plan(viewer, found).judged if not one.is_used]
    head = [_("Row"), _("Name"), _("Email"), _("Account"), _("Sections"), _("Why it is not used")]
    rows = ([*one.row.as_list(), ": ".join(filter(None, (word_of(one), one.why)))] for one in left_out)
    return attachment(f"{slugify(str(found)) or 'batch'}_not_used.csv", head, rows)


def word_of(one: batch_input.Judged) -> str:
    """This will say a verdict in words."""
    return batch_input.WORDS[one.verdict]()


def _kept(viewer: Viewer, key: str, account: Account | None) -> BatchDraft | None:
    """The draft that is taken up again, when it is the viewer's, of this page's account, and no batch yet."""
    wanted = uuid_in(key)
    if wanted is None:
        return None
    rows = BatchDraft.objects.visible_to(viewer).filter(pk=wanted, account=account, batch=None)
    return rows.select_related("account").first()


def _found(viewer: Viewer, draft: uuid.UUID) -> BatchDraft:
    return get_object_or_404(BatchDraft.objects.visible_to(viewer).select_related("account"), pk=draft)


def _form_context(viewer: Viewer, form: BatchForm) -> dict[str, Any]:
    account, picked = form.account, set(map(str, form.picked))
    choices = _people(viewer, account) if account else _accounts(viewer)
    here = reverse("staff:account_batch_new", args=[account.pk]) if account else reverse("staff:batch_new")
    crumbs = (
        breadcrumbs.to_account(account, _("New batch")) if account
        else [{"label": _("Batches"), "url": reverse("staff:batches")}, {"label": _("New batch")}]
    )  # fmt: skip
    return {
        "form": form,
        "for_account": account,
        "here": here,
        "choices": [(key, name, note, key in picked) for key, name, note in choices[:MOST_TO_PICK]],
        "has_more": len(choices) > MOST_TO_PICK,
        "most_rows": batch_input.MOST_ROWS,
        "largest_file": LARGEST_FILE // (1024 * 1024),
        "back_url": reverse("staff:account_assessments", args=[account.pk]) if account else reverse("staff:batches"),
        "breadcrumbs": crumbs,
    }


def _people(viewer: Viewer, account: Account) -> list[tuple[str, str, str]]:
    members = batch_plan.members_of(viewer, account)[: MOST_TO_PICK + 1]
    return [(str(member.user_id), member.user.name or member.user.email, member.user.email) for member in members]


def _accounts(viewer: Viewer) -> list[tuple[str, str, str]]:
    accounts = batch_plan.usable_accounts(viewer).order_by("name", "id")[: MOST_TO_PICK + 1]
    return [(str(account.pk), account.name, account.industry_label) for account in accounts]


def _plan_context(request: HttpRequest, viewer: Viewer, draft: BatchDraft) -> dict[str, Any]:
    plan = batch_plan.plan(viewer, draft)
    chosen = batch_plan.Filter.of_query(request.GET)
    shown = paginate(chosen.of(plan.judged), request, ROWS_ON_A_PAGE)
    account = draft.account
    edit = reverse("staff:account_batch_new", args=[account.pk]) if account else reverse("staff:batch_new")
    return {
        "draft": draft,
        "for_account": account,
        "plan": plan,
        "chips": batch_plan.chips(plan, chosen),
        "chosen": chosen,
        "page": shown,
        "rows": [(one, word_of(one)) for one in shown.items],
        "present": plan.counts[batch_input.Verdict.PRESENT],
        "most_accounts": batch_plan.MOST_ACCOUNTS,
        "most_of_one_run": batch_plan.MOST_OF_ONE_RUN,
        "send_label": _send_label(plan),
        "edit_url": f"{edit}?draft={draft.pk}",
        "breadcrumbs": [
            {"label": _("Batches"), "url": reverse("staff:batches")},
            {"label": _("New batch"), "url": f"{edit}?draft={draft.pk}"},
            {"label": _("Check")},
        ],
    }


def _send_label(plan: Plan) -> str:
    if plan.setup.is_without_people:
        count = len(plan.accounts)
        return ngettext("Assign to %(n)d account", "Assign to %(n)d accounts", count) % {"n": count}
    return ngettext("Send %(n)d invitation", "Send %(n)d invitations", plan.invited) % {"n": plan.invited}
