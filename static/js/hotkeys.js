// Keys: / focuses the search, Ctrl or Cmd K opens the palette, ? lists the shortcuts. Esc closes by itself.
(() => {
  const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (!document.getElementById("palette")) return;
      event.preventDefault();
      open("palette");
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

  // The palette: typing filters, arrows walk, Enter takes the first.
  const links = (palette) => [...palette.querySelectorAll("li:not([hidden]) a")];

  const filter = (palette, text) => {
    const words = text.trim().toLowerCase().split(/\s+/);
    for (const item of palette.querySelectorAll("li")) {
      const label = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => label.includes(word));
    }
    const found = links(palette);
    palette.querySelectorAll("a").forEach((link) => link.classList.toggle("is-active", Boolean(text) && link === found[0]));
    palette.querySelector("[data-palette-none]").hidden = found.length > 0;
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-palette-input]")) filter(event.target.closest("dialog"), event.target.value);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-palette-form]")) return;
    event.preventDefault();
    links(event.target.closest("dialog"))[0]?.click();
  });

  document.addEventListener("keydown", (event) => {
    const palette = event.target.closest?.("#palette");
    if (!palette || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const stops = [palette.querySelector("[data-palette-input]"), ...links(palette)];
    const step = event.key === "ArrowDown" ? 1 : -1;
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });

  document.addEventListener("close", (event) => {
    if (event.target.id !== "palette") return;
    event.target.querySelector("[data-palette-input]").value = "";
    filter(event.target, "");
  }, true);
})();
