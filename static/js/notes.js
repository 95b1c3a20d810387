// Notes of a review, saved while one types. What is typed is kept in this browser until the server says it is stored;
// when somebody else wrote meanwhile, both texts are shown and nothing is overwritten. Without JavaScript each note has
// a button.
(() => {
  const PAUSE = 800, RETRY_FIRST = 3000, RETRY_MOST = 30000;
  const waiting = new Map();      // form → timer
  const flying = new Set();
  let retryAfter = RETRY_FIRST;

  const text = (form) => form.querySelector("textarea");
  const revision = (form) => form.querySelector("input[name=revision]");
  const keyOf = (form) => `portal.note.${new URL(form.action).pathname}`;
  const keep = (form) => { try { localStorage.setItem(keyOf(form), JSON.stringify({ text: text(form).value, revision: revision(form).value })); } catch { /* memory holds it while the page is open */ } };
  const forget = (form) => { try { localStorage.removeItem(keyOf(form)); } catch { /* nothing was kept */ } };

  const show = (form, words, failed = false) => {
    const state = form.querySelector("[data-note-state]");
    state.textContent = words;
    state.classList.toggle("tone-danger", failed);
  };

  const replace = (form, html) => {
    const next = new DOMParser().parseFromString(html, "text/html").querySelector("form");
    if (!next) return form;
    form.replaceWith(next);
    htmx.process(next);
    return next;
  };

  const send = async (form) => {
    clearTimeout(waiting.get(form));
    if (flying.has(form)) { wait(form); return; }
    waiting.delete(form);
    flying.add(form);
    const sent = text(form).value;
    show(form, portal.word("saving"));
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" },
      });
      flying.delete(form);
      if (response.ok) {
        retryAfter = RETRY_FIRST;
        revision(form).value = response.headers.get("X-Note-Revision") ?? revision(form).value;
        if (text(form).value !== sent) { wait(form); return; }
        forget(form);
        form.classList.remove("is-conflict");
        form.querySelector(".notice")?.remove();
        form.querySelector(".field-error")?.remove();
        show(form, portal.word("saved"));
      } else if (response.status === 409 || response.status === 422) {
        const typed = text(form).value, focused = document.activeElement === text(form);
        const next = replace(form, await response.text());
        text(next).value = typed;
        if (focused) text(next).focus();
        show(next, portal.word("notSaved"), true);
      } else if (response.status === 401) location.assign(response.headers.get("HX-Redirect") ?? location.href);
      else failed(form);
    } catch {
      flying.delete(form);
      failed(form);
    }
  };

  const failed = (form) => {
    show(form, portal.word("notSaved"), true);
    waiting.set(form, setTimeout(() => send(form), retryAfter));
    retryAfter = Math.min(retryAfter * 2, RETRY_MOST);
  };

  const wait = (form) => {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => send(form), PAUSE));
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-note]");
    if (!form) return;
    keep(form);
    show(form, portal.word("saving"));
    // Who is shown another person's text decides with a button.
    if (!form.classList.contains("is-conflict")) wait(form);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-note]")) return;
    event.preventDefault();
    send(event.target);
  }, true);

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-note-theirs]");
    if (!link) return;
    event.preventDefault();
    const form = link.closest("form");
    const response = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!response.ok) return;
    forget(form);
    text(replace(form, await response.text())).focus();
  });

  window.addEventListener("online", () => { for (const form of waiting.keys()) send(form); });
  window.addEventListener("beforeunload", (event) => { if (waiting.size || flying.size) event.preventDefault(); });

  // What a closed window left behind is saved now, unless it is what stands.
  for (const form of document.querySelectorAll("form[data-note]")) {
    let left = null;
    try { left = JSON.parse(localStorage.getItem(keyOf(form))); } catch { /* nothing to bring back */ }
    if (!left) continue;
    if (left.text.trim() === text(form).value.trim()) { forget(form); continue; }
    text(form).value = left.text;
    revision(form).value = left.revision;
    form.closest("details:not([open])")?.setAttribute("open", "");
    send(form);
  }
})();
