"""The minimal floor: a few hand-written queries and a plain Django template."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from benchmarks.floors import queries, reading


def home(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show what stands on a client's first page."""
    runs = queries.runs(pk, 5)
    waiting = queries.waiting(pk)
    latest = queries.latest(pk)
    context = {
        "title": "Home",
        "frame": reading.client_frame(pk),
        "next": waiting[0],
        "steps": reading.sections(queries.run(waiting[0].id)),
        "waiting": waiting,
        "latest": latest,
        "areas": reading.areas(latest),
        "runs": runs,
        "total": queries.counts(pk).all,
    }
    return render(request, "home.html", context)


def library(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show the cards of an account."""
    shelves = queries.shelves(pk)
    context = {
        "title": "Library", "frame": reading.client_frame(pk), "cards": queries.cards(pk), "shelves": shelves,
        "total": sum(shelf.cards for shelf in shelves),
    }  # fmt: skip
    return render(request, "library.html", context)


def search(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will make the part of the Library that a keystroke asks for."""
    cards = queries.cards(pk, request.GET.get("q", "rev"))
    return render(request, "cards.html", {"frame": {"account_id": pk}, "cards": cards})


def yours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will list the runs of an account."""
    context = {
        "title": "Your Assessments", "frame": reading.client_frame(pk), "runs": queries.runs(pk),
        "total": queries.counts(pk).all,
    }  # fmt: skip
    return render(request, "yours.html", context)


def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show one question."""
    return render(request, "question.html", reading.question(queries.run(pk), reading.KEY))


def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will store one answer and show how far one is."""
    run = queries.run(pk)
    queries.save(run, reading.KEY, request.POST["answer"])
    return render(request, "saved.html", reading.place(run, reading.KEY))


def results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show the scores of a run and all its answers."""
    run, latest = queries.run(pk), queries.result(pk)
    figures = queries.plain(latest.sheet)
    context = {
        "title": run.name, "frame": reading.client_frame(run.account_id), "run": run, "latest": latest,
        "areas": figures["sections"], "counts": figures["counts"], "parts": reading.parts(run),
    }  # fmt: skip
    return render(request, "results.html", context)


def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show the first accounts a person looks after."""
    context = {"title": "Overview", "frame": reading.staff_frame(pk), "accounts": queries.followed(pk)}
    return render(request, "overview.html", context)


def accounts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will list the first accounts of an organization."""
    context = {
        "title": "Accounts",
        "frame": reading.staff_frame(pk),
        "accounts": queries.accounts(pk),
        "total": "1,000",
    }
    return render(request, "accounts.html", context)


def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will show one account: people, Library, how its assessments stand."""
    context = reading.account(pk) | {"title": "Account", "cards": queries.cards(pk), "runs": queries.runs(pk, 8)}
    return render(request, "account.html", context)


def assessments(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This will list the assessments of one account for its provider."""
    context = reading.account(pk) | {
        "title": "Assessments", "runs": queries.runs(pk), "latest": queries.latest(pk), "groups": queries.groups(pk)
    }  # fmt: skip
    return render(request, "assessments.html", context)


VIEWS: dict[str, Any] = {
    "home": home,
    "library": library,
    "search": search,
    "yours": yours,
    "yours_deep": yours,
    "question": question,
    "question_long": question,
    "save": save,
    "save_long": save,
    "results": results,
    "overview": overview,
    "overview_wide": overview,
    "accounts": accounts,
    "account": account,
    "assessments": assessments,
}
