// Assembled by manage.py build_assets: edit the files beside it instead.
window.portal = (() => {
const word = (name) => document.getElementById("words")?.dataset[name] ?? "";
const announce = (text) => {
const announcer = document.getElementById("announcer");
if (!announcer) return;
announcer.textContent = "";
setTimeout(() => { announcer.textContent = text; }, 50);
};
const isTyping = (element) =>
element.isContentEditable ||
element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
const isLayered = () => document.querySelector("dialog[open], :popover-open") !== null;
return { word, announce, isTyping, isLayered };
})();
(() => {
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && system.matches);
document.addEventListener("click", (event) => {
if (!event.target.closest("[data-theme-toggle]")) return;
const theme = isDark() ? "light" : "dark";
root.dataset.theme = theme;
const secure = location.protocol === "https:" ? ";secure" : "";
document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax${secure}`;
portal.announce(portal.word(theme === "dark" ? "themeDark" : "themeLight"));
});
})();
(() => {
const box = () => document.getElementById("toasts");
const live = (toast) => {
const span = toast.querySelector(".toast-action") ? 10000 : 5000;
let timer;
const start = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), span); };
const pause = () => clearTimeout(timer);
toast.addEventListener("mouseenter", pause);
toast.addEventListener("mouseleave", start);
toast.addEventListener("focusin", pause);
toast.addEventListener("focusout", start);
start();
};
const actionForm = ({ url, label }) => {
const form = document.createElement("form");
form.method = "post";
form.action = url;
const token = document.querySelector("input[name=csrfmiddlewaretoken]");
if (token) form.append(token.cloneNode());
const button = document.createElement("button");
button.type = "submit";
button.className = "toast-action";
button.textContent = label;
form.append(button);
return form;
};
portal.toast = ({ text, tone = "success", action = null }) => {
const toast = document.getElementById("toast-template")?.content.firstElementChild.cloneNode(true);
if (!toast || !text) return;
toast.classList.add(`toast-${tone}`);
toast.querySelectorAll("[data-toast-icon]").forEach((icon) => {
if (icon.dataset.toastIcon !== (tone === "danger" ? "danger" : "success")) icon.remove();
});
toast.querySelector(".toast-text").textContent = text;
if (action?.url) toast.querySelector("[data-toast-close]").before(actionForm(action));
box().append(toast);
live(toast);
};
document.addEventListener("toast", ({ detail }) => portal.toast(detail?.text ? detail : { text: detail?.value }));
document.addEventListener("click", (event) => {
event.target.closest("[data-toast-close]")?.closest(".toast").remove();
});
for (const toast of box()?.querySelectorAll(".toast") ?? []) { box().append(toast); live(toast); }
})();
(() => {
const write = async (text) => {
if (navigator.clipboard) return navigator.clipboard.writeText(text);
const area = document.createElement("textarea");
area.value = text;
area.className = "visually-hidden";
document.body.append(area);
area.select();
const done = document.execCommand("copy");
area.remove();
if (!done) throw new Error("copy refused");
};
document.addEventListener("click", async (event) => {
const button = event.target.closest("[data-copy]");
if (!button || button.dataset.copying) return;
const text = button.dataset.copy;
const label = button.querySelector("[data-copy-label]");
const before = label?.textContent;
try {
await write(/^[/?#]/.test(text) ? new URL(text, location.href).href : text);
} catch {
portal.toast({ text: portal.word("copyFailed"), tone: "danger" });
return;
}
portal.announce(portal.word("copied"));
if (!label) { portal.toast({ text: portal.word("copied") }); return; }
button.dataset.copying = "true";
label.textContent = portal.word("copied");
setTimeout(() => { label.textContent = before; delete button.dataset.copying; }, 2000);
});
})();
(() => {
const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
const words = (seconds) => {
if (seconds < 60) return portal.word("justNow");
if (seconds < 3600) return format.format(-Math.floor(seconds / 60), "minute");
if (seconds < 86400) return format.format(-Math.floor(seconds / 3600), "hour");
return format.format(-Math.floor(seconds / 86400), "day");
};
const tick = () => {
for (const time of document.querySelectorAll("time[data-rel]")) {
const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
if (seconds >= 0 && seconds < 14 * 86400) {
const text = words(seconds);
if (time.textContent !== text) time.textContent = text;
}
}
};
setInterval(tick, 60000);
document.addEventListener("visibilitychange", tick);
window.addEventListener("pageshow", tick);
})();
(() => {
const items = (form) => [...form.querySelectorAll("[data-bulk-item]")];
const show = (form) => {
const all = items(form);
const count = all.filter((box) => box.checked).length;
for (const box of all) box.closest("tr, li")?.classList.toggle("is-selected", box.checked);
const head = form.querySelector("[data-bulk-all]");
if (head) {
head.checked = count > 0 && count === all.length;
head.indeterminate = count > 0 && count < all.length;
}
const bar = form.querySelector("[data-bulk-bar]");
if (bar) bar.hidden = count === 0;
form.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = count; });
};
const set = (form, checked) => { for (const box of items(form)) box.checked = checked; show(form); };
const showAll = () => document.querySelectorAll("form[data-bulk]").forEach(show);
document.addEventListener("change", (event) => {
const form = event.target.closest("form[data-bulk]");
if (!form) return;
if (event.target.matches("[data-bulk-all]")) set(form, event.target.checked);
else if (event.target.matches("[data-bulk-item]")) show(form);
});
document.addEventListener("click", (event) => {
const clear = event.target.closest("[data-bulk-clear]");
if (clear) set(clear.closest("form[data-bulk]"), false);
});
document.addEventListener("htmx:after:swap", showAll);
window.addEventListener("pageshow", showAll);
showAll();
})();
(() => {
const modal = () => document.getElementById("modal");
const label = (dialog) => {
const heading = dialog.querySelector("h1, h2");
if (!heading) return;
heading.id ||= "dialog-title";
dialog.setAttribute("aria-labelledby", heading.id);
};
document.addEventListener("click", (event) => {
const link = event.target.closest("a[data-dialog]");
if (link && !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
event.preventDefault();
if (!modal().contains(link)) modal().replaceChildren();
modal().classList.toggle("dialog-lg", link.dataset.dialog === "lg");
modal().dataset.source = link.href;
htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#modal", swap: "innerHTML", select: "#dialog", push: null });
return;
}
if (event.target.closest("[data-dialog-close]")) {
const dialog = event.target.closest("dialog");
if (dialog) { event.preventDefault(); dialog.close(); }
return;
}
if (event.target.matches?.("dialog[open]") && !("closedBy" in HTMLDialogElement.prototype)) {
const box = event.target.getBoundingClientRect();
const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
if (!inside) event.target.close();
return;
}
const opener = event.target.closest('button[command="show-modal"]');
if (opener && !("commandForElement" in HTMLButtonElement.prototype)) {
document.getElementById(opener.getAttribute("commandfor"))?.showModal();
}
});
document.addEventListener("htmx:after:swap", (event) => {
const dialog = modal();
if (event.detail.ctx?.target !== dialog) return;
if (dialog.childElementCount === 0) { location.assign(dialog.dataset.source); return; }
label(dialog);
if (!dialog.open) dialog.showModal();
else if (!dialog.contains(document.activeElement)) dialog.querySelector("[data-dialog-close]")?.focus();
});
document.addEventListener("closeDialog", () => modal()?.close());
document.addEventListener("close", (event) => { if (event.target.id === "modal") event.target.replaceChildren(); }, true);
})();
(() => {
const palette = document.getElementById("palette");
const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
document.addEventListener("keydown", (event) => {
if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
if (!palette) return;
event.preventDefault();
if (palette.open) palette.close();
else open("palette");
return;
}
if (event.ctrlKey || event.metaKey || event.altKey || portal.isTyping(event.target) || portal.isLayered()) return;
if (event.key === "/") {
const search = document.querySelector('[data-hotkey="/"]');
event.preventDefault();
if (search) { search.focus(); search.select?.(); } else open("palette");
} else if (event.key === "?") {
event.preventDefault();
open("shortcuts");
}
});
if (!palette) return;
palette.addEventListener("focusin", () => {
const [script, styles] = [document.createElement("script"), document.createElement("link")];
script.src = palette.dataset.script;
styles.rel = "stylesheet";
styles.href = palette.dataset.styles;
document.head.append(styles, script);
}, { once: true });
const { recent } = palette.dataset;
if (!recent || window.top !== window) return;
try {
const here = location.pathname + location.search;
const seen = JSON.parse(sessionStorage.getItem(recent) ?? "[]").filter(([url]) => url !== here);
sessionStorage.setItem(recent, JSON.stringify([[here, document.title.replace(/ · [^·]*$/, "")], ...seen].slice(0, 6)));
} catch { /* a browser that keeps nothing */ }
})();
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
const isSearch = (element) => element?.matches?.("form[hx-get]");
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
if (isSearch(ctx.sourceElement) && !ctx.sourceElement.hasAttribute("hx-sync")) ctx.sourceElement.setAttribute("hx-sync", "this:replace");
});
document.addEventListener("change", (event) => {
if (event.target.matches("input[type=search]") && isSearch(event.target.form)) event.stopPropagation();
}, true);
const searches = new Set();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => { if (isSearch(ctx.sourceElement)) searches.add(ctx); });
document.addEventListener("change", (event) => {
for (const ctx of searches) if (ctx.sourceEvent !== event && ctx.target?.contains(event.target)) ctx.isOutdated = true;
});
document.addEventListener("htmx:before:swap", (event) => { if (event.detail.ctx.isOutdated) event.preventDefault(); });
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
if (searches.delete(ctx) && ctx.isOutdated && ctx.sourceElement.isConnected && ctx.status === "swapped") htmx.trigger(ctx.sourceElement, "submit");
});
for (const here of document.querySelectorAll(".tabs [aria-current], .settings-menu [aria-current]")) {
const row = here.closest(".tabs, .settings-menu ul"), [tab, all] = [here, row].map((element) => element.getBoundingClientRect());
row.scrollLeft += tab.left + tab.width / 2 - all.left - all.width / 2;
}
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
(() => {
document.addEventListener("click", (event) => {
const toggle = event.target.closest("[data-password-toggle]");
if (!toggle) return;
const input = document.getElementById(toggle.getAttribute("aria-controls"));
const shown = input.type === "text";
input.type = shown ? "password" : "text";
toggle.setAttribute("aria-pressed", String(!shown));
toggle.querySelectorAll("[data-when]").forEach((icon) => { icon.toggleAttribute("hidden", icon.dataset.when !== (shown ? "hidden" : "shown")); });
});
const isPlain = (form) =>
form.method === "post" && !form.matches("[data-autosave], [hx-post], [hx-put], [hx-patch], [hx-delete], [data-htmx-powered]");
document.addEventListener("submit", (event) => {
const form = event.target;
if (event.defaultPrevented || !isPlain(form)) return;
if (form.dataset.sent) { event.preventDefault(); return; }
form.dataset.sent = "true";
setTimeout(() => { if (form.dataset.sent) event.submitter?.classList.add("is-loading"); }, 400);
});
window.addEventListener("pageshow", (event) => {
if (!event.persisted) return;   // the first showing comes after loading, when a form may have been sent already
for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
document.querySelectorAll(".btn.is-loading:not([data-specimen])").forEach((button) => button.classList.remove("is-loading"));
});
})();
