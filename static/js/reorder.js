// Dragging rows into another order: [data-reorder] holds [data-reorder-item="id"]s, each with a [data-reorder-handle] and
// a form that moves it one step. Dropped, the row's own form is sent with `before` or `after` and the neighbor's id.
// The buttons of the form do the same without a mouse and without JavaScript.
(() => {
  const list = (table) => table.querySelector("tbody") ?? table;

  const send = async (item) => {
    const form = item.querySelector("form");
    const [next, previous] = [item.nextElementSibling, item.previousElementSibling];
    if (!next && !previous) return;
    const fields = new FormData(form);
    if (previous) fields.set("after", previous.dataset.reorderItem);
    else fields.set("before", next.dataset.reorderItem);
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "HX-Request": "true" } }).catch(() => null);
    // What the page shows must be what is stored.
    if (!answer?.ok) location.reload();
  };

  const start = () => {
    for (const table of document.querySelectorAll("[data-reorder]")) {
      if (window.Sortable.get(list(table))) continue;
      window.Sortable.create(list(table), {
        handle: "[data-reorder-handle]",
        draggable: "[data-reorder-item]",
        ghostClass: "is-dragged",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
        onEnd: (event) => { if (event.oldIndex !== event.newIndex) send(event.item); },
      });
    }
  };

  document.addEventListener("htmx:after:swap", start);
  start();
})();
