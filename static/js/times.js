// Relative times stay true while the page is open. The server writes the same words; see portal/web/templatetags/ui.py.
(() => {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

  const words = (seconds) => {
    if (seconds < 60) return portal.word("justNow");
    if (seconds < 3600) return format.format(-Math.floor(seconds / 60), "minute");
    if (seconds < 86400) return format.format(-Math.floor(seconds / 3600), "hour");
    return format.format(-Math.floor(seconds / 86400), "day");
  };

  const tick = () => {
    for (const time of document.querySelectorAll("time[data-rel]")) {
      const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
      if (seconds >= 0 && seconds < 14 * 86400) {
        const text = words(seconds);
        if (time.textContent !== text) time.textContent = text;
      }
    }
  };

  setInterval(tick, 60000);
  document.addEventListener("visibilitychange", tick);
  // A page that comes back from the history may be hours old.
  window.addEventListener("pageshow", tick);
})();
