// The editor of e-mail templates: a word is put where one writes, and the preview follows by itself. Without this, the
// words can be typed and "Preview" can be pressed.
(() => {
  const form = document.getElementById("mail-form");
  if (!form) return;
  const button = document.getElementById("mail-preview-button");
  const { subject, body } = form.elements;
  let place = body, timer;

  for (const field of [subject, body]) field.addEventListener("focus", () => { place = field; });

  form.addEventListener("click", (event) => {
    const word = event.target.closest("[data-insert]");
    if (!word) return;
    const field = word.dataset.only === "body" ? body : place;
    field.focus();
    field.setRangeText(word.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A preview goes into the frame: the page stays, and with it the form, which may be sent again.
  form.addEventListener("submit", (event) => {
    if (event.submitter === button) setTimeout(() => { delete form.dataset.sent; });
  });

  const again = (event) => {
    if (!event.target.name) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(button), event.type === "change" ? 0 : 700);
  };
  form.addEventListener("input", again);
  form.addEventListener("change", (event) => { if (event.target.matches("select")) again(event); });
})();
