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
        "title": "Home", "frame": reading.client_frame(pk), "next": waiting[0], "steps": reading.sections(queries.run(waiting[0].id)),
        "waiting": waiting, "latest": latest, "areas": reading.areas(latest), "runs": runs, "total": queries.counts(pk).all,
    }  # fmt: skip
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
}
