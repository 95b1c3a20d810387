// Dialogs. <a href="/page/" data-dialog> shows that page's #dialog part in the modal; without JavaScript the link just
// goes to the page. A form inside posts to hx-target="#dialog"; the server ends it with HX-Redirect or HX-Trigger
// "closeDialog".
(() => {
  const modal = () => document.getElementById("modal");

  const label = (dialog) => {
    const heading = dialog.querySelector("h1, h2");
    if (!heading) return;
    heading.id ||= "dialog-title";
    dialog.setAttribute("aria-labelledby", heading.id);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      // A link inside the dialog must stay in the page until its answer is there.
      if (!modal().contains(link)) modal().replaceChildren();
      modal().classList.toggle("dialog-lg", link.dataset.dialog === "lg");
      modal().dataset.source = link.href;
      htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#modal", swap: "innerHTML", select: "#dialog", push: null });
      return;
    }
    if (event.target.closest("[data-dialog-close]")) {
      const dialog = event.target.closest("dialog");
      if (dialog) { event.preventDefault(); dialog.close(); }
      return;
    }
    // Browsers without closedby: a click on the backdrop lands on the dialog itself.
    if (event.target.matches?.("dialog[open]") && !("closedBy" in HTMLDialogElement.prototype)) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
      return;
    }
    // Browsers without invoker commands.
    const opener = event.target.closest('button[command="show-modal"]');
    if (opener && !("commandForElement" in HTMLButtonElement.prototype)) {
      document.getElementById(opener.getAttribute("commandfor"))?.showModal();
    }
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const dialog = modal();
    if (event.detail.ctx?.target !== dialog) return;
    if (dialog.childElementCount === 0) { location.assign(dialog.dataset.source); return; }
    label(dialog);
    if (!dialog.open) dialog.showModal();
    // A link inside led on and went with what it stood in.
    else if (!dialog.contains(document.activeElement)) dialog.querySelector("[data-dialog-close]")?.focus();
  });

  document.addEventListener("closeDialog", () => modal()?.close());

  // The part is taken out, so its ids never meet those of the page again.
  document.addEventListener("close", (event) => { if (event.target.id === "modal") event.target.replaceChildren(); }, true);
})();
