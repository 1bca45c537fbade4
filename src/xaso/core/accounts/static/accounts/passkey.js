// Passkeys: a form with data-passkey="create|get" holds the options as JSON and a hidden field for the answer.
// Without JavaScript, or on a page that is not secure, the form stays hidden and the other ways remain.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const readOptions = (form) => {
    const options = JSON.parse(form.querySelector("script[type='application/json']").textContent).publicKey;
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials])
      for (const one of list || []) one.id = bytes(one.id);
    return options;
  };
  const plain = (made) => {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {},
    });
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.closest("[data-passkey-part]").hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const status = form.querySelector("[role=status]");
      status.textContent = "Hãy làm theo hướng dẫn trên máy…";
      try {
        const publicKey = readOptions(form);
        const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
        form.elements.response.value = plain(made);
        form.submit();
      } catch (error) {
        console.warn(error);
        status.textContent = "Chưa dùng được khoá truy cập. Hãy thử lại, hoặc dùng cách khác.";
      }
    });
  }
})();
