// What the other files share: translated words, an announcer for screen readers, toasts. First in portal.js.
window.portal = (() => {
  // All words come from the page, where the server translated them (templates/components/words.html).
  const word = (name) => document.getElementById("words")?.dataset[name] ?? "";

  const announce = (text) => {
    const announcer = document.getElementById("announcer");
    if (!announcer) return;
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = text; }, 50);
  };

  const isTyping = (element) =>
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");

  const isLayered = () => document.querySelector("dialog[open], :popover-open") !== null;

  return { word, announce, isTyping, isLayered };
})();
