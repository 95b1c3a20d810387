// Settings → Branding and Words: what is typed is shown before it is saved, and is not lost by leaving.
//
// The page:   form[data-brand], with data-is-unsaved after an answer that saved nothing; [data-brand-look] is swapped for
//             what the server makes of the form; [data-brand-state] says that something is not saved; [data-brand-leave]
//             leaves all the same. [data-color-picker] names the text that says the same colour.
(() => {
  const form = document.querySelector("form[data-brand]");
  if (!form) return;
  const state = form.querySelector("[data-brand-state]");
  let isUnsaved = false;
  let leaving = false;
  let timer = 0;
  let asked = 0;

  const unsaved = () => { isUnsaved = true; if (state) state.hidden = false; };
  if (form.hasAttribute("data-is-unsaved")) unsaved();
  form.querySelector("[name=look]").hidden = true;   // it is shown as one types

  const pair = (input) => {
    if (input.matches("[data-color-picker]")) document.getElementById(input.dataset.colorPicker).value = input.value;
    if (input.matches("[data-color-text]")) {
      const typed = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(input.value.trim());
      if (!typed) return;
      const digits = typed[1].length === 3 ? [...typed[1]].map((digit) => digit + digit).join("") : typed[1];
      input.parentElement.querySelector("[data-color-picker]").value = `#${digits.toLowerCase()}`;
    }
  };

  const show = async () => {
    const mine = ++asked;
    const body = new FormData(form);
    body.set("look", "on");
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || mine !== asked || ![200, 422].includes(answer.status)) return;
    const came = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) return;
    for (const part of came.body.querySelectorAll("[data-brand-look], [hx-swap-oob]")) put(part);
  };

  // Frames that would show the same are left alone, or they would flicker; so is what is being typed.
  const put = (part) => {
    const old = document.getElementById(part.id);
    if (!old) return;
    part.removeAttribute("hx-swap-oob");
    if (part.matches(".brand-frames")) {
      const frames = old.querySelectorAll("iframe");
      part.querySelectorAll("iframe").forEach((frame, index) => {
        if (frames[index].getAttribute("src") === frame.getAttribute("src")) return;
        frames[index].src = frame.getAttribute("src");
        old.querySelectorAll("figcaption a")[index].href = frame.getAttribute("src");
      });
    } else if (part.matches("#words-list")) {
      const examples = part.querySelectorAll(".words-example");
      old.querySelectorAll(".words-example").forEach((example, index) => { example.textContent = examples[index].textContent; });
    } else if (old.outerHTML !== part.outerHTML && !(part.matches(".brand-picture") && same(old, part))) {
      const held = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(part);
      if (held) document.getElementById(held)?.focus();
    }
  };

  const chosen = (box) => [box.querySelector("input[type=hidden]").value, box.querySelector(".field-error")?.textContent ?? ""].join();
  // What was wrong with a file stays said until another one is chosen: the next answer does not know of it any more.
  const same = (old, part) => {
    if (old.querySelector("input[type=file]").files.length || old.querySelector("input[type=checkbox]:checked")) return false;
    return chosen(old) === chosen(part) || old.querySelector(".field-error") !== null;
  };

  const heard = (event) => {
    pair(event.target);
    if (event.target.name !== "theme") unsaved();
    clearTimeout(timer);
    timer = setTimeout(show, event.type === "input" ? 400 : 30);
  };
  document.addEventListener("input", (event) => { if (event.target.form === form && event.target.type !== "file") heard(event); });
  document.addEventListener("change", (event) => { if (event.target.form === form) heard(event); });

  form.addEventListener("submit", () => { leaving = true; });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-brand-leave]")) leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (isUnsaved && !leaving) event.preventDefault(); });
})();
