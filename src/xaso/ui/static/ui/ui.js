// Progressive enhancement only: every page works without this file.
(() => {
  "use strict";
  const all = (selector, root = document) => root.querySelectorAll(selector);

  // A form is sent once: an old phone on a weak network invites a second tap.
  const release = form => {
    delete form.dataset.sent;
    all("[aria-disabled][data-sending]", form).forEach(b => { b.removeAttribute("aria-disabled"); delete b.dataset.sending; });
  };
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-no-lock")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) setTimeout(() => { button.setAttribute("aria-disabled", "true"); button.dataset.sending = "1"; });
    setTimeout(() => release(form), 15000);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", event => { const form = event.target.closest("form"); if (form) release(form); });

  // Larger text without losing what is being typed.
  document.addEventListener("click", event => {
    const toggle = event.target.closest("[data-text-toggle]");
    if (!toggle) return;
    event.preventDefault();
    const root = document.documentElement, large = root.dataset.text !== "large";
    if (large) root.dataset.text = "large"; else delete root.dataset.text;
    toggle.querySelector("span").textContent = large ? "Chữ thường" : "Chữ lớn";
    fetch(toggle.href.replace(/([?&]co=)[^&]*/, "$1" + (large ? "lon" : "thuong")), { redirect: "manual" });
  });

  // Folds marked data-dialog become windows.
  const dialogs = root => all("details[data-dialog]", root).forEach(fold => {
    if (!window.HTMLDialogElement) return;
    const opener = document.createElement("button"), dialog = document.createElement("dialog"), shut = document.createElement("button");
    const summary = fold.querySelector("summary"), body = fold.querySelector(".dialog__body");
    for (const { name, value } of summary.attributes) opener.setAttribute(name, value);
    opener.type = shut.type = "button";
    opener.append(...summary.childNodes);
    opener.setAttribute("aria-haspopup", "dialog");
    dialog.setAttribute("aria-label", fold.dataset.dialog || opener.textContent.trim());
    shut.className = "button button--quiet";
    shut.textContent = "Đóng";
    shut.addEventListener("click", () => dialog.close());
    opener.addEventListener("click", () => dialog.showModal());
    body.append(shut);
    dialog.append(body);
    if (fold.id) opener.id = fold.id;
    const show = fold.open;
    fold.replaceWith(opener, dialog);
    if (show) dialog.showModal();
  });

  // data-autosave="/url" on a form: send the draft when typing rests; the page says when it was kept.
  const autosave = root => all("form[data-autosave]", root).forEach(form => {
    const status = form.querySelector("[data-autosave-status]");
    const say = text => { if (status) status.textContent = text; };
    let timer;
    const save = async () => {
      if (form.dataset.sent) return;
      const draft = new FormData(form);
      for (const [name, value] of [...draft]) if (value instanceof File) draft.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: draft, headers: { "X-Autosave": "1" } });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        say("Đã lưu nháp lúc " + new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }));
      } catch {
        say("Chưa lưu được nháp. Máy sẽ thử lại.");
        timer = setTimeout(save, 15000);
      }
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1500); });
  });

  // data-key="F2" or data-key="n" (with Alt): press the button, open the link or go to the box.
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const short = event.key.length === 1;
    if (short !== event.altKey) return;
    const target = document.querySelector(`[data-key="${CSS.escape(short ? event.key.toLowerCase() : event.key)}"]`);
    if (!target || target.closest("[hidden]")) return;
    event.preventDefault();
    if (target.matches("input:not([type=submit]), select, textarea")) { target.focus(); target.select?.(); } else target.click();
  });

  const buttons = root => {
    all("[data-print]", root).forEach(b => { b.hidden = false; });
    if (navigator.clipboard) all("[data-copy-button]", root).forEach(b => { b.hidden = false; });
  };
  document.addEventListener("click", async event => {
    if (event.target.closest("[data-print]")) print();
    const copy = event.target.closest("[data-copy-button]");
    if (!copy) return;
    await navigator.clipboard.writeText(copy.parentElement.querySelector("[data-copy]").value);
    copy.querySelector("span").textContent = "Đã chép";
  });

  const start = root => { dialogs(root); autosave(root); buttons(root); };
  start(document);
  document.querySelector("[data-autofocus]")?.focus();
  document.addEventListener("htmx:load", event => start(event.target));
})();
