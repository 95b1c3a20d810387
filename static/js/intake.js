// The editor of an intake form: fields are dragged within a step and into another. Where a field stands on the page is
// where it is sent; the buttons beside it do the same without a mouse. Leaving with changes unsaved is asked about.
(() => {
  const editor = () => document.getElementById("intake-editor");
  let isChanged = false;

  const start = () => {
    document.documentElement.classList.add("has-drag");
    for (const list of document.querySelectorAll("[data-intake-fields]")) {
      if (window.Sortable.get(list)) continue;
      window.Sortable.create(list, {
        group: "intake-fields",
        handle: "[data-intake-grip]",
        draggable: "[data-intake-field]",
        ghostClass: "is-dragged",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
        onEnd: () => { isChanged = true; },
      });
    }
    if (editor()?.dataset.state) isChanged = true;
  };

  document.addEventListener("input", (event) => { if (event.target.closest("#intake-editor")) isChanged = true; });
  document.addEventListener("submit", (event) => { if (event.target.id === "intake-editor" && ["save", "mine"].includes(event.submitter?.value)) isChanged = false; }, true);
  document.addEventListener("htmx:after:swap", start);
  window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
  start();
})();
