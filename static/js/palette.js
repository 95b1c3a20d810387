// The palette, once it is open: typing filters the pages at once and asks the server for everything else, arrows walk,
// Enter opens the first, Esc closes. hotkeys.js loads this file when the palette is first opened.
(() => {
  const palette = document.getElementById("palette");
  const input = palette.querySelector("[data-palette-input]");
  const pages = palette.querySelector("[data-palette-pages]");
  const recent = palette.querySelector("[data-palette-recent]");
  const searches = Boolean(palette.dataset.recent);

  const typed = () => input.value.trim();
  const links = () => [...palette.querySelectorAll("li a")].filter((link) => !link.closest("[hidden]"));
  const found = () => document.getElementById("found");
  // What stands there may still be the answer to what was typed before.
  const isCurrent = () => !searches || found().dataset.words === typed().split(/\s+/).slice(0, 6).join(" ");

  const mark = () => {
    const first = typed() ? links()[0] : null;
    palette.querySelectorAll("li a").forEach((link) => link.classList.toggle("is-active", link === first));
  };

  const filter = () => {
    const words = typed().toLowerCase().split(/\s+/);
    for (const item of pages.querySelectorAll("li")) {
      const label = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => label.includes(word));
    }
    pages.hidden = !pages.querySelector("li:not([hidden])");
    recent.hidden = Boolean(typed()) || !recent.querySelector("li");
    if (!typed()) found().replaceChildren();
    palette.querySelector("[data-palette-none]").hidden = searches || links().length > 0;
    mark();
  };

  const remember = () => {
    const seen = JSON.parse(sessionStorage.getItem(palette.dataset.recent) ?? "[]");
    const here = location.pathname + location.search;
    const icon = pages.querySelector("svg")?.cloneNode(true);
    icon?.querySelector("use").setAttribute("href", icon.querySelector("use").getAttribute("href").replace(/#.*/, "#history"));
    recent.querySelector("ul").replaceChildren(...seen.filter(([url]) => url !== here).slice(0, 4).map(([url, title]) => {
      const [item, link, name] = ["li", "a", "span"].map((tag) => document.createElement(tag));
      link.href = url;
      name.textContent = title;
      if (icon) link.append(icon.cloneNode(true));
      link.append(name);
      item.append(link);
      return item;
    }));
  };

  input.addEventListener("input", filter);

  palette.querySelector("[data-palette-form]").addEventListener("submit", (event) => {
    const first = isCurrent() ? links()[0] : pages.hidden ? null : pages.querySelector("li:not([hidden]) a");
    if (first) { event.preventDefault(); first.click(); }
    else if (!searches || typed().length < 2) event.preventDefault();
  });

  palette.addEventListener("keydown", (event) => {
    const stops = [input, ...links()];
    const at = stops.indexOf(document.activeElement);
    if (event.key === "Escape") {   // a search field would only empty itself
      event.preventDefault();
      palette.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      stops[(at + step + stops.length) % stops.length].focus();
    } else if (at > 0 && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key.length === 1 || event.key === "Backspace") && event.key !== " ") {
      input.focus();   // typing goes on where one types
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!palette.open) return;
    mark();
    if (typed()) portal.announce(found().dataset.said ?? "");
  });

  palette.addEventListener("close", () => { input.value = ""; filter(); });

  try { if (searches) remember(); } catch { /* a browser that keeps nothing */ }
  filter();
})();
