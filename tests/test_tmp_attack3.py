import re, json, itertools, os
from html.parser import HTMLParser
import pytest
from django.db import transaction
from django.urls import reverse
from tests import cast
from tests.access import test_routes as R
from accounts.checks import routes

pytestmark = pytest.mark.django_db
VALUES = ["", "\x00", "a\x00b", "9"*400, "-1", "1e400", "NaN", "inf", "x"*60000, "\u202e\ufdd0\U0010ffff", '{"a":"\\ud800"}', "[]", '{"__proto__":{"x":1},"":null}', "["*3000, "\r\nX-Evil: 1", "00000000-0000-0000-0000-000000000000", "question:../x", "question:", ":", "²", "٣", "<script>", "add:99999999999999999999", "add:-1.0", "up:", "a:b:c:d", "1_0", "True", "\x01\x7f", "question:entry-macros", "to:nothing", "²:²", "add:²"]
GETS = ["\x00", "²", "9"*50, "-1", "\r\n", "x"*5000, "%ff", "question:\x00", "[]"]
def fields():
    found=set()
    for d in ("library/staff","assessments/client","assessments/staff","library"):
        for f in os.listdir(d):
            if f.endswith(".py"):
                s=open(f"{d}/{f}").read()
                found|=set(re.findall(r'\.get(?:list)?\(\s*f?"([a-z_-]+)"',s)); found|=set(re.findall(r'^    (\w+) = forms\.',s,re.M))
    for d,_x,fs in os.walk("templates/library"):
        for f in fs: found|=set(re.findall(r'name="([a-z_-]+)"',open(f"{d}/{f}").read()))
    return sorted(found)
FIELDS=fields()
class Forms(HTMLParser):
    def __init__(s,b): super().__init__(); s.forms=[]; s.f=None; s.sel=None; s.ta=None; s.feed(b)
    def handle_starttag(s,t,a):
        a=dict(a)
        if t=="form": s.f={"action":a.get("action") or a.get("hx-post") or "", "method":a.get("method","get"),"data":[]}; s.forms.append(s.f)
        if t in("input","button","textarea","select") and a.get("name") and s.forms:
            (s.f or s.forms[-1])["data"].append((a["name"],a.get("value") or ""))
    def handle_endtag(s,t):
        if t=="form": s.f=None
bad=[]
def hit(v,method,address,data,headers={},**kw):
    try:
        with transaction.atomic():
            v.raise_request_exception=False
            try:
                r=getattr(v,method)(address,data,headers=headers,**kw)
                if r.streaming: list(r.streaming_content)
                code=r.status_code
            except Exception as e:
                code=f"EXC {type(e).__name__} {e}"[:200]; r=None
            exc=getattr(r,"exc_info",None)
            transaction.set_rollback(True)
    except Exception as e:
        code=f"TX {type(e).__name__}"; exc=None
    if not isinstance(code,int) or code>=500:
        import traceback
        where = traceback.extract_tb(exc[2])[-1] if exc else ""
        own=[f"{x.filename.split('/work/main/')[-1]}:{x.lineno}" for x in (traceback.extract_tb(exc[2]) if exc else []) if "/work/main/" in x.filename and ".venv" not in x.filename][-3:]
        key=(code,method,re.sub(r"[0-9a-f-]{36}","*",address)[:90],tuple(own), repr(exc[1])[:120] if exc else "")
        if key not in [b[0] for b in bad]:
            bad.append((key,str(data)[:140])); print("BAD",key,str(data)[:160],flush=True)
    return code
POSTS=[n for n,m in R.ROWS if m=="POST" and (n.startswith("staff:") or n.startswith("client:") or n=="public_trial")]
NEW=[n for n in POSTS if not re.search("account|person|site_new|staff:preview$|launch|create_avail",n)]
@pytest.mark.parametrize("name",NEW)
def test_post(name):
    with cast.inside("harbor"): address=R.address_of(name)
    who="priya" if name.startswith("client") else "" if name=="public_trial" else "ada"
    v=cast.visitor(who, at="harbor")
    base=R.DATA.get(name,{})
    for value in VALUES:
        for h in ({}, {"HX-Request":"true"}):
            hit(v,"post",address,{f:value for f in FIELDS if f!="seen"} ,h)
            hit(v,"post",address,{**base,**{f:value for f in FIELDS if f not in base}},h)
            for b in base: hit(v,"post",address,{**base,b:value},h)
    h={}
    hit(v,"post",address,{**base,"name":["a","b"],"part":["x","y"]})
    hit(v,"post",address,b"name=\xff\xfe&part=%ff%00&answers=%ed%a0%80",content_type="application/x-www-form-urlencoded")
    hit(v,"post",address,b"\xff\xfe\x00{",content_type="application/json")
    hit(v,"post",address,b"--x\r\nbroken",content_type="multipart/form-data; boundary=x")
    hit(v,"post",address,b"abc",content_type="multipart/form-data")
    hit(v,"post",address,b"name=a",content_type="application/x-www-form-urlencoded; charset=utf-16")
    hit(v,"post",address,b"name=a",content_type="application/x-www-form-urlencoded; charset=nonsense")
    assert not bad or True
GET=[n for n,m in R.ROWS if m=="GET" and (n.startswith("staff:") or n.startswith("client:") or n=="public_trial")]
@pytest.mark.parametrize("name",GET)
def test_get(name):
    with cast.inside("harbor"): address=R.address_of(name)
    who="priya" if name.startswith("client") else "" if name=="public_trial" else "ada"
    v=cast.visitor(who, at="harbor")
    P=["version","from","to","part","page","q","state","group","sort","verdict","show","as","pane","whole","question","score","row","add","go","answers","step","at"]
    for value in GETS:
        for h in ({}, {"HX-Request":"true"}):
            hit(v,"get",address,{p:value for p in P},h)
            for p in P: hit(v,"get",address,{p:value},h) if h=={} else 0
PAGES=["staff:editor","staff:scoring","staff:weights","staff:score","staff:samples","staff:sample","staff:condition","staff:recommendations","staff:children","staff:groups","staff:preview_links","client:question","staff:trial"]
PARTS=["","settings","question:entry-macros","section:","children","reference_values"]
@pytest.mark.parametrize("name",PAGES)
def test_forms(name):
    with cast.inside("harbor"): address=R.address_of(name)
    v=cast.visitor("priya" if name.startswith("client") else "ada", at="harbor")
    for part in (PARTS if name=="staff:editor" else [""]):
        r=v.get(address,{"part":part} if part else {})
        if r.status_code!=200: print(name,part,r.status_code); continue
        seen=set()
        for form in Forms(r.content.decode()).forms:
            to=form["action"] or r.wsgi_request.get_full_path() if False else (form["action"] or address)
            if "logout" in to or not form["data"]: continue
            names=sorted({n for n,_ in form["data"]})
            if (to,tuple(names)) in seen: continue
            seen.add((to,tuple(names)))
            names=names[:45]
            for n in names:
                for value in (["","\x00","9"*400,"1e400","NaN","x"*30000,"\x01","²","\ud7ff\U0010ffff","add:99999999999999999999","9e307", "-0"] if len(names)<20 else ["\x00","1e400","9e307","²","\x01"]):
                    data={}
                    for k,val in form["data"]: data.setdefault(k,[]).append(val)
                    data[n]=[value]
                    hit(v,"post",to,data,{"HX-Request":"true"})
            print(name,part,to[-60:],len(names))
