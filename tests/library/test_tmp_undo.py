import re
from pathlib import Path
import pytest
from playwright.sync_api import expect
from tests.library.test_rules_browser import *
def test_x(live_portal,new_page,definition):
    for w in (320,390):
      for name,args in (("editor",()),("scoring",())):
        page = enter(new_page(viewport={"width": w, "height": 844}, bypass_csp=True), live_portal, "sam")
        page.goto(live_portal.url(at(name, definition,*args)))
        page.evaluate(AXE)
        print("XX",w,name,page.evaluate(VIOLATIONS.replace("'#main'","document")), page.locator("#state").inner_html()[:600])
    assert 0
