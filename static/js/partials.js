// What htmx leaves to us. Which answers are swapped is said in <meta name="htmx-config"> (401, 403, 404, 5xx are not;
// 409 and 422 are); here the rest: a toast for what was refused, and the dimming of content that waits.
(() => {
  const SWAPPED = new Set([409, 422]);
  const timers = new WeakMap();

  const reason = (status) => {
    if (status === 401) return "signedOut";
    if (status === 403) return "forbidden";
    if (status === 404 || status === 410) return "missing";
    if (status === 429) return "tooMany";
    return "broken";
  };

  // What is asked for again and again is only asked for while somebody can see it.
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.detail.ctx.sourceEvent?.type === "every") event.preventDefault();
  });

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const target = ctx.target;
    const source = ctx.request.submitter ?? ctx.sourceElement;
    const button = source?.matches?.(".btn") ? source : null;
    timers.set(ctx, [
      setTimeout(() => { target?.classList.add("is-stale"); target?.setAttribute("aria-busy", "true"); }, 150),
      setTimeout(() => button?.classList.add("is-loading"), 400),
    ]);
  });

  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    (timers.get(ctx) ?? []).forEach(clearTimeout);
    for (const element of [ctx.target, ctx.request.submitter, ctx.sourceElement]) {
      element?.classList?.remove("is-stale", "is-loading");
      element?.removeAttribute?.("aria-busy");
    }
  });

  // A search asks while one types. Of three questions in a row htmx would drop the last, so each replaces the one before;
  // and leaving the field asks nothing new, which would only swap the very thing one leaves it for.
  const isSearch = (element) => element?.matches?.("form[hx-get]");

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (isSearch(ctx.sourceElement) && !ctx.sourceElement.hasAttribute("hx-sync")) ctx.sourceElement.setAttribute("hx-sync", "this:replace");
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=search]") && isSearch(event.target.form)) event.stopPropagation();
  }, true);

  // What is ticked while a search is under way is missing from its answer: that is put aside, and asked for again.
  const searches = new Set();

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { if (isSearch(ctx.sourceElement)) searches.add(ctx); });
  document.addEventListener("change", (event) => {
    for (const ctx of searches) if (ctx.sourceEvent !== event && ctx.target?.contains(event.target)) ctx.isOutdated = true;
  });
  document.addEventListener("htmx:before:swap", (event) => { if (event.detail.ctx.isOutdated) event.preventDefault(); });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (searches.delete(ctx) && ctx.isOutdated && ctx.sourceElement.isConnected && ctx.status === "swapped") htmx.trigger(ctx.sourceElement, "submit");
  });

  // A row of tabs wider than the screen begins with the one that is open in its middle; the page itself stays where it is.
  for (const here of document.querySelectorAll(".tabs [aria-current], .settings-menu [aria-current]")) {
    const row = here.closest(".tabs, .settings-menu ul"), [tab, all] = [here, row].map((element) => element.getBoundingClientRect());
    row.scrollLeft += tab.left + tab.width / 2 - all.left - all.width / 2;
  }

  // An answer that is not swapped must not change anything else either: no out-of-band part, no address.
  document.addEventListener("htmx:before:swap", (event) => {
    const status = event.detail.ctx.response?.status ?? 200;
    if (status >= 400 && !SWAPPED.has(status)) event.preventDefault();
  });

  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const status = ctx.response.status;
    if (SWAPPED.has(status) || ctx.hx?.redirect) return;
    const id = ctx.response.headers.get("X-Request-ID");
    const text = portal.word(reason(status));
    portal.toast({ text: status >= 500 && id ? `${text} (${id})` : text, tone: "danger" });
  });

  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx) portal.toast({ text: portal.word("offline"), tone: "danger" });
  });
})();
