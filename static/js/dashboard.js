// Arranging Home: [data-arranging] is a form whose rows, [data-arrange-item]s in a [data-arrange], can be dragged by their
// [data-arrange-handle]. Every change asks the server for the page again, which draws the list and the preview of what is
// not saved yet. Without JavaScript the buttons of the rows do the same.
(() => {
  const start = () => {
    for (const list of document.querySelectorAll("[data-arrange]")) {
      if (window.Sortable.get(list)) continue;
      window.Sortable.create(list, {
        handle: "[data-arrange-handle]",
        draggable: "[data-arrange-item]",
        ghostClass: "is-dragged",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
        onEnd: (event) => { if (event.oldIndex !== event.newIndex) list.dispatchEvent(new Event("change", { bubbles: true })); },
      });
    }
  };

  // A moved row takes the focus along; at either end its other button has it.
  let focused = "";
  document.addEventListener("htmx:before:swap", () => {
    const element = document.activeElement;
    focused = element?.closest?.("[data-arranging]") ? element.id : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    start();
    const element = focused && document.getElementById(focused);
    if (!element || element === document.activeElement) return;
    if (!element.disabled) element.focus();
    else document.getElementById(focused.replace(/^(up|down)-/, (_all, way) => (way === "up" ? "down-" : "up-")))?.focus();
  });

  start();
})();
