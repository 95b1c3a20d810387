// Copy: the button says "Copied" for two seconds, and says it aloud.
(() => {
  const write = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Plain http, other than localhost, has no clipboard object.
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
      // A link is copied whole, whatever was written in the page.
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
