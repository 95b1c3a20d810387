"""The cast in tests: built once, committed, and met by first name."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client

from accounts import tenancy
from accounts.models import Account, Organization, OrganizationHost, Site, User
from accounts.viewer import Viewer, system_viewer, viewer_of_account, viewer_of_organization
from assessments.actions import answers
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment
from library.conditions import visible_questions
from library.models import Definition
from library.versions import document_of
from portal.demo import cast, content

EMAILS = {person.name.split()[0].lower(): person.email for provider in cast.PROVIDERS for person in provider.people}
HOME = {
    person.name.split()[0].lower(): provider.host.split(".")[0]
    for provider in cast.PROVIDERS
    for person in provider.people
}
OF_COMPANY = {
    company.name: provider.host.split(".")[0] for provider in cast.PROVIDERS for company in provider.companies
}


def build() -> None:
    """This will put both organizations, their people and their definitions on stage."""
    for provider in cast.PROVIDERS:
        content.furnish(cast.raise_curtain(provider))


def organization(name: str = "harbor") -> Organization:
    """This will return an organization by the first part of its host."""
    host = OrganizationHost.objects.get(host=f"{name}.localhost")
    with tenancy.scope(host.organization_id):
        return Organization.objects.get(pk=host.organization_id)


@contextmanager
def inside(name: str = "harbor") -> Iterator[Organization]:
    """This will run a block with the database open to one organization."""
    here = organization(name)
    with tenancy.scope(here.id):
        yield here


def person(first_name: str) -> User:
    return User.objects.get(email=EMAILS[first_name])


def account(name: str) -> Account:
    """This will return an account by its name or the beginning of it."""
    full = next(company for company in OF_COMPANY if company.startswith(name))
    with inside(OF_COMPANY[full]):
        return Account.objects.select_related("organization").get(name=full)


def viewer(first_name: str, account_name: str = "") -> Viewer:
    """This will build the viewer of a person on an account's page, or on the organization's. Call it inside a scope."""
    user, home = person(first_name), organization(HOME[first_name])
    if not account_name:
        return viewer_of_organization(user, home)
    found = viewer_of_account(user, home, account(account_name).id)
    assert found is not None, f"{first_name} is a stranger to {account_name}"
    return found


def system(name: str = "harbor") -> Viewer:
    return system_viewer(organization(name))


def visitor(first_name: str = "", at: str = "") -> Client:
    """This will open a browser at an organization's host, signed in as somebody of the cast, or as nobody."""
    host = at or (HOME[first_name] if first_name else "harbor")
    client = Client(headers={"host": f"{host}.localhost"})
    if first_name:
        client.force_login(person(first_name))
    return client


def document(key: str):
    """This will return the questions of one of our own definitions, as published. Call it inside a scope."""
    return document_of(Definition.objects.get(key=key).published_version)


def answer_everything(*, by: Viewer, assessment: Assessment) -> None:
    """This will answer all that is asked, with the first choice, the lowest number or a word."""
    questions = document_of(assessment.version)
    for question in questions.questions():
        if question.type != "file" and question.key in visible_questions(questions, answers_of(assessment)):
            answers.save(
                by=by, assessment=assessment, question_key=question.key, state="answered", raw=some_answer(question)
            )


def some_answer(question) -> object:
    """This will return raw input that the question takes."""
    if question.is_choice:
        first = question.choices[0].key
        return [first] if question.type == "multiple_choice" else first
    if question.type == "matrix":
        return {row.key: question.choices[0].key for row in question.rows}
    low = question.minimum if question.minimum is not None else 1
    return {"number": str(low), "scale": str(low), "date": "2026-03-02"}.get(question.type, "In a few words")


def viewer_on(user: User, account: Account) -> Viewer:
    """This will build the viewer of somebody outside the cast on an account's page. Call it inside a scope."""
    found = viewer_of_account(user, account.organization, account.id)
    assert found is not None
    return found


def site(name: str) -> Site:
    """This will return a site of the cast's companies by its name. Call it inside a scope."""
    return Site.objects.get(name=name)
