// Files of an answer: picked or dropped ones go up at once, with their progress; removing and bringing back stay on the
// page. Loaded after runner.js where a question takes files. Without JavaScript the same buttons submit the form.
//
// The page:   .files#<id> with input[type=file][data-upload=<address>][data-into=<id>][data-largest=<bytes>] and
//             [data-upload-status]; button[data-file-step][formaction]; all in a form[data-part], which among other
//             questions has a data-prefix.
// The server: the .files part with this id and X-Answer-Revision, also with 413 and 422; or the form's #<part> part.
(() => {
  if (!window.portal?.answering) return;
  const { flush, built, leave, token } = portal.answering;
  let leaving = false;
  let underway = 0;

  // Each file goes up by itself, so that one that is refused keeps no other from being stored. What the server answers,
  // good or bad, is the list of files: it takes the place of the one on the page.

  const post = (url, body, onProgress) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of [["HX-Request", "true"], ["HX-Current-URL", location.href], ["Accept", "text/html"]]) request.setRequestHeader(name, value);
    if (onProgress) request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress(Math.floor(event.loaded * 100 / event.total)); });
    request.addEventListener("load", () => resolve(request));
    for (const trouble of ["error", "abort", "timeout"]) request.addEventListener(trouble, () => reject(new Error(trouble)));
    request.send(body);
  });

  const withToken = (form, fields = []) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    if (form.dataset.prefix) body.set("part", "section");
    for (const [name, value] of fields) body.append(name, value);
    return body;
  };

  // Keys of questions are part of ids, and may hold what a selector reads otherwise.
  const at = (id) => `[id="${id}"]`;

  const showFiles = async (form, into, request) => {
    const elsewhere = request.getResponseHeader("HX-Redirect") || (request.status === 401 ? location.href : "");
    if (elsewhere) { leaving = true; leave(elsewhere); return; }
    built(form, request.getResponseHeader("X-Answer-Revision"));
    const text = request.responseText;
    for (const id of [into, form.dataset.part]) {
      if (!text.includes(`id="${id}"`)) continue;
      await htmx.swap({ text, swap: "outerHTML", target: at(id), select: at(id), sourceElement: document.body });
      return;
    }
    throw new Error(String(request.status));
  };

  const say = (into, text, isProblem = false) => {
    const place = document.querySelector(`${at(into)} [data-upload-status]`);
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("field-error", isProblem);
  };

  const uploadAll = async (input) => {
    const form = input.form;
    const { upload: url, into, tooLarge } = input.dataset;
    const largest = Number(input.dataset.largest);
    const problems = [];
    underway += 1;
    await flush();
    for (const file of [...input.files]) {
      if (file.size > largest) { problems.push(`“${file.name}” ${tooLarge}`); continue; }
      say(into, `${portal.word("uploading")} ${file.name}…`);
      try {
        const request = await post(url, withToken(form, [[input.name, file]]), (percent) => say(into, `${portal.word("uploading")} ${file.name}… ${percent} %`));
        if (request.status >= 500 || request.status === 429) throw new Error(String(request.status));
        await showFiles(form, into, request);
        if (leaving) { underway = 0; return; }
        if (request.status === 200 && into.endsWith("answer-files")) for (const other of form.elements) if (other.matches("[data-alone]")) other.checked = false;
        // A refusal would be gone with the next file's list.
        if (request.status !== 200) { const said = document.querySelector(`${at(into)} .field-error`)?.textContent.trim(); if (said) problems.push(said); }
      } catch { problems.push(`“${file.name}” ${portal.word("uploadFailed")}`); }
    }
    underway -= 1;
    const picker = document.querySelector(`${at(into)} input[type=file]`);
    if (picker) { picker.value = ""; picker.focus(); }
    const stands = document.querySelector(`${at(into)} .field-error`)?.textContent.trim();
    say(into, problems.filter((problem) => problem !== stands).join(" "), true);
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-upload]") && event.target.files.length && event.target.form?.matches("[data-autosave]")) uploadAll(event.target);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-file-step]");
    const form = button?.form;
    if (!form?.matches("[data-autosave]")) return;
    event.preventDefault();
    const into = button.closest(".files").id;
    const row = [...button.closest("ul").children].indexOf(button.closest("li"));
    button.disabled = true;
    await flush();
    try {
      await showFiles(form, into, await post(button.getAttribute("formaction"), withToken(form)));
      // The row stays where it is: what takes the change back has the focus.
      document.querySelector(`${at(into)} li:nth-child(${row + 1}) button`)?.focus();
    } catch { button.disabled = false; say(into, portal.word("offline"), true); }
  });

  window.addEventListener("beforeunload", (event) => { if (underway) event.preventDefault(); });

  for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(kind, (event) => event.target.closest?.("[data-drop]")?.classList.toggle("is-over", over));
  }
})();
