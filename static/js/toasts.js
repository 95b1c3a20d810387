// Toasts: five seconds (ten with an action), paused while hovered or focused. They come from three places: rendered by
// the server after a redirect, an HX-Trigger header {"toast": …}, or portal.toast(…).
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

  // htmx wraps a plain string as {value: …}.
  document.addEventListener("toast", ({ detail }) => portal.toast(detail?.text ? detail : { text: detail?.value }));

  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest(".toast").remove();
  });

  // Appending again makes screen readers read what was already in the page.
  for (const toast of box()?.querySelectorAll(".toast") ?? []) { box().append(toast); live(toast); }
})();
