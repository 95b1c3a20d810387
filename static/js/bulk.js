// Selecting rows: form[data-bulk] holds [data-bulk-all], [data-bulk-item]s, [data-bulk-bar] and [data-bulk-count].
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
