import os

from library.models import Definition
from portal.demo import content
from tests.cast import account, inside, organization, visitor

OUT = "/tmp/staffshots"
os.makedirs(OUT, exist_ok=True)
WHICH = os.environ.get("SHOTS", "").split(",")


def sign_in(page, live, who):
    client = visitor(who)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live.url("/")}])


def test_shots(live_portal, new_page, browser_errors):
    content.play(organization())
    north = account("Northwind")
    with inside():
        d = Definition.objects.get(key="business-resilience")
        import datetime

        from django.utils import timezone

        from assessments.models import Assessment

        Assessment.objects.filter(answered_count=0).update(created_at=timezone.now() - datetime.timedelta(days=30))
    pages = {
        "overview": "/staff/",
        "attention": "/staff/?view=attention",
        "accounts": "/staff/accounts/",
        "new": "/staff/accounts/new/",
        "library": "/staff/library/",
        "import": "/staff/library/import/",
        "definition": f"/staff/library/{d.id}/",
        "account": f"/staff/accounts/{north.id}/",
        "assessments": f"/staff/accounts/{north.id}/assessments/",
        "add": f"/staff/accounts/{north.id}/assessments/new/",
        "people": f"/staff/accounts/{north.id}/people/",
        "person": f"/staff/accounts/{north.id}/people/new/",
        "preview": f"/staff/accounts/{north.id}/preview/",
    }
    for who, view, scheme, names in [
        ("sam", (1440, 900), "light", None),
        ("ada", (1440, 900), "dark", None),
        ("ada", (390, 844), "light", None),
        ("ada", (320, 700), "light", None),
    ]:
        page = new_page(viewport={"width": view[0], "height": view[1]}, color_scheme=scheme)
        sign_in(page, live_portal, who)
        for name, path in pages.items():
            if WHICH != [""] and name not in WHICH:
                continue
            r = page.goto(live_portal.url(path))
            print(who, name, r.status, len(r.body()))
            w = page.evaluate("document.documentElement.scrollWidth")
            if w > view[0]:
                print("   OVERFLOW", name, view, w)
            if view[0] != 320:
                page.screenshot(path=f"{OUT}/{name}-{who}-{view[0]}-{scheme}.png")
                if view[0] == 390:
                    page.screenshot(path=f"{OUT}/{name}-{who}-{view[0]}-{scheme}-full.png", full_page=True)
        page.context.close()
    browser_errors.allow("40[34]")
