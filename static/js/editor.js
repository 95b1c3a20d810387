// The editor of definitions. Everything here is a quicker way to what the page's links and forms do by themselves:
// saving while one types, stepping from part to part, dragging, keys. What is saved stands on the server; what is not is
// on the page, and the page says so.
(() => {
  const RETRY_FIRST = 2000, RETRY_MOST = 30000;
  const editor = () => document.getElementById("editor");
  const byId = (id) => document.getElementById(id);
  const said = (name) => byId("editor-words")?.dataset[name] ?? "";

  document.documentElement.classList.add("is-scripted");
  if (!history.state) history.replaceState({ htmx: true }, "");

  // ---- the state of saving -----------------------------------------------------------------------------------------

  const pending = new Set();       // forms with changes that no request has carried yet
  const flying = new Map();        // requests under way: ctx → the values they carry
  const failed = new Map();        // id of a form → why it is not saved: refused, stale, open, offline
  let savedTimer, retryTimer, retryAfter = RETRY_FIRST, leaving = false;

  const isSaving = (form) => form?.matches?.("form[data-seen]");

  const show = (state, text, retry = false) => {
    const place = byId("saved");
    if (!place) return;
    clearTimeout(savedTimer);
    place.dataset.state = state;
    const words = place.querySelector("[data-saved-text]");
    if (words.textContent !== text) words.textContent = text;
    place.querySelector("[data-saved-retry]").hidden = !retry;
  };

  const showState = () => {
    for (const id of [...failed.keys()]) if (!byId(id)) failed.delete(id);
    for (const form of [...pending]) if (!form.isConnected) pending.delete(form);
    const why = [...failed.values()];
    if (why.includes("offline")) show("failed", portal.word("notSaved"), true);
    else if (why.length) show(why.every((one) => one === "open") ? "open" : "failed", said(why.find((one) => one !== "open") ?? "open"));
    else if (pending.size || flying.size) show("saving", portal.word("saving"));
    else {
      show("saved", portal.word("saved"));
      savedTimer = setTimeout(() => show("saved", portal.word("savedEarlier")), 60000);
    }
  };

  const isUnsaved = () => pending.size > 0 || flying.size > 0 || failed.size > 0;

  // Sends what waits, and tells whether everything is saved then.
  const flush = async () => {
    for (const form of [...pending]) if (form.isConnected) htmx.trigger(form, "submit");
    await Promise.resolve();
    while (flying.size) await new Promise((resolve) => document.addEventListener("htmx:finally:request", () => setTimeout(resolve), { once: true }));
    return !isUnsaved();
  };

  const mayLeave = async () => (await flush()) || window.confirm(said("leave"));

  const values = (form) => {
    const held = new Map();
    for (const control of form.elements) {
      if (!control.id || control.matches("[type=hidden], button")) continue;
      held.set(control.id, ["checkbox", "radio"].includes(control.type) ? control.checked : control.value);
    }
    return held;
  };

  const note = (event) => {
    const form = event.target.closest?.("form[data-seen]");
    if (!form || event.target.matches("[data-unsaved]")) return;
    pending.add(form);
    showState();
  };
  document.addEventListener("input", note, true);
  document.addEventListener("change", note, true);

  // What is pasted is nothing to save until one says so.
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => { if (event.target.matches?.("[data-unsaved]")) event.stopPropagation(); }, true);
  }

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement;
    if (!isSaving(form)) return;
    if (ctx.request.body instanceof URLSearchParams) {
      // A request may have waited for another one: it carries what stands in the form now, with the fingerprint that the
      // other one's answer brought. Else it would seem that somebody else had changed the part in between.
      const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      const button = ctx.request.submitter;
      if (button?.name) fields.set(button.name, button.value);
      ctx.request.body = fields;
    }
    pending.delete(form);
    failed.delete(form.id);
    flying.set(ctx, values(form));
    showState();
  });

  // While an answer was on its way one may have typed on: that stays, and is sent next.
  let typedOn = [], held = null;
  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    held = document.activeElement?.closest("[data-hold]");
    const sent = flying.get(ctx);
    if (!sent || ctx.response?.status === 409) return;
    typedOn = [...values(ctx.sourceElement)].filter(([id, value]) => sent.has(id) && sent.get(id) !== value);
  });

  const afterSwap = () => {
    for (const [id, value] of typedOn) {
      const control = byId(id);
      if (!control) continue;
      if (typeof value === "boolean") control.checked = value;
      else if (control.value !== value) control.value = value;
    }
    typedOn = [];
    keepFocus();
    focusNew();
    sortable();
  };
  document.addEventListener("htmx:after:swap", afterSwap);

  const outcome = (ctx) => {
    const status = ctx.response?.status ?? 0;
    const form = byId(ctx.sourceElement.id);
    if (status >= 200 && status < 300) return form?.querySelector(".saved-state.is-open") ? "open" : "";
    if (status === 422) return "refused";
    if (status === 409) return "stale";
    return status === 401 ? "" : "offline";
  };

  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (!flying.delete(ctx)) return;
    const form = ctx.sourceElement, why = outcome(ctx);
    if (why) failed.set(form.id, why);
    else failed.delete(form.id);
    clearTimeout(retryTimer);
    if (why === "offline") {
      pending.add(form);
      retryTimer = setTimeout(retry, retryAfter);
      retryAfter = Math.min(retryAfter * 2, RETRY_MOST);
    } else retryAfter = RETRY_FIRST;
    if (!why && ctx.request.submitter?.value?.endsWith("-paste")) forgetPasted(ctx.request.submitter.value);
    if (!why && form.id !== "fields") refreshAround();
    showState();
  });

  const forgetPasted = (name) => {
    const area = byId(`${name.replace(/-paste$/, "")}-pasted`);
    if (!area) return;
    area.value = "";
    area.closest("details").open = false;
  };

  const retry = () => {
    for (const form of [...pending]) if (form.isConnected && failed.get(form.id) === "offline") htmx.trigger(form, "submit");
  };
  window.addEventListener("online", () => { retryAfter = RETRY_FIRST; retry(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-saved-retry]")) return;
    retryAfter = RETRY_FIRST;
    clearTimeout(retryTimer);
    retry();
  });

  window.addEventListener("beforeunload", (event) => { if (!leaving && isUnsaved()) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });

  // Conditions and recommendations are forms of their own; the outline, the preview and the head follow them.
  const refreshAround = () => {
    const state = byId("state");
    if (state) htmx.ajax("GET", `${state.getAttribute("hx-get")}&whole=1`, { source: state, target: "#state", swap: "outerMorph" });
  };

  // ---- focus -------------------------------------------------------------------------------------------------------

  const focusNew = () => {
    const field = document.querySelector("#editor [autofocus]");
    if (!field) return;
    field.removeAttribute("autofocus");
    field.focus();
    if (field.matches("[data-select]")) field.select?.();
  };

  // Where one stood may have been replaced by what it stood for: the comparison of a rule once its question is known.
  // Who went elsewhere meanwhile stays there.
  const keepFocus = () => {
    if (held && !held.isConnected && document.activeElement === document.body) {
      document.querySelector(`[data-hold="${CSS.escape(held.dataset.hold)}"]`)?.focus({ preventScroll: true });
    }
    held = null;
  };

  const currentRow = () => document.querySelector("#outline .is-current > a");

  // ---- from part to part -------------------------------------------------------------------------------------------

  const markCurrent = (part) => {
    for (const row of document.querySelectorAll("#outline .is-current")) {
      row.classList.remove("is-current");
      row.querySelector("a").removeAttribute("aria-current");
    }
    const row = byId(`row-${part}`);
    row?.classList.add("is-current");
    row?.querySelector("a").setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
    for (const field of document.querySelectorAll("#outline [name=after], [data-current-part]")) field.value = part;
    const room = part === "settings" ? "settings" : "questions";
    for (const link of document.querySelectorAll("[data-room]")) {
      if (link.dataset.room === room) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    editor().dataset.part = part;
    rove();
  };

  const open = async (href, anyway = false) => {
    if (anyway) await flush();   // an answer still on its way must not land in the next part
    else if (!(await mayLeave())) return;
    pending.clear();
    failed.clear();
    await htmx.ajax("GET", href, { source: byId("part"), target: "#part", swap: "outerHTML settle:0", push: href });
    const part = byId("part");
    if (!part) { leaving = true; location.assign(href); return; }
    markCurrent(part.dataset.part);
    document.title = part.dataset.title || document.title;
    showPane("edit");
    byId("main").scrollTop = 0;
    showState();
  };

  const isPlainClick = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#editor a[href], #to-mend a[href]");
    if (!link || event.defaultPrevented || !isPlainClick(event) || link.matches("[data-pane], [data-dialog], [target]")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin) return;
    event.preventDefault();
    link.closest("[popover]")?.hidePopover();
    const here = byId("part")?.dataset.url?.split("?")[0];
    if (here && url.pathname === here && url.searchParams.has("part")) { open(url.pathname + url.search, link.matches("[data-take-theirs]")); return; }
    if (!(await mayLeave())) return;
    leaving = true;
    location.assign(link.href);
  });

  // ---- what changes the outline ------------------------------------------------------------------------------------

  const outlineTop = () => document.querySelector(".o-list")?.scrollTop ?? 0;

  const send = async (form, submitter, fields = {}) => {
    if (!(await flush()) && !window.confirm(said("leave"))) return;
    const inOutline = document.activeElement?.closest("#outline") !== null && document.activeElement !== document.body;
    const held = document.activeElement?.dataset?.move, top = outlineTop();
    const target = submitter?.getAttribute("formaction") || form.action;
    const body = new URLSearchParams([...new FormData(form)]);
    if (submitter?.name) body.set(submitter.name, submitter.value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    pending.clear();
    failed.clear();
    form.closest("[popover]")?.hidePopover?.();
    if (form.matches(":popover-open")) form.hidePopover();
    const plain = document.createElement("form");
    for (const [name, value] of body) plain.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    plain.hidden = true;
    document.body.append(plain);
    await htmx.ajax("POST", target, { source: plain, target: "#editor", swap: "outerHTML settle:0", select: "#editor" });
    plain.remove();
    const list = document.querySelector(".o-list");
    if (list) list.scrollTop = top;
    const part = editor().dataset.part;
    for (const field of document.querySelectorAll("[data-current-part]")) field.value = part;
    currentRow()?.scrollIntoView({ block: "nearest" });
    rove();
    showState();
    if (byId("part")?.matches("[data-new]")) return;
    if (!inOutline && held) document.querySelector(`[data-move="${held}"]`)?.focus();
    else currentRow()?.focus({ preventScroll: true });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-structure]") || !editor()) return;
    if (!byId("part")) return;   // other rooms of the editor go to the new page
    event.preventDefault();
    send(form, event.submitter);
  }, true);

  // ---- the outline: arrows walk it, Alt moves, a handle drags ------------------------------------------------------

  const rowLinks = () => [...document.querySelectorAll(".o-list a")];

  // One stop for Tab, as in a list of a desktop program; arrows do the rest.
  const rove = () => {
    const links = rowLinks();
    const stop = currentRow() ?? links[0];
    for (const link of links) link.tabIndex = link === stop ? 0 : -1;
  };

  const walk = (event, link) => {
    const links = rowLinks(), at = links.indexOf(link);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || !links[to]) return;
    event.preventDefault();
    links[to].tabIndex = 0;
    link.tabIndex = -1;
    links[to].focus();
  };

  const move = (part, fields) => {
    const form = byId("part-tools");
    if (form) { send(form, null, { part, ...fields }); return; }
    const list = document.querySelector(".o-list");
    const plain = document.createElement("form");
    plain.method = "post";
    plain.action = list.dataset.url;
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    for (const [name, value] of Object.entries({ part, ...fields, csrfmiddlewaretoken: token.value })) {
      plain.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(plain);
    plain.submit();
  };

  const place = () => document.querySelector(".o-list")?.dataset.url;

  const sortable = () => {
    if (!window.Sortable) return;
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140;
    const outline = document.querySelector(".o-list");
    if (outline && place() && !window.Sortable.get(outline)) {
      window.Sortable.create(outline, {
        handle: "[data-grip]", draggable: ".o-row", ghostClass: "is-dragged", animation, scroll: true,
        onEnd: ({ item, oldIndex, newIndex }) => {
          if (oldIndex !== newIndex) move(item.dataset.part, { after: item.previousElementSibling?.dataset.part ?? "" });
        },
      });
    }
    for (const rows of document.querySelectorAll("[data-sortable]")) {
      if (window.Sortable.get(rows)) continue;
      window.Sortable.create(rows, {
        handle: "[data-grip]", draggable: ".ed-row", ghostClass: "is-dragged", animation,
        onEnd: ({ oldIndex, newIndex }) => { if (oldIndex !== newIndex) htmx.trigger(rows.closest("form"), "submit"); },
      });
    }
  };

  // ---- rows of a form: Enter adds one, a list can be pasted --------------------------------------------------------

  const press = (form, value) => {
    const button = Object.assign(document.createElement("button"), { type: "submit", name: "do", value, hidden: true });
    form.append(button);
    pending.add(form);
    form.requestSubmit(button);
    button.remove();
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input[data-add]");
    if (!field || event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      press(field.form, field.dataset.add);
    } else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      const [name, id] = field.dataset.add.split("-add:");
      press(field.form, `${name}-${event.key === "ArrowUp" ? "up" : "down"}:${id}`);
    }
  });

  document.addEventListener("paste", (event) => {
    const field = event.target.closest?.("input[data-paste]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const area = field && byId(`${field.dataset.paste}-pasted`);
    if (!area || !/\S[\r\n]+.*\S/s.test(text)) return;
    event.preventDefault();
    area.value = text;
    press(field.form, `${field.dataset.paste}-paste`);
  });

  // A type is chosen and saved at once; a preset closes its list.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".ed-presets button");
    if (button) button.closest("[popover]").hidePopover();
  });

  // ---- keys --------------------------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (!editor() || event.defaultPrevented || event.isComposing) return;
    const link = event.target.closest?.(".o-list a");
    if (event.altKey && !event.ctrlKey && !event.metaKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const direction = event.key === "ArrowUp" ? "up" : "down";
      if (link) { event.preventDefault(); move(link.closest("[data-part]").dataset.part, { direction }); return; }
      if (portal.isTyping(event.target) || portal.isLayered()) return;
      event.preventDefault();
      document.querySelector(`[data-move="${direction}"]`)?.click();
      return;
    }
    if (event.ctrlKey && event.altKey && event.code === "KeyZ") {
      event.preventDefault();
      document.querySelector("#state form[data-structure] button")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || portal.isLayered()) return;
    if (link && ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) { walk(event, link); return; }
    if (portal.isTyping(event.target)) return;
    if (event.key.toLowerCase() === "n") {
      event.preventDefault();
      byId("type-menu")?.showPopover({ source: document.querySelector("[data-new-question]") ?? undefined });
    } else if (event.key.toLowerCase() === "d" && document.querySelector("[data-duplicate]")) {
      event.preventDefault();
      document.querySelector("[data-duplicate]").click();
    }
  });

  // In the menu of types the arrows walk too.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".ed-types, .ed-presets, .ed-mend-list");
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!menu || !step || event.altKey) return;
    const stops = [...menu.querySelectorAll("button, a")];
    event.preventDefault();
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });

  // ---- one pane at a time on a phone -------------------------------------------------------------------------------

  const showPane = (pane) => {
    editor().dataset.show = pane;
    for (const link of document.querySelectorAll("[data-pane]")) {
      if (link.dataset.pane === pane) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pane]");
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    showPane(link.dataset.pane);
    const url = new URL(location.href);
    url.searchParams.set("show", link.dataset.pane);
    history.replaceState(history.state, "", url);
    scrollTo(0, 0);
  });

  // ---- arriving ----------------------------------------------------------------------------------------------------

  const shortcuts = byId("editor-shortcuts");
  if (shortcuts) document.querySelector("#shortcuts .shortcuts")?.prepend(shortcuts.content.cloneNode(true));
  rove();
  sortable();
  focusNew();
  currentRow()?.scrollIntoView({ block: "center" });
})();
