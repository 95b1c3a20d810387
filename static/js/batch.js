// Picking from a long list: a filter as one types, and one tick for all that are shown. Without a script the list is whole.
(() => {
  for (const tools of document.querySelectorAll("[data-picker-tools]")) {
    const list = document.getElementById(tools.dataset.pickerTools);
    const filter = tools.querySelector("[data-picker-filter]");
    const all = tools.querySelector("[data-picker-all]");
    const count = tools.querySelector("[data-picker-count]");
    const rows = [...list.querySelectorAll("li")];
    const boxes = () => rows.filter((row) => !row.hidden).map((row) => row.querySelector("input"));

    const show = () => {
      const shown = boxes();
      const ticked = shown.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === shown.length;
      all.indeterminate = ticked > 0 && ticked < shown.length;
      count.textContent = rows.filter((row) => row.querySelector("input").checked).length;
    };

    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      show();
    });
    // Enter in the filter is no wish to send the form.
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; show(); });
    list.addEventListener("change", show);
    tools.classList.add("is-ready");
    show();
  }
})();
