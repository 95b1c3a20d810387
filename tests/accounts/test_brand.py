"""The brand's settings: saved whole and only over what was seen, kept as versions, brought back; host names; words."""

import io
import re
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts import addresses, tasks, tenancy
from accounts.actions import branding, words
from accounts.actions import hosts as host_actions
from accounts.brand import hosts
from accounts.brand.brand_images import Made
from accounts.mail import letters, mailing
from accounts.models import AuditEntry, BrandImage, BrandVersion, HostClaim, Organization, OrganizationHost
from tests import cast

pytestmark = pytest.mark.django_db

BRAND = "/staff/settings/branding/"
WORDS = "/staff/settings/words/"
HOSTS = "/staff/settings/branding/hosts/"


def values(**changed) -> dict:
    """This will be Harbor's brand, changed. Call it inside a scope."""
    return branding.values_of(Organization.objects.get(pk=cast.organization().pk)) | changed


def png(width: int = 120, height: int = 40) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(written, "PNG")
    return written.getvalue()


def kept(slot: str = "logo_light", content: bytes = b"a picture", who: str = "ada") -> BrandImage:
    return branding.add_picture(by=cast.viewer(who), slot=slot, made=Made(content, 120, 40))


def typed(**changed) -> dict[str, str]:
    """This will be the form as it stands, changed."""
    with cast.inside() as harbor:
        stored = branding.values_of(harbor)
    return {name: value or "" for name, value in stored.items()} | {"seen": "0"} | changed


# --- Saving --------------------------------------------------------------------------------------------------------------


def test_a_save_makes_a_version_and_says_what_changed() -> None:
    with cast.inside() as harbor:
        number = branding.save(by=cast.viewer("ada"), seen=0, values=values(brand_color="#ffd400", tab_title="Harbor"))
        first, second = BrandVersion.objects.order_by("number")
        assert (first.number, second.number, number) == (1, 2, 2), "how it was before is a version too"
        assert first.values["brand_color"] == "#3452d1" and second.values["brand_color"] == "#ffd400"
        assert first.saved_by is None and second.saved_by.name == "Ada Whitfield"
        entry = AuditEntry.objects.filter(verb="brand.changed").latest("created_at")
        assert entry.details["changes"] == {"brand_color": ["#3452d1", "#ffd400"], "tab_title": ["", "Harbor"]}
        harbor.refresh_from_db()
        assert harbor.brand_color == "#ffd400"


def test_saving_what_holds_already_makes_no_version() -> None:
    with cast.inside():
        assert branding.save(by=cast.viewer("ada"), seen=0, values=values()) == 0
        assert not BrandVersion.objects.exists()


def test_two_who_saw_the_same_cannot_both_save() -> None:
    with cast.inside():
        branding.save(by=cast.viewer("ada"), seen=0, values=values(name="First"))
        with pytest.raises(branding.BrandChanged) as changed:
            branding.save(by=cast.viewer("ada"), seen=0, values=values(name="Second"))
        assert changed.value.standing.number == 2
        assert Organization.objects.get(pk=cast.organization().pk).name == "First"


def test_an_earlier_version_comes_back_with_its_pictures() -> None:
    with cast.inside() as harbor:
        ada = cast.viewer("ada")
        logo = kept()
        branding.save(by=ada, seen=0, values=values(logo_light=str(logo.pk)))
        branding.save(by=ada, seen=2, values=values(logo_light=None, brand_color="#000000"))
        assert branding.restore(by=ada, seen=3, number=2) == 4
        harbor.refresh_from_db()
        assert (harbor.logo_light_id, harbor.brand_color) == (logo.pk, "#3452d1")
        assert BrandVersion.objects.get(number=4).restored_from == 2
        with pytest.raises(branding.BrandChanged):
            branding.restore(by=ada, seen=3, number=1)


def test_a_picture_of_another_organization_is_none() -> None:
    with tenancy.scope(cast.organization("sunny").pk):
        theirs = kept(who="amara")
    with cast.inside():
        with pytest.raises(ValidationError):
            branding.save(by=cast.viewer("ada"), seen=0, values=values(logo_light=str(theirs.pk)))
        assert Organization.objects.get(pk=cast.organization().pk).logo_light_id is None


@pytest.mark.parametrize("who", ["sam", "dana", "priya", "lena"])
def test_only_who_may_change_settings_changes_the_brand(who: str) -> None:
    with cast.inside():
        by = cast.viewer(who)
        claim = HostClaim(organization=by.organization, host="a.example.com", token="x")
        own = OrganizationHost.objects.get(organization=by.organization)
        for act in (
            lambda: branding.save(by=by, seen=0, values=values(name="Mine")),
            lambda: branding.restore(by=by, seen=0, number=1),
            lambda: branding.add_picture(by=by, slot="favicon", made=Made(b"x", 16, 16)),
            lambda: words.save(by=by, seen=words.mark_of({}), typed={}),
            lambda: host_actions.claim(by=by, host="a.example.com"),
            lambda: host_actions.settle(by=by, claim=claim, missing=[]),
            lambda: host_actions.withdraw(by=by, claim=claim),
            lambda: host_actions.remove(by=by, host=own, at=""),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_pictures_nobody_saved_are_gone_after_a_day_and_those_of_history_stay() -> None:
    with cast.inside():
        ada = cast.viewer("ada")
        saved, tried, fresh = kept(content=b"1"), kept(content=b"2"), kept(content=b"3")
        branding.save(by=ada, seen=0, values=values(logo_light=str(saved.pk)))
        branding.save(by=ada, seen=2, values=values(logo_light=None))
        long_ago = saved.created_at.replace(year=2020)
        BrandImage.objects.filter(pk__in=[saved.pk, tried.pk]).update(created_at=long_ago)
        branding.save(by=ada, seen=3, values=values(tab_title="Anything"))
        assert set(BrandImage.objects.values_list("pk", flat=True)) == {saved.pk, fresh.pk}


# --- The page ------------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_typed_before_it_is_saved() -> None:
    ada = cast.visitor("ada")
    answer = ada.post(BRAND, typed(brand_color="FD0", secondary_color="1d5bc7", sign_in_headline="Steady", look="on"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Your yellow gets dark text (13" in page and "Links use a darker shade" in page
    assert "brand_color=%23ffdd00" in page and "sign_in_headline=Steady" in page and "data-is-unsaved" in page
    with cast.inside() as harbor:
        assert harbor.brand_color == "#3452d1" and not BrandVersion.objects.exists()
    for screen in ("home", "sign-in", "mail"):
        address = f"{BRAND}preview/{screen}/?{urlencode(typed(brand_color='#ffdd00', name='New name', theme='dark'))}"
        shown = ada.get(address)
        assert shown.status_code == 200 and "New name" in shown.content.decode()
        assert shown["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in shown["Content-Security-Policy"]
        assert (
            "<script" not in shown.content.decode()
            and "unsafe-inline" not in shown["Content-Security-Policy"].partition("style-src")[0]
        )
    assert ada.get(f"{BRAND}preview/anything/").status_code == 404


def test_a_preview_takes_no_value_it_would_not_save() -> None:
    wrong = {"brand_color": "red;}*{", "name": "<b>x</b>", "logo_light": "../../etc", "theme": "x"}
    shown = cast.visitor("ada").get(f"{BRAND}preview/sign-in/?{urlencode(wrong)}").content.decode()
    assert "red;}" not in shown and "<b>x</b>" not in shown and "/brand/3452d1." in shown


def test_saving_and_restoring_by_forms_alone() -> None:
    ada = cast.visitor("ada")
    answer = ada.post(BRAND, typed(name="Harbor &amp; Sons", brand_color="#ffd400", save="on"))
    assert answer.status_code == 303 and answer["Location"] == BRAND
    history = ada.get(f"{BRAND}history/").content.decode()
    assert "Version 2" in history and "How it was at first" in history and "#3452d1 → #ffd400" in history
    assert ada.post(f"{BRAND}history/1/restoration/", {"seen": "1"}).status_code == 409
    assert ada.post(f"{BRAND}history/9/restoration/", {"seen": "2"}).status_code == 404
    assert ada.post(f"{BRAND}history/1/restoration/", {"seen": "2"}).status_code == 303
    with cast.inside() as harbor:
        assert (harbor.name, harbor.brand_color) == ("Harbor IT", "#3452d1")


def test_a_save_over_somebody_elses_is_409_and_loses_nothing() -> None:
    ada = cast.visitor("ada")
    ada.post(BRAND, typed(support_phone="+1 555 0100", save="on"))
    answer = ada.post(BRAND, typed(name="Mine", seen="0", save="on"))
    page = answer.content.decode()
    assert answer.status_code == 409 and 'value="Mine"' in page and "+1 555 0100" in page
    assert 'name="seen" value="2"' in page, "saved again, it is saved over theirs knowingly"


@pytest.mark.parametrize(
    ("field", "value"),
    [("brand_color", "red"), ("brand_color", ""), ("secondary_color", "#12"), ("name", " "), ("support_email", "nobody"),
     ("tab_title", "x" * 61), ("sign_in_headline", "x" * 121), ("sign_in_text", "x" * 501)],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(field: str, value: str) -> None:
    answer = cast.visitor("ada").post(BRAND, typed(**{field: value, "save": "on"}))
    assert answer.status_code == 422 and re.search(
        rf'<[^>]*aria-invalid="true"[^>]*id="brand-{field}"', answer.content.decode()
    )


def test_the_picker_counts_without_javascript_where_the_text_was_left() -> None:
    picked = {"brand_color_picked": "#00aa55", "brand_color_picked_was": "#3452d1", "brand_color_was": "#3452d1"}
    ada = cast.visitor("ada")
    ada.post(BRAND, typed(**picked, save="on"))
    with cast.inside() as harbor:
        assert harbor.brand_color == "#00aa55"


def test_a_picture_is_shown_before_saving_kept_when_saved_and_removed() -> None:
    ada = cast.visitor("ada")
    file = SimpleUploadedFile("logo.png", png(), "image/png")
    page = ada.post(BRAND, typed(look="on", file_logo_light=file)).content.decode()
    found = re.search(r'name="logo_light" value="([0-9a-f-]{36})"', page)
    assert found and f"logo_light={found[1]}" in page
    ada.post(BRAND, typed(logo_light=found[1], save="on"))
    assert f"/brand/pictures/{found[1]}.png" in cast.visitor().get("/account/login/").content.decode()
    ada.post(BRAND, typed(seen="2", remove_logo_light="on", save="on"))
    assert "/brand/pictures/" not in cast.visitor().get("/account/login/").content.decode()


def test_a_refused_picture_is_said_at_its_slot_and_what_was_typed_stays() -> None:
    file = SimpleUploadedFile("logo.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml")
    answer = cast.visitor("ada").post(BRAND, typed(name="New", save="on", file_favicon=file))
    page = answer.content.decode()
    assert answer.status_code == 422 and "This SVG contains a script" in page and 'value="New"' in page
    assert "alert(1)" not in page


def test_the_number_of_queries_does_not_grow_with_history(django_assert_max_num_queries) -> None:
    with cast.inside():
        for number in range(30):
            branding.save(
                by=cast.viewer("ada"), seen=number + 1 if number else 0, values=values(tab_title=f"T{number}")
            )
    ada = cast.visitor("ada")
    ada.get(f"{BRAND}history/")
    with django_assert_max_num_queries(24):
        page = ada.get(f"{BRAND}history/").content.decode()
    assert page.count("brand-version-main") == 25


# --- Used everywhere ------------------------------------------------------------------------------------------------------


def test_the_brand_stands_where_nobody_is_signed_in() -> None:
    with cast.inside() as harbor:
        icon, logo = kept("favicon", b"icon"), kept("logo_light", b"logo")
        branding.save(
            by=cast.viewer("ada"),
            seen=0,
            values=values(
                brand_color="#ffd400", favicon=str(icon.pk), logo_light=str(logo.pk), tab_title="Harbor Portal",
                sign_in_headline="Steady", sign_in_text="Through every storm", support_name="Harbor desk",
                support_email="desk@harbor.example", support_phone="+1 555 0100",
            ),
        )  # fmt: skip
        html = letters.as_html(
            Organization.objects.get(pk=harbor.pk), mailing.Content("Hi", (mailing.Paragraph("Text"),))
        )
        assert f"{addresses.origin_of(harbor)}/brand/pictures/{logo.pk}.png" in html and "Harbor desk" in html
    for address, status in (
        ("/account/login/", 200),
        ("/account/password/reset/", 200),
        ("/nowhere/", 404),
        ("/r/unknown/", 410),
    ):
        answer = cast.visitor().get(address)
        page = answer.content.decode()
        assert answer.status_code == status, address
        assert "/brand/ffd400." in page and f"/brand/pictures/{logo.pk}.png" in page, address
        assert f'rel="icon" href="/brand/pictures/{icon.pk}.png"' in page and "Harbor Portal</title>" in page
        assert 'name="theme-color" content="#ffd400"' in page
    page = cast.visitor().get("/account/login/").content.decode()
    assert "Steady" in page and "Through every storm" in page and "Harbor desk" in page and "+1 555 0100" in page
    neutral = cast.visitor(at="nobody").get("/account/login/").content.decode()
    assert "Harbor" not in neutral and "/brand/3452d1." in neutral and "/brand/pictures/" not in neutral


def test_a_stylesheet_of_colors_is_served_for_good() -> None:
    for name in ("ffd400", "ffd400-1d5bc7", "ffd400-1d5bc7.0a1b2c3d"):
        answer = cast.visitor().get(f"/brand/{name}.css")
        assert (
            answer.status_code == 200
            and "immutable" in answer["Cache-Control"]
            and answer["Content-Type"] == "text/css"
        )
    for name in ("ffd40", "FFD400", "ffd400-", "ffd400-1d5bc7-000000", "ffd400.zz", "ffd400;x"):
        assert cast.visitor().get(f"/brand/{name}.css").status_code == 404, name


# --- Host names -----------------------------------------------------------------------------------------------------------


def answers(monkeypatch: pytest.MonkeyPatch, **known: str) -> None:
    """This will be the name service: a name ends in what it knows, everything else has no address."""

    def resolve(name: str) -> frozenset[str]:
        return frozenset(
            {known[name.replace(".", "_").replace("-", "__")]}
            if name.replace(".", "_").replace("-", "__") in known
            else ()
        )

    monkeypatch.setattr(hosts, "resolve", resolve)


def test_a_name_leads_nowhere_until_both_records_are_there(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:  # fmt: skip
    monkeypatch.setattr(hosts, "new_token", lambda: "abc")
    ada = cast.visitor("ada")
    assert ada.post(HOSTS, {"host": "https://Care.Localhost/"}).status_code == 303
    page = ada.get(HOSTS).content.decode()
    assert "care.localhost" in page and "portal-abc.care.localhost" in page and "harbor.localhost" in page
    with cast.inside():
        claim = HostClaim.objects.get()

    def check() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert ada.post(f"{HOSTS}{claim.pk}/check/").status_code == 303

    assert "Sunny" not in cast.visitor(at="care").get("/account/login/").content.decode()

    answers(monkeypatch, harbor_localhost="10.0.0.1")
    check()
    page = ada.get(HOSTS).content.decode()
    assert "does not lead to the portal yet" in page and "second record was not found" in page
    assert "Harbor" not in cast.visitor(at="care").get("/account/login/").content.decode()

    answers(monkeypatch, harbor_localhost="10.0.0.1", care_localhost="10.0.0.1", portal__abc_care_localhost="10.0.0.9")
    check()
    assert "second record was not found" in ada.get(HOSTS).content.decode()

    answers(monkeypatch, harbor_localhost="10.0.0.1", care_localhost="10.0.0.1", portal__abc_care_localhost="10.0.0.1")
    check()
    assert "Harbor" in cast.visitor(at="care").get("/account/login/").content.decode()
    with cast.inside():
        assert not HostClaim.objects.exists()
        assert AuditEntry.objects.filter(verb="host.added", object_label="care.localhost").exists()


def test_where_every_name_leads_here_the_second_record_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "resolve", lambda name: frozenset({"10.0.0.1"}))
    assert hosts.missing("a.example.com", "t", "harbor.localhost") == [hosts.PROVES_NOTHING]


def test_a_name_service_that_hangs_does_not_hang_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    released = threading.Event()
    monkeypatch.setattr(hosts, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(hosts, "resolve", lambda name: released.wait(5) and frozenset())
    try:
        assert hosts.missing("a.example.com", "t", "harbor.localhost") == [hosts.NO_ANSWER]
    finally:
        released.set()


def test_the_page_of_a_check_does_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:  # fmt: skip
    def resolve(name: str) -> frozenset[str]:
        raise AssertionError("the name service is asked by the job")

    monkeypatch.setattr(hosts, "resolve", resolve)
    ada = cast.visitor("ada")
    with cast.inside():
        claim = host_actions.claim(by=cast.viewer("ada"), host="care.localhost")
    with django_capture_on_commit_callbacks() as waiting:
        page = ada.post(f"{HOSTS}{claim.pk}/check/", follow=True).content.decode()
        again = ada.post(f"{HOSTS}{claim.pk}/check/")
    assert len(waiting) == 1 and again.status_code == 303, "one check at a time"
    assert "Checking…" in page and 'hx-trigger="every 2s"' in page and "disabled" in page
    answers(monkeypatch)
    for job in waiting:
        job()
    part = ada.get(HOSTS, headers={"HX-Request": "true"}).content.decode()
    assert "did not answer in time" in part and "every 2s" not in part, "what has ended is not asked for"
    assert "<html" not in part


def test_a_check_that_never_ends_says_so() -> None:
    ada = cast.visitor("ada")
    with cast.inside():
        claim = host_actions.claim(by=cast.viewer("ada"), host="care.localhost")
        host_actions.begin_check(by=cast.viewer("ada"), claim=claim)
        HostClaim.objects.update(checked_at=timezone.now() - hosts.CHECK_TAKES)
    page = ada.get(HOSTS).content.decode()
    assert "The check did not come to an end" in page and "every 2s" not in page


def test_a_check_looks_again_at_who_asked_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "resolve", lambda name: frozenset({"1"} if "-" not in name or "abc" in name else ()))
    monkeypatch.setattr(hosts, "new_token", lambda: "abc")
    harbor = str(cast.organization().pk)
    with cast.inside():
        claim = host_actions.claim(by=cast.viewer("ada"), host="care.localhost")
    tasks.check_host(harbor, str(claim.pk), str(cast.person("sam").pk))
    with cast.inside():
        assert not OrganizationHost.objects.filter(host="care.localhost").exists(), "sam is no Admin"
        host_actions.withdraw(by=cast.viewer("ada"), claim=claim)
    tasks.check_host(harbor, str(claim.pk), str(cast.person("ada").pk))
    with cast.inside():
        assert not OrganizationHost.objects.filter(host="care.localhost").exists(), "nobody waits for it any more"


def test_a_name_of_another_organization_can_never_be_taken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:  # fmt: skip
    ada = cast.visitor("ada")
    answer = ada.post(HOSTS, {"host": "sunny.localhost"})
    assert answer.status_code == 422 and "cannot be used here" in answer.content.decode()
    with cast.inside():
        claim = host_actions.claim(by=cast.viewer("ada"), host="later.localhost")
    with tenancy.scope(cast.organization("sunny").pk):
        theirs = host_actions.claim(by=cast.viewer("amara"), host="later.localhost")
        host_actions.settle(by=cast.viewer("amara"), claim=theirs, missing=[])
    with cast.inside(), pytest.raises(ValidationError):
        host_actions.settle(by=cast.viewer("ada"), claim=claim, missing=[])
    monkeypatch.setattr(
        hosts, "resolve", lambda name: frozenset({"1"} if "-" not in name or claim.token in name else ())
    )
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(f"{HOSTS}{claim.pk}/check/")
    assert "later.localhost cannot be used here" in ada.get(HOSTS).content.decode()
    with tenancy.scope(cast.organization("sunny").pk):
        assert OrganizationHost.objects.get(host="later.localhost").organization_id == cast.organization("sunny").pk


def test_neither_the_last_name_nor_the_one_in_use_is_removed() -> None:
    ada = cast.visitor("ada")
    with cast.inside() as harbor:
        first = OrganizationHost.objects.get(organization=harbor)
    assert ada.post(f"{HOSTS}{first.pk}/removal/").status_code == 409
    with cast.inside() as harbor:
        other = OrganizationHost.objects.create(organization=harbor, host="care.localhost")
    assert ada.post(f"{HOSTS}{first.pk}/removal/").status_code == 409, "one is here under it"
    with tenancy.scope(cast.organization("sunny").pk):
        theirs = OrganizationHost.objects.get(organization=cast.organization("sunny"))
    assert ada.post(f"{HOSTS}{theirs.pk}/removal/").status_code == 404
    assert ada.post(f"{HOSTS}{other.pk}/removal/").status_code == 303
    assert "Harbor" not in cast.visitor(at="care").get("/account/login/").content.decode()


@pytest.mark.parametrize(
    ("said", "host"),
    [("https://Portal.Example.com/x", "portal.example.com"), ("portal.example.com.", "portal.example.com"),
     ("bücher.example", "xn--bcher-kva.example")],
)  # fmt: skip
def test_a_name_is_stored_as_names_are(said: str, host: str) -> None:
    assert hosts.cleaned(said) == host


@pytest.mark.parametrize(
    "said",
    ["", "localhost", "10.0.0.1", "[::1]", "a_b.example.com", "-a.example.com", "a..com", "a b.com", "x" * 64 + ".com",
     "*.example.com", "a.com:80", "user@a.com", "1.2.3", "a." * 120 + "com"],
)  # fmt: skip
def test_what_is_no_name_is_refused(said: str) -> None:
    with pytest.raises(ValidationError):
        hosts.cleaned(said)


# --- Words ----------------------------------------------------------------------------------------------------------------


def said(**changed: str) -> dict[str, str]:
    with cast.inside() as harbor:
        return {"seen": words.mark_of(harbor.terminology)} | changed


def test_words_are_shown_in_a_sentence_saved_used_and_reset() -> None:
    ada = cast.visitor("ada")
    new = {"assessment_one": "Audit", "assessment_many": "Audits"}
    page = ada.post(WORDS, said(**new, look="on")).content.decode()
    assert "Start an audit. Your Audits lists all audits" in page and ">Assessments<" in page
    assert ada.post(WORDS, said(**new, save="on")).status_code == 303
    page = ada.get("/staff/").content.decode()
    assert "Audits" in page and "Assessments<" not in page
    with cast.inside():
        entry = AuditEntry.objects.filter(verb="words.changed").latest("created_at")
        assert entry.details["changes"] == {"assessment": ["", "Audit / Audits"]}
    assert ada.post(WORDS, said(reset="on")).status_code == 303
    with cast.inside() as harbor:
        assert harbor.terminology == {}


def test_words_somebody_else_changed_meanwhile_are_409() -> None:
    ada = cast.visitor("ada")
    seen = said()["seen"]
    ada.post(WORDS, said(client_one="Member", client_many="Members", save="on"))
    answer = ada.post(WORDS, {"seen": seen, "client_one": "Guest", "client_many": "Guests", "save": "on"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Member / Members" in page and 'value="Guest"' in page


@pytest.mark.parametrize(
    ("one", "many", "message"),
    [("<b>x</b>", "x", "Use letters"), ("A" * 41, "x", "at most 40"), ("Audit", "", "Enter the plural too")],
)
def test_a_word_that_is_none_is_refused_at_its_field(one: str, many: str, message: str) -> None:
    answer = cast.visitor("ada").post(WORDS, said(assessment_one=one, assessment_many=many, save="on"))
    page = answer.content.decode()
    assert answer.status_code == 422 and message in page and "<b>x</b>" not in page
