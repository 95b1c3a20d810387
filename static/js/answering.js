// Answering: no answer is lost. Each change is first written to a queue in this browser, then sent, in the order it was
// given; it leaves the queue only when the server says it is stored. The queue belongs to one person and one assessment,
// so another person at the same browser never sends it. Without JavaScript, Next and Back submit the form and everything
// works as well.
//
// The page:   [data-runner data-assessment data-user] around the forms, with data-presence and data-ahead (addresses);
//             form[data-autosave data-part] inside #<part> (question-form where it names none), posting to the
//             question's own address, with a hidden input "revision"; among other questions also data-prefix, which
//             stands before the names of its fields; #saved for the state; [data-next] is the Next button.
// The server: 200/204 with X-Answer-Revision when stored (again the same value on a stale revision counts as stored);
//             409 another person was quicker, 422 not acceptable: both with the #<part> part;
//             401 with HX-Redirect to sign-in.
(() => {
  const host = document.querySelector("[data-runner]");
  if (!host) return;

  const KEY = `portal.answers.${host.dataset.user}.${host.dataset.assessment}`;
  const NOT_ANSWERS = new Set(["csrfmiddlewaretoken", "revision", "in", "standing"]);
  const TYPING_PAUSE = 800;
  const RETRY_FIRST = 4000;
  const RETRY_MOST = 60000;
  const NEWS_EVERY = 20000;
  const PATIENCE = 5000;          // how long a network that may be gone is waited for
  const AHEAD_FOR = 600000;       // how long pages fetched ahead are good

  let memory = null;            // stands in when the browser refuses storage
  let refused = new Set();      // sent once on this page and not accepted: waits for a change, not for a timer
  let sending = null;
  let underway = "";            // the stamp of what is being sent
  let leaving = false;
  let isCut = !navigator.onLine;  // the last request found no network
  let lastContact = Date.now();
  let typingTimer, retryTimer, savedTimer;
  let retryAfter = RETRY_FIRST;

  const word = (name) => document.getElementById("run-words")?.dataset[name] ?? portal.word(name);

  // ---- the queue: [{url, fields, revision, page, stamp}], oldest first -------------------------------------------

  const read = () => {
    if (memory) return memory;
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) ?? [];
      return Array.isArray(kept) ? kept : Object.entries(kept).map(([url, entry]) => ({ ...entry, url }));
    } catch { return []; }
  };

  const write = (entries) => {
    try {
      if (entries.length) localStorage.setItem(KEY, JSON.stringify(entries));
      else localStorage.removeItem(KEY);
      memory = null;
    } catch {
      // Private windows and full disks: memory holds it while the page is open.
      memory = entries;
    }
  };

  const change = (edit) => { const entries = read(); write(edit(entries) ?? entries); };
  const drop = (test) => change((entries) => entries.filter((entry) => !test(entry)));
  const waits = (url) => read().some((entry) => entry.url === url);
  const latest = (url) => read().findLast((entry) => entry.url === url);

  // Somebody who comes back by a new link has another address in front of the same pages.
  const LINK = /^\/with\/[0-9a-f-]+(?=\/)/;
  const PREFIX = LINK.exec(location.pathname)?.[0] ?? "";
  const plain = (path) => path.replace(LINK, "");

  // ---- the forms -------------------------------------------------------------------------------------------------

  const forms = () => [...document.querySelectorAll("form[data-autosave]")];
  const pathOf = (address) => { const url = new URL(address || location.href, location.href); return url.pathname + url.search; };
  const address = (form) => plain(pathOf(form.getAttribute("action")));
  const formAt = (url) => forms().find((form) => address(form) === url);
  const partOf = (form) => form.dataset.part ?? "question-form";
  const isAmongOthers = (form) => Boolean(form.dataset.prefix);
  const revisionOf = (form) => form.querySelector('input[name="revision"]');
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

  // The form keys are meant for: the one with the focus, else the first one to be seen.
  const currentForm = () => {
    const focused = document.activeElement?.closest?.("form[data-autosave]");
    if (focused) return focused;
    const all = forms();
    return all.find((form) => form.getBoundingClientRect().bottom > 160) ?? all[0];
  };

  // Names as they are when the question stands alone, whichever page it stands on.
  const nameIn = (form, name) => {
    const { prefix } = form.dataset;
    return prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name;
  };

  const fieldsOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_ANSWERS.has(name))
    .map(([name, value]) => [nameIn(form, name), value]);

  // What the server is known to hold, so that leaving a field sends nothing again.
  const held = new Map();

  const capture = (form, isMeant = false) => {
    const url = address(form);
    const fields = fieldsOf(form);
    if (!isMeant && !waits(url) && held.get(url) === JSON.stringify(fields)) return;
    const entry = { url, fields, revision: revisionOf(form)?.value ?? "", page: plain(pathOf(location.href)), stamp: `${Date.now()}.${Math.random()}` };
    const wasRefused = refused.delete(url);
    change((entries) => {
      const kept = wasRefused ? entries.filter((other) => other.url !== url) : entries;
      // Typing goes on at the same question: one entry. What is under way stays what it is.
      const last = kept.at(-1);
      if (last?.url === url && last.stamp !== underway) kept.pop();
      return [...kept, entry];
    });
  };

  const restore = (form, fields) => {
    for (const control of form.elements) {
      if (!control.name || NOT_ANSWERS.has(control.name) || ["file", "submit", "button", "hidden"].includes(control.type)) continue;
      const values = fields.filter(([name]) => name === nameIn(form, control.name)).map(([, value]) => value);
      if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
      else if (values.length) control.value = values[0];
    }
  };

  // ---- what the person sees --------------------------------------------------------------------------------------

  const show = (state, text, { retry = false, page = "" } = {}) => {
    const place = document.getElementById("saved");
    if (!place) return;
    clearTimeout(savedTimer);
    place.dataset.state = state;
    place.querySelector("[data-saved-text]").textContent = text;
    const button = place.querySelector("[data-saved-retry]");
    if (button) button.hidden = !retry;
    const link = place.querySelector("[data-saved-link]");
    if (link) { link.hidden = !page; if (page) link.href = PREFIX + page; }
  };

  const showSaving = () => show("saving", word("saving"));

  const showSaved = () => {
    show("saved", word("saved"));
    savedTimer = setTimeout(() => show("saved", word("savedEarlier")), 60000);
  };

  const showFailed = () => {
    const here = new Set(forms().map(address));
    const elsewhere = read().find(({ url }) => refused.has(url) && !here.has(url));
    if (elsewhere) show("failed", word("notSavedElsewhere"), { page: elsewhere.page });
    else show("failed", word("notSaved"), { retry: isWaiting() });
  };

  const isFailed = () => document.getElementById("saved")?.dataset.state === "failed";

  // Said as long as there is no network: how many answers wait in this browser.
  const showNetwork = (more = "") => {
    const place = document.getElementById("run-offline");
    if (!place) return;
    place.hidden = !isCut;
    if (!isCut) return;
    const count = new Set(read().map(({ url }) => url)).size;
    const text = count ? word(count === 1 ? "offlineOne" : "offlineMany").replace("NUMBER", count) : word("offlineNone");
    place.querySelector("[data-offline-text]").textContent = more ? `${text} ${more}` : text;
    if (more) place.scrollIntoView({ block: "nearest" });
  };

  const met = () => { lastContact = Date.now(); if (isCut) { isCut = false; showNetwork(); } };
  const cut = () => { isCut = true; showNetwork(); };

  // ---- sending ---------------------------------------------------------------------------------------------------

  // Out-of-band parts: progress, counts, questions that an answer brings or takes away.
  const bringAlong = async (text) => {
    if (text.includes("hx-swap-oob")) await htmx.swap({ text, swap: "none", target: document.body, sourceElement: document.body });
  };

  const stored = async (entry, response) => {
    const revision = response.headers.get("X-Answer-Revision");
    change((entries) => {
      const kept = entries.filter((other) => other.stamp !== entry.stamp);
      // Changed again meanwhile: what is newer builds on what was just stored.
      if (revision !== null) for (const other of kept) if (other.url === entry.url && other.revision === entry.revision) other.revision = revision;
      return kept;
    });
    const form = formAt(entry.url);
    if (form && revision !== null && revisionOf(form)) revisionOf(form).value = revision;
    form?.querySelector("[data-carried]")?.remove();
    held.set(entry.url, JSON.stringify(entry.fields));
    remember(entry.url, entry.fields, revision);
    await bringAlong(response.status === 204 ? "" : await response.text());
  };

  const refuse = async (entry, response) => {
    const text = await response.text();
    const { url } = entry;
    // Changed again meanwhile: the newer value is tried first, and the form stays as it is typed.
    if (latest(url)?.stamp !== entry.stamp) { drop((other) => other.stamp === entry.stamp); return; }
    refused.add(url);
    held.delete(url);
    const part = formAt(url) && partOf(formAt(url));
    if (![409, 422].includes(response.status) || !part || !text.includes(`id="${part}"`)) return;
    const focused = document.activeElement?.name;
    const hadFocus = formAt(url).contains(document.activeElement);
    const swapped = htmx.swap({ text, swap: "outerHTML", target: `[id="${part}"]`, select: `[id="${part}"]`, sourceElement: document.body });
    // The new form stands at once, the swap settles later: what was typed is back before the next key arrives.
    const form = formAt(url);
    // The conflict note shows both answers itself; everywhere else what was typed stays typed.
    const isConflict = form?.querySelector("[data-conflict]");
    if (form && !isConflict) restore(form, entry.fields);
    await swapped;
    if (form && hadFocus && focused && !isConflict && !form.querySelector("[data-error-summary]")) form.elements.namedItem(focused)?.focus?.();
    if (isConflict && isAmongOthers(form)) form.querySelector("[autofocus]")?.focus();
  };

  // Stores the answer, or marks it as refused; throws when the network or the server is gone.
  const send = async (entry) => {
    const body = new URLSearchParams(entry.fields);
    body.set("revision", entry.revision);
    body.set("csrfmiddlewaretoken", token());
    const form = formAt(entry.url);
    if (form && isAmongOthers(form)) {
      body.set("part", "section");
      body.set("shown", [...document.querySelectorAll("[data-question]")].map((one) => one.dataset.question).join(" "));
    }
    const data = body.toString();
    const response = await fetch(PREFIX + entry.url, {
      method: "POST",
      body,
      credentials: "same-origin",
      keepalive: data.length < 60000,   // survives leaving the page; browsers cap such requests at 64 KB
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-Autosave": "1", Accept: "text/html" },
    });
    met();
    if (response.status === 401) {
      leaving = true;
      location.assign(response.headers.get("HX-Redirect") || location.href);
    } else if (response.ok && !response.redirected) await stored(entry, response);
    else if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    else await refuse(entry, response);
  };

  const nextToSend = () => read().find(({ url }) => !refused.has(url));
  const isWaiting = () => nextToSend() !== undefined;

  const sendAll = async () => {
    let broken = false;
    for (let entry = nextToSend(); entry && !leaving && !broken; entry = nextToSend()) {
      underway = entry.stamp;
      try { await send(entry); } catch (error) { broken = true; if (error instanceof TypeError) cut(); }
      underway = "";
    }
    if (leaving) return;
    if (!read().length) { retryAfter = RETRY_FIRST; showSaved(); showNetwork(); return; }
    showFailed();
    showNetwork();
    clearTimeout(retryTimer);
    if (broken) {
      retryTimer = setTimeout(flush, retryAfter);
      retryAfter = Math.min(retryAfter * 2, RETRY_MOST);
    }
  };

  // One sender at a time, also across tabs.
  const locked = (work) => (navigator.locks ? navigator.locks.request(KEY, work) : work());

  const flush = async () => {
    clearTimeout(typingTimer);
    if (isWaiting()) showSaving();   // also while another sender ends, which may have said "saved" already
    while (sending) await sending;
    if (!isWaiting()) return;
    showSaving();
    sending = locked(sendAll).finally(() => { sending = null; });
    await sending;
  };

  // ---- pages fetched ahead ---------------------------------------------------------------------------------------

  // The forms of a section come along in one request. Where no page can be loaded they are shown from here; what was
  // answered since is put into them.
  const AHEAD = `${KEY}.ahead`;
  const KNOWN = `${KEY}.known`;
  const recall = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const keep = (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* then there is nothing ahead */ } };
  const forget = () => { try { sessionStorage.removeItem(AHEAD); } catch { /* nothing was kept */ } };

  const remember = (url, fields, revision) => {
    const known = recall(KNOWN) ?? {};
    known[url] = { fields, revision };
    keep(KNOWN, known);
  };

  const fetchAhead = async () => {
    const from = host.dataset.ahead;
    if (!from || isCut) return;
    const kept = recall(AHEAD);
    if (kept?.from === from && Date.now() - kept.at < AHEAD_FOR) return;
    try {
      const response = await fetch(from, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (response.status === 200 && !response.redirected) { keep(AHEAD, { from, at: Date.now(), text: await response.text() }); keep(KNOWN, recall(KNOWN) ?? {}); }
    } catch { /* asked for again by the next page */ }
  };

  const pageAhead = (address) => {
    const box = document.createElement("template");
    box.innerHTML = recall(AHEAD)?.text ?? "";
    const url = plain(pathOf(address));
    return [...box.content.querySelectorAll("template[data-ahead-url]")].find((page) => plain(page.dataset.aheadUrl) === url);
  };

  const showAhead = (address) => {
    const page = address && pageAhead(address);
    if (!page) return false;
    const content = page.content.cloneNode(true);
    for (const part of ["#run-where", "#question-form", ".run-foot"]) {
      const next = content.querySelector(part);
      const now = document.querySelector(part);
      if (next && now) now.replaceWith(next);
    }
    history.replaceState(history.state, "", address);
    for (const form of forms()) refill(form);
    document.querySelector(".q-text")?.scrollIntoView({ block: "center" });
    document.getElementById("main")?.focus({ preventScroll: true });
    showNetwork();
    return true;
  };

  // What is known of an answer since its form was made, and what waits to be sent.
  const refill = (form) => {
    const url = address(form);
    const known = recall(KNOWN)?.[url];
    if (known) { restore(form, known.fields); if (known.revision && revisionOf(form)) revisionOf(form).value = known.revision; }
    const entry = latest(url);
    if (entry) restore(form, entry.fields);
  };

  const wayOn = (where) => {
    const page = pageAhead(location.href);
    return page ? page.dataset[where === "back" ? "backUrl" : "nextUrl"] : "";
  };

  const isReachable = async () => {
    if (!navigator.onLine) { cut(); return false; }
    if (!isCut && Date.now() - lastContact < NEWS_EVERY) return true;
    if (!host.dataset.presence) return !isCut;
    try {
      await fetch(host.dataset.presence, { method: "HEAD", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
      met();
    } catch { cut(); }
    return !isCut;
  };

  const stayOffline = (address) => { if (!showAhead(address)) showNetwork(word("offlineEnd")); };

  // ---- events ----------------------------------------------------------------------------------------------------

  const formOf = (event) => event.target.closest?.("form[data-autosave]");
  const isChoice = (control) => ["radio", "checkbox"].includes(control.type);
  const isText = (control) => control.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])");

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form || !isText(event.target)) return;
    keepApart(form, event.target);
    capture(form);
    clearTimeout(typingTimer);
    if (!isWaiting()) { showSaved(); return; }   // typed back to what is stored
    showSaving();
    typingTimer = setTimeout(flush, TYPING_PAUSE);
  });

  // An answer that stands alone ("not sure") takes the others back, and any other takes it back.
  const keepApart = (form, chosen) => {
    if (!chosen.name || NOT_ANSWERS.has(chosen.name) || chosen.closest("details")) return;
    const alone = chosen.matches("[data-alone]") && chosen.checked;
    if (!alone && isChoice(chosen) && !chosen.checked) return;
    if (!alone && isText(chosen) && !chosen.value) return;
    for (const other of form.elements) {
      if (other === chosen || other.closest("details") || (!alone && !other.matches("[data-alone]"))) continue;
      if (isChoice(other)) other.checked = false;
      else if (isText(other)) other.value = "";
    }
  };

  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (!form || event.target.type === "file") return;
    keepApart(form, event.target);
    capture(form);
    flush();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-saved-retry]")) { retryAfter = RETRY_FIRST; flush(); return; }
    // Without a network a link would lead to the browser's own page of regret.
    const link = event.target.closest("a[href]");
    if (!link || !isCut || event.defaultPrevented || link.origin !== location.origin || link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    isReachable().then((can) => { if (can) link.click(); else stayOffline(link.href); });
  });

  window.addEventListener("online", () => { retryAfter = RETRY_FIRST; if (isWaiting()) flush(); else isReachable(); });
  window.addEventListener("offline", cut);
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });

  const clear = (form) => {
    for (const control of form.elements) {
      if (control.closest(".q-comment")) continue;
      if (isChoice(control)) control.checked = false;
      else if (isText(control)) control.value = "";
    }
  };

  const moveTo = (form) => {
    form.scrollIntoView({ block: "center" });
    form.querySelector("input:not([type=hidden], :disabled):checked, input:not([type=hidden], :disabled), textarea:not(:disabled)")?.focus({ preventScroll: true });
  };

  const after = (form) => { const all = forms(); return all[all.indexOf(form) + 1]; };

  // Next and Back wait for what is under way, so the form carries the revision the server just gave. Where no page can be
  // loaded, the next one is shown from what was fetched ahead.
  const proceed = async (form, button) => {
    const url = address(form);
    const where = button?.name === "go" ? button.value : "next";
    await flush();
    if (leaving) return;
    if (!(await isReachable())) {
      if (["next", "back"].includes(where)) stayOffline(wayOn(where));
      return;
    }
    await flush();
    if (waits(url) || leaving) return;
    leaving = true;
    if (button?.isConnected) form.requestSubmit(button);
    else formAt(url)?.requestSubmit();
  };

  document.addEventListener("submit", async (event) => {
    const form = formOf(event);
    if (!form || event.defaultPrevented) return;
    const url = address(form);
    const button = event.submitter;
    const go = button?.name === "go" ? button.value : "";
    if (button?.matches("[data-conflict-choice]")) { drop((entry) => entry.url === url); forget(); leaving = true; return; }
    if (leaving || button?.hasAttribute("formaction")) { leaving = true; return; }
    if (go === "clear") { event.preventDefault(); clear(form); capture(form); flush(); return; }
    if (go === "confirm") {
      event.preventDefault();
      capture(form, true);
      await flush();
      if (isAmongOthers(form)) return;
      document.querySelector("[data-next]")?.click();
      return;
    }
    if (isAmongOthers(form)) { event.preventDefault(); flush(); const next = after(form); if (next) moveTo(next); return; }
    if (!waits(url) && !isCut && navigator.onLine && Date.now() - lastContact < NEWS_EVERY) { leaving = true; return; }
    if (refused.has(url)) { leaving = true; return; }
    event.preventDefault();
    await proceed(form, button);
  });

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && read().length && (isFailed() || !navigator.onLine)) event.preventDefault();
  });

  // ---- for uploads.js --------------------------------------------------------------------------------------------

  // A file was stored, which made the answer's revision grow: what is typed next, or waits to be sent, builds on it.
  const built = (form, revision) => {
    const input = revisionOf(form);
    if (!input || revision === null) return;
    const before = input.value;
    input.value = revision;
    change((entries) => { for (const entry of entries) if (entry.url === address(form) && entry.revision === before) entry.revision = revision; });
    forget();
  };

  const leave = (url) => { leaving = true; location.assign(url); };

  portal.answering = { flush, built, leave, token };

  // ---- keys ------------------------------------------------------------------------------------------------------

  const optionFor = (form, key) => {
    const options = [...form.querySelectorAll(".option input")].filter((input) => !input.disabled);
    const named = options.find((input) => input.dataset.key?.toLowerCase() === key);
    if (named) return named;
    const index = /^[1-9]$/.test(key) ? Number(key) - 1 : /^[a-i]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
    return options[index];
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (portal.isTyping(event.target) || portal.isLayered()) return;
    const form = currentForm();
    if (!form) return;
    if (event.key === "Enter") {
      if (event.target.closest("a, button, summary")) return;
      const next = isAmongOthers(form) ? after(form) : null;
      event.preventDefault();
      if (next) moveTo(next);
      else document.querySelector("[data-next]")?.click();
      return;
    }
    const option = optionFor(form, event.key.toLowerCase());
    if (!option) return;
    event.preventDefault();
    option.focus();
    option.click();
  });

  // ---- who is there ----------------------------------------------------------------------------------------------

  // Asked for while somebody looks; by it the page also learns that the network is gone, or back.
  const askForNews = async () => {
    if (!host.dataset.presence || document.hidden) return;
    try {
      const response = await fetch(host.dataset.presence, { credentials: "same-origin", headers: { "HX-Request": "true", Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE * 2) });
      met();
      if (response.status === 200 && !response.redirected) await bringAlong(await response.text());
      if (isWaiting()) flush();
    } catch { cut(); }
  };

  setInterval(askForNews, NEWS_EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - lastContact > NEWS_EVERY) askForNews(); });

  // ---- arriving --------------------------------------------------------------------------------------------------

  const arrive = () => {
    leaving = false;
    for (const form of forms()) {
      // The page has just come from the server: it knows best what is stored.
      held.set(address(form), JSON.stringify(fieldsOf(form)));
      if (!isAmongOthers(form)) remember(address(form), fieldsOf(form), revisionOf(form)?.value ?? "");
      const entry = latest(address(form));
      if (entry) restore(form, entry.fields);
    }
    if (isCut) showNetwork();
    flush();
    setTimeout(fetchAhead, 1000);
  };

  window.addEventListener("pageshow", (event) => { if (event.persisted) { refused = new Set(); arrive(); } });
  arrive();
})();
