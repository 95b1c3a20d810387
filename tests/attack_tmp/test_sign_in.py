import re
import pytest
from django.core import mail
from tests import cast
from accounts.models import User, Membership

pytestmark = pytest.mark.django_db


def test_change_email():
    c = cast.visitor("carla")
    r = c.get("/account/email/")
    print("GET email", r.status_code, r.headers.get("Location"))
    r = c.post("/account/email/", {"action_add": "", "email": "future-hire@harbor.example"})
    print("add", r.status_code, r.headers.get("Location"), r.content[:200])
    r = c.post("/account/reauthenticate/?next=/account/email/", {"password": "lighthouse-demo"})
    print("reauth", r.status_code, r.headers.get("Location"))
    r = c.post("/account/email/", {"action_add": "", "email": "future-hire@harbor.example"})
    print("add", r.status_code, r.headers.get("Location"))
    r = c.post("/account/email/", {"action_primary": "", "email": "future-hire@harbor.example"})
    print("primary", r.status_code, r.headers.get("Location"))
    from allauth.account.models import EmailAddress

    print(list(EmailAddress.objects.values()), User.objects.filter(email__contains="future"))
    print([m.to for m in mail.outbox])
    assert not EmailAddress.objects.filter(email="future-hire@harbor.example").exists()


@pytest.mark.parametrize(
    "host", ["evil.localhost", "harbor.localhost:6666", "sunny.localhost", "testserver", "127.0.0.1"]
)
def test_reset_host(host):
    from django.test import Client

    c = Client(headers={"host": host})
    c.raise_request_exception = False
    r = c.post("/account/password/reset/", {"email": "carla@cobalt.example"})
    print(host, r.status_code, r.headers.get("Location"))
    for m in mail.outbox:
        print(m.subject, m.from_email, re.findall(r"https?://\S+", m.body))


@pytest.mark.parametrize(
    "n",
    [
        "https://sunny.localhost/",
        "https://evil.localhost/x",
        "//evil.com",
        "https://evil.com",
        "/\\evil.com",
        "javascript:alert(1)",
        "/portal/\r\nX: y",
    ],
)
def test_next(n):
    c = cast.visitor("")
    r = c.post("/account/login/", {"login": "carla@cobalt.example", "password": "lighthouse-demo", "next": n})
    print("login", n, r.status_code, r.headers.get("Location"))
    r = cast.visitor("carla").post("/account/logout/", {"next": n})
    print("logout", n, r.status_code, r.headers.get("Location"))


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/confirm-email/",
        "/account/confirm-email/abc/",
        "/account/login/code/confirm/",
        "/account/inactive/",
        "/account/password/set/",
        "/account/password/reset/key/zz-zz/",
        "/account/password/reset/key/%00-%00/",
        "/operator/",
        "/operator/login/",
        "/account/reauthenticate/",
        "/account/email/",
    ],
)
def test_open(path):
    for who in ("", "carla"):
        c = cast.visitor(who)
        c.raise_request_exception = False
        for m in ("get", "post"):
            r = getattr(c, m)(
                path,
                {
                    "email": "x@y.example",
                    "password1": "sdfjklwer34rfs",
                    "password2": "sdfjklwer34rfs",
                    "login": "a\x00b",
                    "password": "a\x00",
                }
                if m == "post"
                else {},
            )
            print(path, who, m, r.status_code, r.headers.get("Location"))


def test_operator_bruteforce():
    User.objects.create_superuser("op@x.example", "goodgoodgood", name="Op")
    c = cast.visitor("")
    codes = []
    for i in range(30):
        r = c.post("/operator/login/", {"username": "op@x.example", "password": f"bad{i}"})
        codes.append(r.status_code)
    r = c.post("/operator/login/?next=/operator/", {"username": "op@x.example", "password": "goodgoodgood"})
    print(codes, r.status_code, r.headers.get("Location"))
    codes = []
    for i in range(30):
        r = c.post("/account/login/", {"login": "carla@cobalt.example", "password": f"bad{i}"})
        codes.append(r.status_code)
    print(codes)


def test_stale_session_in_preview():
    c = cast.visitor("sam")
    c.raise_request_exception = False
    with cast.inside("harbor"):
        a = cast.account("Northwind").id
    c.post(f"/staff/accounts/{a}/preview/", {"viewpoint": "client"})
    r = c.get(f"/preview/client/portal/{a}/")
    print(r.status_code)
    u = cast.person("sam")
    u.set_password("other-password-1")
    u.save()
    r = c.get(f"/preview/client/portal/{a}/")
    print("stale", r.status_code, r.headers.get("Location"))


def test_hats():
    """Admin adds herself, and another org's people."""
    c = cast.visitor("ada")
    c.raise_request_exception = False
    with cast.inside("harbor"):
        a = cast.account("Cobalt").id
    for email in ("ada@harbor.example", "amara@sunnyridge.example", "lena@harbor.example"):
        r = c.post(f"/staff/accounts/{a}/people/new/", {"name": "X", "email": email, "role": "client"})
        print(email, r.status_code, r.headers.get("Location"), re.findall("already[^<]*", r.content.decode()))
    r = c.post(f"/staff/accounts/{a}/people/new/", {"name": "X", "email": "z@z.example", "role": "admin"})
    print("admin", r.status_code)
    r = c.get(f"/portal/{a}/")
    print("portal as ada", r.status_code, re.findall(r'href="(/[^"]*)"', r.content.decode())[:40])
    r = c.get(f"/portal/{a}/assessments/")
    print(r.status_code)
    with cast.inside("harbor"):
        from library.models import Definition

        d = Definition.objects.in_library_of(cast.account("Cobalt")).first().id
    r = c.post(f"/portal/{a}/library/{d}/launch/")
    print(r.status_code, r.headers.get("Location"))
