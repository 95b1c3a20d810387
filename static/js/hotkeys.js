// Keys: / focuses the search, Ctrl or Cmd K opens the palette, ? lists the shortcuts. Esc closes by itself.
(() => {
  const palette = document.getElementById("palette");
  const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (!palette) return;
      event.preventDefault();
      if (palette.open) palette.close();
      else open("palette");
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

  if (!palette) return;

  // What works in the palette comes when it is first opened: its field takes the focus then.
  palette.addEventListener("focusin", () => {
    const [script, styles] = [document.createElement("script"), document.createElement("link")];
    script.src = palette.dataset.script;
    styles.rel = "stylesheet";
    styles.href = palette.dataset.styles;
    document.head.append(styles, script);
  }, { once: true });

  // The pages seen last, for as long as the tab is open: nothing of them outlives it.
  const { recent } = palette.dataset;
  if (!recent || window.top !== window) return;
  try {
    const here = location.pathname + location.search;
    const seen = JSON.parse(sessionStorage.getItem(recent) ?? "[]").filter(([url]) => url !== here);
    sessionStorage.setItem(recent, JSON.stringify([[here, document.title.replace(/ · [^·]*$/, "")], ...seen].slice(0, 6)));
  } catch { /* a browser that keeps nothing */ }
})();
