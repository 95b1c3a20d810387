// Forms: show the password, and send a plain form once.
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

  // Coming back through the history must find the form usable.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;   // the first showing comes after loading, when a form may have been sent already
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    document.querySelectorAll(".btn.is-loading:not([data-specimen])").forEach((button) => button.classList.remove("is-loading"));
  });
})();
