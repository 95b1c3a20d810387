"""What a hostile tester with a real login tried. What worked once is fixed; what held is here to keep holding."""

import threading

import pytest
import structlog
from allauth.account.models import EmailAddress
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts import grants, tenancy
from accounts.actions import memberships
from accounts.models import AuditEntry, Mail, Membership, Site, User
from accounts.roles import PortalRole, Role
from accounts.tasks import deliver
from assessments.actions import assessments, clarifications, finding_actions, findings, upgrades
from assessments.models import AnswerReview, Assessment, SectionNote
from library.actions import definitions
from library.document import parse
from library.models import Definition, LibraryEntry
from portal.demo.cast import PASSWORD
from tests import cast
from tests.assessments import stage


@pytest.mark.django_db
class TestSigningIn:
    def test_nobody_takes_an_email_that_may_be_invited_tomorrow(self):
        """Carla as robin@harbor.example would have met Robin's invitation, and been the Account Executive."""
        carla = cast.visitor("carla")
        carla.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        for action in ("action_add", "action_primary"):
            assert carla.post("/account/email/", {action: "", "email": "robin@harbor.example"}).status_code == 404
        assert not EmailAddress.objects.filter(email="robin@harbor.example").exists()
        assert not User.objects.filter(email="robin@harbor.example").exists()

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.localhost/",
            "https://sunny.localhost/",
            "//evil.example",
            "/\\evil.example",
            "https://harbor.localhost@evil.example/",
            "javascript:alert(1)",
        ],
    )
    def test_signing_in_and_out_leads_to_no_other_host(self, target: str):
        form = {"login": cast.EMAILS["carla"], "password": PASSWORD, "next": target}
        assert cast.visitor().post(reverse("account_login"), form)["Location"] == "/"
        assert cast.visitor("carla").post(reverse("account_logout"), {"next": target})["Location"] == "/"

    @pytest.mark.parametrize("host", ["evil.localhost", "sunny.localhost", "testserver"])
    def test_a_new_password_is_mailed_from_no_host_of_strangers(self, host: str, mailoutbox: list):
        answer = Client(headers={"host": host}).post(reverse("account_reset_password"), {"email": cast.EMAILS["carla"]})
        assert answer.status_code == 302
        assert mailoutbox == []
        for home in ("harbor", "sunny"):
            with cast.inside(home):
                assert not Mail.objects.filter(kind="accounts.forgotten_password").exists()

    def test_a_new_password_is_mailed_from_ones_own_host(self, mailoutbox: list):
        cast.visitor(at="harbor").post(reverse("account_reset_password"), {"email": cast.EMAILS["carla"]})
        with cast.inside():
            [queued] = Mail.objects.filter(kind="accounts.forgotten_password")
            deliver(str(queued.organization_id), str(queued.pk))
        [mail] = mailoutbox
        assert "http://harbor.localhost/account/password/reset/key/" in mail.body

    def test_the_key_of_a_new_password_stands_in_no_log(self):
        with structlog.testing.capture_logs() as lines:
            cast.visitor().get("/account/password/reset/key/abc-very-secret/")
        [line] = [line for line in lines if line["event"] == "request"]
        assert line["path"] == "/account/password/reset/key/…/"
        assert "very-secret" not in str(lines)

    def test_an_operators_password_cannot_be_guessed_past_the_limits(self):
        answer = cast.visitor().post("/operator/login/", {"username": "op@example.com", "password": "guess"})
        assert answer["Location"].startswith(reverse("account_login"))
        assert cast.visitor("carla").get("/operator/login/").status_code == 403


@pytest.mark.django_db
class TestPeople:
    @pytest.fixture
    def page(self) -> str:
        return reverse("staff:person_new", args=[cast.account("Cobalt").id])

    def test_an_admin_becomes_no_client(self, page: str):
        answer = cast.visitor("ada").post(page, person("ada@harbor.example"))
        assert answer.status_code == 403  # nobody gives themselves anything
        with cast.inside():
            assert Membership.objects.get(user=cast.person("ada")).role == Role.ADMIN

    @pytest.mark.parametrize("role", ["admin", "", "superuser", "ADMIN"])
    def test_a_form_makes_no_admin(self, page: str, role: str):
        assert cast.visitor("ada").post(page, person("robin@harbor.example", role=role)).status_code == 422
        assert not User.objects.filter(email="robin@harbor.example").exists()

    def test_fields_the_form_does_not_have_change_nothing(self, page: str):
        more = {
            "is_staff": "on",
            "is_superuser": "on",
            "account": cast.account("Northwind").id,
            "password": "chosen-here",
        }
        cast.visitor("ada").post(page, person("robin@cobalt.example") | more)
        robin = User.objects.get(email="robin@cobalt.example")
        assert (robin.is_staff, robin.is_superuser, robin.has_usable_password()) == (False, False, False)
        with cast.inside():
            assert Membership.objects.get(user=robin).account == cast.account("Cobalt")

    def test_somebody_of_another_organization_is_given_this_account_and_nothing_else(self):
        marigold = cast.account("Marigold").id
        cast.visitor("amara").post(reverse("staff:person_new", args=[marigold]), person("carla@cobalt.example"))
        carla = cast.person("carla")
        assert carla.name == "Carla Voss"
        assert carla.check_password(PASSWORD)
        carla_at_sunny = cast.visitor("carla", at="sunny")
        assert carla_at_sunny.get(reverse("client:home", args=[marigold])).status_code == 200
        assert carla_at_sunny.get(reverse("client:home", args=[cast.account("Cobalt").id])).status_code == 404
        body = cast.visitor("amara").get(reverse("staff:people", args=[marigold])).content.decode()
        assert "Cobalt" not in body
        assert "Harbor" not in body

    @pytest.mark.parametrize("name", ["staff:person_access", "staff:person_removal", "staff:person_invitation"])
    def test_a_membership_of_another_account_is_not_under_ones_own(self, name: str, mailoutbox: list):
        with cast.inside():
            dora = Membership.objects.get(user=cast.person("dora"))
        for admin, account in (("ada", "Cobalt"), ("amara", "Marigold")):
            address = reverse(name, args=[cast.account(account).id, dora.id])
            assert cast.visitor(admin).post(address, {"portal_roles": ["company_admin"]}).status_code == 404
        assert mailoutbox == []

    def test_sites_of_another_account_are_no_choice(self):
        with cast.inside():
            tom = Membership.objects.get(user=cast.person("tom"))
            foreign = str(Site.objects.filter(account=cast.account("Northwind")).first().id)
        address = reverse("staff:person_access", args=[cast.account("Cobalt").id, tom.id])
        answer = cast.visitor("ada").post(address, {"portal_roles": [PortalRole.SITE_MANAGER], "sites": [foreign]})
        assert answer.status_code == 422


@pytest.mark.django_db
class TestForeignIds:
    """Somebody else's id in an address of one's own account, and in every field that takes one."""

    def test_a_run_of_another_account_is_not_under_ones_own(self):
        with cast.inside():
            priya = cast.viewer("priya", "Northwind")
            run = assessments.launch(by=priya, definition=_definition(), another=True)
            question = cast.document("vendor-risk").questions()[0].key
        cobalt = cast.account("Cobalt").id
        for name, args in (
            ("client:take", []), ("client:question", [question]), ("client:review", []), ("client:submission", []),
            ("client:submitted", []), ("client:results", []), ("client:edit_assessment", []),
            ("client:explanation", ["overall"]), ("client:answer_explanation", ["overall", question]),
        ):  # fmt: skip
            address = reverse(name, args=[cobalt, run.id, *args])
            for method in ("get", "post"):
                assert getattr(cast.visitor("carla"), method)(address, {"answer": "yes"}).status_code in (404, 405), (
                    name
                )
        for name in ("staff:assessment", "staff:release", "staff:reopening"):
            address = reverse(name, args=[cobalt, run.id])
            for method in ("get", "post"):
                assert getattr(cast.visitor("lena"), method)(address, {"reason": "x"}).status_code in (404, 405), name

    def test_a_definition_of_another_organization_is_neither_started_nor_assigned(self):
        with cast.inside("sunny"):
            foreign = _definition().id
        cobalt = cast.account("Cobalt").id
        for name in ("client:launch", "client:create_available", "client:library_card", "client:available_card"):
            address = reverse(name, args=[cobalt, foreign])
            method = "get" if name.endswith("card") else "post"
            assert getattr(cast.visitor("carla"), method)(address).status_code == 404, name
        for name in ("staff:library_assignment", "staff:library_removal"):
            assert cast.visitor("lena").post(reverse(name, args=[cobalt, foreign])).status_code == 404, name
        form = {"definitions": [str(foreign)], "start": "on"}
        assert cast.visitor("lena").post(reverse("staff:add_assessment", args=[cobalt]), form).status_code == 422
        for name in ("staff:definition", "staff:definition_export", "staff:publication", "staff:deprecation"):
            address = reverse(name, args=[foreign])
            method = "get" if name in ("staff:definition", "staff:definition_export") else "post"
            assert getattr(cast.visitor("ada"), method)(address).status_code == 404, name
        with cast.inside():
            assert not Assessment.objects.filter(definition_id=foreign).exists()
            assert not LibraryEntry.objects.filter(definition_id=foreign).exists()

    def test_two_hats_do_not_add_up(self):
        """Theo executes for Alder & Finch and is a client of Cobalt: neither hat works in the other room."""
        theo, cobalt, alder = cast.visitor("theo"), cast.account("Cobalt").id, cast.account("Alder").id
        assert theo.get(reverse("staff:account_overview", args=[cobalt])).status_code == 404
        assert theo.get(reverse("staff:preview", args=[cobalt])).status_code == 404
        assert theo.get(reverse("client:home", args=[alder])).status_code == 302
        assert "/staff/" not in theo.get(reverse("client:home", args=[cobalt])).content.decode()


class TestThePreviewsAddress:
    @pytest.fixture(autouse=True)
    def _committed(self, fresh_database: str):
        """The preview's login sees only what is committed."""

    @pytest.mark.parametrize(
        "address",
        [
            "/preview/client/staff/",
            "/preview/client/preview/client/portal/{0}/",
            "/preview/client/portal/..%2F..%2F..%2Fstaff/",
            "/preview/CLIENT/portal/{0}/",
            "/preview//portal/{0}/",
            "/preview/client/account/login/",
            "/preview/client/operator/",
            "/preview/client/healthz",
        ],
    )
    def test_nothing_but_the_portal_is_behind_it(self, address: str):
        northwind = cast.account("Northwind").id
        assert cast.visitor("sam").get(address.format(northwind)).status_code == 404

    @pytest.mark.parametrize("field", ["next", "return_to"])
    def test_an_address_with_a_null_byte_is_no_address(self, field: str):
        northwind = cast.account("Northwind").id
        tab = reverse("staff:people" if field == "return_to" else "client:library", args=[northwind])
        form = {"viewpoint": "client", field: f"{tab}?q=\x00"}
        answer = cast.visitor("sam").post(reverse("staff:preview", args=[northwind]), form)
        assert answer.status_code == 303
        with cast.inside():
            assert AuditEntry.objects.filter(verb="preview.started").latest("created_at").details["return_to"] == ""


@pytest.mark.django_db
class TestHeaders:
    NO_ADDRESS = "http://[::1"

    def test_a_referer_that_is_no_address_is_no_page_to_return_to(self):
        question = reverse("staff:preview", args=[cast.account("Northwind").id])
        assert cast.visitor("sam").get(question, headers={"Referer": self.NO_ADDRESS}).status_code == 200

    @pytest.mark.parametrize("page", [NO_ADDRESS, "//evil.example/", "http://evil.example/"])
    def test_htmx_from_no_page_of_ours_is_sent_to_sign_in_and_the_door(self, page: str):
        answer = cast.visitor().get("/staff/", headers={"HX-Request": "true", "HX-Current-URL": page})
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == "/account/login/?next=%2F"

    def test_a_change_from_a_page_that_is_no_address_is_made(self):
        with cast.inside():
            run, sam = stage.released(), cast.viewer("sam", "Northwind")
            found = findings.create(by=sam, assessment=run, title="Something weak", severity="low")
            action = finding_actions.add(by=sam, finding=found, title="Mend it", owner=cast.person("priya"))
        headers = {"HX-Request": "true", "HX-Current-URL": self.NO_ADDRESS}
        of_client = reverse("client:action_state", args=[run.account_id, found.pk, action.pk])
        of_staff = stage.address("staff:finding_action_state", run, str(found.pk), str(action.pk))
        assert cast.visitor("priya").post(of_client, {"to": "under_way"}, headers=headers).status_code == 204
        assert cast.visitor("sam").post(of_staff, {"to": "done"}, headers=headers).status_code == 204

    def test_an_address_of_another_host_in_a_header_is_ignored(self):
        headers = {"X-Forwarded-Host": "sunny.localhost", "X-Original-URL": "/staff/", "X-Rewrite-URL": "/staff/"}
        body = cast.visitor().get(reverse("account_login"), headers=headers).content.decode()
        assert "Harbor" in body
        assert "Sunny" not in body


@pytest.mark.django_db
class TestHostileText:
    """What no form of Django's reads first: a null byte was a failed page, as the database takes none."""

    def test_null_bytes_in_what_people_write_are_left_out(self):
        with cast.inside():
            run, sam = stage.submitted(), cast.viewer("sam", "Northwind")
            asked = clarifications.ask(by=sam, assessment=run, question_key="edr", text="Servers, too?")
        edr, basics = stage.address("staff:verdict", run, "edr"), stage.address("staff:note", run, "basics", "gaps")
        said = {"verdict": "not_counted", "reason": "Not\x00 shown", "revision": "1"}
        assert cast.visitor("sam").post(edr, said).status_code == 303
        assert cast.visitor("sam").post(basics, {"text": "No\x00 tests", "revision": "0"}).status_code == 303
        reply = stage.address("client:clarification", run, str(asked.pk))
        assert (
            cast.visitor("priya").post(reply, {"text": "Ye\x00s", "answer": "all", "revision": "1"}).status_code == 303
        )
        with cast.inside():
            assert AnswerReview.objects.get(assessment=run).reason == "Not shown"
            assert SectionNote.objects.get(assessment=run).text == "No tests"
            assert asked.messages.filter(is_staff=False).get().text == "Yes"

    def test_a_question_that_is_none_is_confirmed_by_nobody(self):
        with cast.inside():
            run = stage.launched()
        answer = cast.visitor("priya").post(stage.address("client:confirmation", run, "basics"), {"seen-a\x00b": "1"})
        assert answer.status_code == 303

    @pytest.mark.parametrize("account", ["Northwind", ""])
    def test_ids_that_are_none_are_picked_by_nobody(self, account: str):
        with cast.inside():
            form = {
                "definition": str(_definition().id), "mode": "shared", "notify_at_percent": "80", "every_months": "0",
                "who": "pick" if account else "accounts", "people": ["\x00"], "accounts": ["\x00"],
            }  # fmt: skip
        new = reverse("staff:account_batch_new", args=[cast.account(account).id]) if account else "/staff/batches/new/"
        assert cast.visitor("sam").post(new, form).status_code == 422

    @pytest.mark.parametrize(
        "target", ["[", "staff:overview", "client:home", "//evil.example", "https://evil.example/"]
    )
    def test_nobody_is_sent_on_to_what_is_no_address_of_ours(self, target: str):
        with cast.inside():
            run = stage.launched()
        page = stage.address("staff:run_people", run)
        assert cast.visitor("sam").post(f"{page}reminders/", {"next": target})["Location"] == page


class TestRaces:
    def test_a_grant_revoked_meanwhile_does_not_come_back(self, fresh_database: str):
        """One change reads the memberships, another revokes and commits, the first one then reads the grants."""
        with cast.inside() as harbor:
            sam = cast.person("sam")
            system = cast.system()
            lost = Membership.objects.get(user=sam, account=cast.account("Juniper"))
        read, revoked = threading.Event(), threading.Event()
        usual = grants.expected_grants_of

        def slowly(user_ids, organization):
            found = usual(user_ids, organization)
            if threading.current_thread() is compiling:
                read.set()
                revoked.wait(1.5)
            return found

        def compile_again():
            try:
                with tenancy.scope(harbor.id):
                    grants.compile_for(sam, harbor)
            finally:
                connections.close_all()

        compiling = threading.Thread(target=compile_again)
        grants.expected_grants_of = slowly
        try:
            compiling.start()
            assert read.wait(5)
            with cast.inside():
                memberships.remove(by=system, membership=lost)
            revoked.set()
            compiling.join()
        finally:
            grants.expected_grants_of = usual
        with cast.inside():
            assert grants.drift(harbor) == []
        juniper = reverse("staff:account_overview", args=[cast.account("Juniper").id])
        assert cast.visitor("sam").get(juniper).status_code == 404

    def test_an_answer_saved_while_the_run_is_upgraded_is_one_to_the_newer_version(self, fresh_database: str):
        """It waits for the upgrade; joined with the version the run had before, the run was not there once."""
        with cast.inside():
            run = stage.launched(definition=stage.publish(stage.RICH))
            changed = stage.RICH | {"name": "Rich again"}
            to = definitions.import_draft(by=cast.system(), document=parse(changed))
            definitions.publish(by=cast.system(), definition=to.definition)
            priya, sam = cast.viewer("priya", "Northwind"), cast.viewer("sam", "Northwind")
        met: list[object] = []

        def save():
            try:
                with cast.inside():
                    met.append(stage.say(priya, run, "tested", "no").assessment.version.number)
            except Exception as error:
                met.append(error)
            finally:
                connections.close_all()

        saving = threading.Thread(target=save)
        with cast.inside():
            upgrades.upgrade(by=sam, assessment=run, to=to)
            saving.start()
            saving.join(0.5)
            assert saving.is_alive()
        saving.join(10)
        assert met == [2]


def person(email: str, role: str = "client") -> dict[str, str]:
    return {"name": "Robin Hale", "email": email, "role": role}


def _definition() -> Definition:
    return Definition.objects.get(key="vendor-risk")
