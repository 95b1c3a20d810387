// Passkeys and security keys: the browser makes or uses one, and the form carries its answer.
(() => {
  const answer = async (form) => {
    const options = JSON.parse(form.dataset.passkeyOptions);
    if (form.dataset.passkey === "create") {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
      const alone = form.elements.namedItem("passwordless")?.checked ?? false;
      publicKey.authenticatorSelection = {
        ...publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        ...(alone ? { userVerification: "required" } : {}),
      };
      return navigator.credentials.create({ publicKey });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-passkey]");
    if (!form) return;
    event.preventDefault();
    const problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = true;
    try {
      if (form.dataset.passkeyAsk) {
        const asked = await fetch(form.dataset.passkeyAsk, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
        form.dataset.passkeyOptions = JSON.stringify((await asked.json()).request_options);
      }
      form.elements.namedItem("credential").value = JSON.stringify((await answer(form)).toJSON());
      form.submit();
    } catch {
      problem.textContent = form.dataset.passkeyRefused;
      problem.hidden = false;
    }
  });

  // Where there is no such thing in the browser, nothing offers it.
  if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    for (const hidden of document.querySelectorAll("[data-passkey-offer]")) hidden.hidden = false;
  }
})();
