"""The tuned floor: the same queries; every address, date and badge made once in Python, and strings put together."""

import datetime
from collections.abc import Callable
from html import escape
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from benchmarks.floors import flat, queries, reading


def icon(name: str) -> str:
    """This will be one icon of the sprite."""
    return f'<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#{name}"/></svg>'


BADGES = {
    status: f'<span class="badge badge-{tone}">{icon(name)}{word}</span>'
    for status, tone, name, word in (
        ("draft", "neutral", "pencil", "Draft"),
        ("in_progress", "info", "progress", "In progress"),
        ("results_review", "review", "eye-check", "Results review"),
        ("closed", "success", "circle-check", "Closed"),
    )
}
OPEN = ("draft", "in_progress")
NO_COUNT = '<span class="muted">–</span>'
DETAIL = '<td class="cell-detail t-right num">'


def clock() -> Callable[[datetime.datetime | None], str]:
    """This will return the function that writes moments, as of now."""
    now = datetime.datetime.now(datetime.UTC)

    def when(moment: datetime.datetime | None) -> str:
        if moment is None:
            return ""
        return (
            f'<time datetime="{moment.isoformat(timespec="seconds")}" title="{moment:%a, %b %-d, %Y, %-I:%M %p} UTC"'
            f" data-rel>{(now - moment).days} days, 1 hour ago</time>"
        )

    return when


def client_values(account: UUID, title: str, **more: Any) -> dict[str, str]:
    """This will make what the frame and the head of a client's page need."""
    values = {f"frame.{name}": escape(str(value)) for name, value in reading.client_frame(account).items()}
    base = f"/portal/{account}/"
    values |= {
        "title": title, "url home": base, "url library": f"{base}library/", "url yours": f"{base}assessments/",
        "url available": f"{base}assessments/available/",
    }  # fmt: skip
    return values | {name: escape(str(value)) for name, value in more.items()}


def library(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show the cards of an account."""
    shelves, cards = queries.shelves(pk), queries.cards(pk)
    values = client_values(pk, "Library", total=sum(shelf.cards for shelf in shelves), cards=len(cards))
    # The loop of the groups comes first in the template; all between it and the cards is written anew here.
    groups = "".join(
        f'    <label class="chip"><input type="radio" name="group" value="{escape(shelf.name)}">'
        f"<span>{escape(shelf.name)} <b>{shelf.cards}</b></span></label>\n"
        for shelf in shelves
    )
    return HttpResponse(flat.page("library.html", values, groups + flat.fill(BETWEEN, values) + _cards(pk, cards)))


def search(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will make the part of the Library that a keystroke asks for."""
    cards = queries.cards(pk, request.GET.get("q", "rev"))
    return HttpResponse(flat.page("cards.html", {"cards": str(len(cards))}, _cards(pk, cards)))


def _cards(account: UUID, cards: list[Any]) -> str:
    base, when = f"/portal/{account}/", clock()
    return "".join(_card(base, card, when) for card in cards)


def _card(base: str, card: Any, when: Callable) -> str:
    name = escape(card.name)
    hidden = f'<span class="visually-hidden"> {name}</span>'
    corner = BADGES.get(card.status, "")
    if card.status == "closed" and card.score is not None:
        corner = (
            f'<span class="score-chip"><strong>{card.score:.0f}</strong>/100'
            '<span class="visually-hidden"> last score</span></span>'
        )
    run = f"{base}assessments/{card.run_id}/"
    if card.status == "draft":
        foot = f'<span class="meta">Not started</span><a class="btn btn-sm btn-primary" href="{run}">Start{hidden}</a>'
    elif card.status == "in_progress":
        foot = (
            f'<progress class="progress progress-sm" value="{card.answered_count}" max="{card.asked}"'
            f' aria-label="{name}"></progress><a class="btn btn-sm btn-primary" href="{run}">Continue{hidden}</a>'
        )
    elif card.status:
        foot = (
            f'<span class="meta">Completed {when(card.submitted_at)}</span>'
            f'<a class="btn btn-sm" href="{run}results/">View results{hidden}</a>'
        )
    else:
        foot = (
            '<span class="meta">Not taken yet</span><button class="btn btn-sm" form="launch"'
            f' formaction="{base}library/{card.id}/launch/">Start{hidden}</button>'
        )
    return f"""    <li class="lib-card">
      <div class="lib-top"><span class="tile tile-lg t{card.shelf + 1}">{icon(card.icon)}</span>{corner}</div>
      <h2 class="lib-title"><a href="{base}library/{card.id}/">{name}</a></h2>
      <p class="lib-desc">{escape(card.summary)}</p>
      <p class="lib-meta"><span>{LIST}{card.question_count} questions</span><span>{CLOCK}{card.minutes} min</span>\
<span>{FOLDER}{escape(card.group_name)}</span></p>
      <div class="lib-foot">{foot}</div>
    </li>
"""


LIST, CLOCK, FOLDER, LINK = icon("list-check"), icon("clock"), icon("folder"), icon("link")


def _between() -> str:
    text = flat.text_of("library.html") + flat.text_of("cards.html")
    chips = text.index("{% endfor %}") + len("{% endfor %}")
    text = text[chips:].replace('{% include "cards.html" %}{% endblock %}\n', "")
    return text[: text.index("{% for card")]


BETWEEN = _between()


def yours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will list the runs of an account."""
    runs, when = queries.runs(pk), clock()
    rows = "".join(_run(f"/portal/{pk}/assessments/{run.id}/", run, when) for run in runs)
    values = client_values(pk, "Your Assessments", total=queries.counts(pk).all)
    return HttpResponse(flat.page("yours.html", values, rows))


def _run(address: str, run: Any, when: Callable) -> str:
    name = escape(run.name)
    hidden = f'<span class="visually-hidden"> {name}</span>'
    is_open = run.status in OPEN
    link = address if is_open else f"{address}results/"
    edit = copy = ""
    if run.created_by_client:
        edit = f'<a class="btn btn-sm btn-ghost" href="{address}set-up/" data-dialog>View / Edit{hidden}</a>'
    if is_open:
        copy = (
            f'<button class="btn btn-sm" type="button" data-copy="http://north.localhost{address}">{LINK}'
            f'<span data-copy-label>Copy link</span><span class="visually-hidden">: {name}</span></button>'
        )
    word = {"draft": "Start", "in_progress": "Continue"}.get(run.status, "View results")
    step = f'<a class="btn btn-sm{" btn-primary" if is_open else ""}" href="{link}">{word}{hidden}</a>'
    return f"""    <tr>
      <th scope="row"><span class="cell-title"><span class="tile tile-sm t{run.shelf + 1}">{icon(run.icon)}</span>\
<span><a href="{link}">{name}</a></span></span></th>
      <td class="cell-status">{BADGES[run.status]}</td>
      <td class="cell-progress">
<span class="prog"><progress class="progress progress-sm" value="{run.answered_count}" max="{run.question_count}"\
 aria-label="{name}"></progress><span class="num">{run.answered_count}/{run.question_count}</span></span>
</td>
      <td class="cell-updated muted nowrap">{when(run.updated_at)}</td>
      <td class="cell-end"><span class="btn-row">{edit}{copy}{step}</span></td>
    </tr>
"""


def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show the first accounts a person looks after."""
    values = {f"frame.{name}": escape(str(value)) for name, value in reading.staff_frame(pk).items()}
    values |= {
        "title": "Overview", "url overview": "/staff/", "url accounts": "/staff/accounts/",
        "url definitions": "/staff/definitions/",
    }  # fmt: skip
    return HttpResponse(flat.page("overview.html", values, "".join(map(_account, queries.followed(pk)))))


def _account(account: Any) -> str:
    name = escape(account.name)
    percent = round(account.answered * 100 / account.asked) if account.asked else 0
    shown = (account.not_started, account.in_progress, account.results_review, account.closed)
    counts = "\n      ".join(f"{DETAIL}{count or NO_COUNT}</td>" for count in shown)
    words = (
        (account.results_review, "results to review"),
        (account.overdue, "overdue"),
        (account.not_started, "not started for over 25 days"),
    )
    tags = "".join(f'<span class="tag tone-warn">{count} {word}</span> ' for count, word in words if count)
    return f"""    <tr>
      <th scope="row"><span class="cell-title"><span class="avatar avatar-sm avatar-sq hide-mobile" aria-hidden="true">\
{name[:2].upper()}</span><span><a href="/staff/accounts/{account.id}/">{name}</a><small>Industry {account.industry},\
 and its kind</small><small class="show-mobile">{shown[0]} not started · {shown[1]} in progress ·\
 {shown[2]} results review\
 · {shown[3]} closed</small></span></span></th>
      <td class="cell-detail col-wide">{escape(account.executive)}</td>
      {counts}
      <td class="cell-progress"><span class="prog"><progress class="progress progress-sm" value="{percent}" max="100"\
 aria-label="{name}: of the questions answered"></progress><span class="num">{percent}%</span></span></td>
      <td class="cell-attention">{tags}</td>
    </tr>
"""


VIEWS: dict[str, Any] = {
    "library": library,
    "search": search,
    "yours": yours,
    "yours_deep": yours,
    "overview": overview,
    "overview_wide": overview,
}
