// Answering: no answer is lost. Each change is first written to a queue in this browser, then sent; it leaves the queue
// only when the server says it is stored. The queue belongs to one person and one assessment, so another person at the
// same browser never sends it. Without JavaScript, Next and Back submit the form and everything works as well.
//
// The page:   [data-runner data-assessment data-user] around the form; form[data-autosave] inside #question-form (or
//             being it), posting to the question's own address, with a hidden input "revision"; #saved for the state;
//             [data-next] is the Next button.
// The server: 200/204 with X-Answer-Revision when stored (again the same value on a stale revision counts as stored);
//             409 another person was quicker, 422 not acceptable: both with the #question-form part;
//             401 with HX-Redirect to sign-in.
(() => {
  const host = document.querySelector("[data-runner]");
  if (!host) return;

  const KEY = `portal.answers.${host.dataset.user}.${host.dataset.assessment}`;
  const NOT_ANSWERS = new Set(["csrfmiddlewaretoken", "revision"]);
  const TYPING_PAUSE = 800;
  const RETRY_FIRST = 4000;
  const RETRY_MOST = 60000;

  let memory = null;            // stands in when the browser refuses storage
  let refused = new Set();      // sent once on this page and not accepted: waits for a change, not for a timer
  let sending = null;
  let leaving = false;
  let typingTimer, retryTimer, savedTimer;
  let retryAfter = RETRY_FIRST;

  // ---- the queue -------------------------------------------------------------------------------------------------

  const read = () => {
    if (memory) return memory;
    try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
  };

  const write = (entries) => {
    try {
      if (Object.keys(entries).length) localStorage.setItem(KEY, JSON.stringify(entries));
      else localStorage.removeItem(KEY);
      memory = null;
    } catch {
      // Private windows and full disks: memory holds it while the page is open.
      memory = entries;
    }
  };

  const change = (edit) => { const entries = read(); edit(entries); write(entries); };

  // ---- the form --------------------------------------------------------------------------------------------------

  const currentForm = () => document.querySelector("form[data-autosave]");
  const address = (form) => { const url = new URL(form.getAttribute("action") || location.href, location.href); return url.pathname + url.search; };
  const formAt = (url) => [...document.querySelectorAll("form[data-autosave]")].find((form) => address(form) === url);
  const revisionOf = (form) => form.querySelector('input[name="revision"]');
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

  const capture = (form) => {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_ANSWERS.has(name));
    const url = address(form);
    refused.delete(url);
    change((entries) => {
      entries[url] = { fields, revision: revisionOf(form)?.value ?? "", page: location.pathname + location.search, stamp: `${Date.now()}.${Math.random()}` };
    });
  };

  const restore = (form, fields) => {
    for (const control of form.elements) {
      if (!control.name || NOT_ANSWERS.has(control.name) || ["file", "submit", "button", "hidden"].includes(control.type)) continue;
      const values = fields.filter(([name]) => name === control.name).map(([, value]) => value);
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
    if (link) { link.hidden = !page; if (page) link.href = page; }
  };

  const showSaving = () => show("saving", portal.word("saving"));

  const showSaved = () => {
    show("saved", portal.word("saved"));
    savedTimer = setTimeout(() => show("saved", portal.word("savedEarlier")), 60000);
  };

  const showFailed = () => {
    const waiting = Object.entries(read());
    const here = currentForm() && address(currentForm());
    const elsewhere = waiting.find(([url]) => refused.has(url) && url !== here);
    if (elsewhere) show("failed", portal.word("notSavedElsewhere"), { page: elsewhere[1].page });
    else show("failed", portal.word("notSaved"), { retry: waiting.some(([url]) => !refused.has(url)) });
  };

  const isFailed = () => document.getElementById("saved")?.dataset.state === "failed";

  // ---- sending ---------------------------------------------------------------------------------------------------

  const stored = async (url, entry, response) => {
    const revision = response.headers.get("X-Answer-Revision");
    change((entries) => {
      if (entries[url]?.stamp === entry.stamp) delete entries[url];
      // Changed again while this was under way: the newer value now builds on what was just stored.
      else if (entries[url] && revision !== null) entries[url].revision = revision;
    });
    const form = formAt(url);
    if (form && revision !== null && revisionOf(form)) revisionOf(form).value = revision;
    const text = response.status === 204 ? "" : await response.text();
    // Progress and section counts may come along as out-of-band parts.
    if (text.includes("hx-swap-oob")) await htmx.swap({ text, swap: "none", target: document.body, sourceElement: document.body });
  };

  const refuse = async (url, entry, response) => {
    const text = await response.text();
    // Changed again while this was under way: the newer value is tried first, and the form stays as it is typed.
    if (read()[url] && read()[url].stamp !== entry.stamp) return;
    refused.add(url);
    if (![409, 422].includes(response.status) || !formAt(url) || !text.includes("question-form")) return;
    const focused = document.activeElement?.name;
    const swapped = htmx.swap({ text, swap: "outerHTML", target: "#question-form", select: "#question-form", sourceElement: document.body });
    // The new form stands at once, the swap settles later: what was typed is back before the next key arrives.
    const form = formAt(url);
    // The conflict note shows both answers itself; everywhere else what was typed stays typed.
    if (form && !form.querySelector("[data-conflict]")) restore(form, entry.fields);
    await swapped;
    if (form && focused && !document.querySelector("[data-error-summary], [data-conflict]")) form.elements.namedItem(focused)?.focus?.();
  };

  // Stores the answer, or marks it as refused; throws when the network or the server is gone.
  const send = async (url, entry) => {
    const body = new URLSearchParams(entry.fields);
    body.set("revision", entry.revision);
    body.set("csrfmiddlewaretoken", token());
    const response = await fetch(url, {
      method: "POST",
      body,
      credentials: "same-origin",
      keepalive: body.toString().length < 60000,   // survives leaving the page; browsers cap such requests at 64 KB
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-Autosave": "1", Accept: "text/html" },
    });
    if (response.status === 401) {
      leaving = true;
      location.assign(response.headers.get("HX-Redirect") || location.href);
    } else if (response.ok && !response.redirected) await stored(url, entry, response);
    else if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    else await refuse(url, entry, response);
  };

  const sendAll = async () => {
    let broken = false;
    for (const url of Object.keys(read())) {
      for (let entry = read()[url]; entry && !refused.has(url) && !leaving; entry = read()[url]) {
        try { await send(url, entry); } catch { broken = true; break; }
      }
      if (broken) break;
    }
    if (leaving) return;
    const waiting = Object.keys(read());
    if (!waiting.length) { retryAfter = RETRY_FIRST; showSaved(); return; }
    showFailed();
    clearTimeout(retryTimer);
    if (broken) {
      retryTimer = setTimeout(flush, retryAfter);
      retryAfter = Math.min(retryAfter * 2, RETRY_MOST);
    }
  };

  // One sender at a time, also across tabs.
  const locked = (work) => (navigator.locks ? navigator.locks.request(KEY, work) : work());

  const isWaiting = () => Object.keys(read()).some((url) => !refused.has(url));

  const flush = async () => {
    clearTimeout(typingTimer);
    if (isWaiting()) showSaving();   // also while another sender ends, which may have said "saved" already
    while (sending) await sending;
    if (!isWaiting()) return;
    showSaving();
    sending = locked(sendAll).finally(() => { sending = null; });
    await sending;
  };

  // ---- events ----------------------------------------------------------------------------------------------------

  const formOf = (event) => event.target.closest?.("form[data-autosave]");
  const isChoice = (control) => ["radio", "checkbox"].includes(control.type);
  const isText = (control) => control.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])");

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form || !isText(event.target)) return;
    keepApart(form, event.target);
    capture(form);
    showSaving();
    clearTimeout(typingTimer);
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
    if (event.target.closest("[data-saved-retry]")) { retryAfter = RETRY_FIRST; flush(); }
  });

  window.addEventListener("online", () => { retryAfter = RETRY_FIRST; flush(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });

  // Next and Back wait for what is under way, so the form carries the revision the server just gave.
  document.addEventListener("submit", async (event) => {
    const form = formOf(event);
    if (!form) return;
    const url = address(form);
    const button = event.submitter;
    if (button?.matches("[data-conflict-choice]")) { change((entries) => { delete entries[url]; }); leaving = true; return; }
    if (!read()[url] || refused.has(url)) { leaving = true; return; }
    event.preventDefault();
    await flush();
    if (read()[url] || leaving) return;
    leaving = true;
    if (button?.isConnected) form.requestSubmit(button);
    else formAt(url)?.requestSubmit();
  });

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && Object.keys(read()).length && (isFailed() || !navigator.onLine)) event.preventDefault();
  });

  // ---- for uploads.js --------------------------------------------------------------------------------------------

  // A file was stored, which made the answer's revision grow: what is typed next, or waits to be sent, builds on it.
  const built = (form, revision) => {
    const input = revisionOf(form);
    if (!input || revision === null) return;
    const before = input.value;
    input.value = revision;
    change((entries) => { const entry = entries[address(form)]; if (entry && entry.revision === before) entry.revision = revision; });
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
      const next = document.querySelector("[data-next]");
      if (!next || event.target.closest("a, button, summary")) return;
      event.preventDefault();
      next.click();
      return;
    }
    const option = optionFor(form, event.key.toLowerCase());
    if (!option) return;
    event.preventDefault();
    option.focus();
    option.click();
  });

  // ---- arriving --------------------------------------------------------------------------------------------------

  const arrive = () => {
    leaving = false;
    const entries = read();
    for (const form of document.querySelectorAll("form[data-autosave]")) {
      const entry = entries[address(form)];
      if (entry) restore(form, entry.fields);
    }
    flush();
  };

  window.addEventListener("pageshow", (event) => { if (event.persisted) { refused = new Set(); arrive(); } });
  arrive();
})();
