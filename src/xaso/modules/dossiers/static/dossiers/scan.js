// The card scanner types and presses Enter: fill the person's fields without a new page. Keys 1–9 choose a procedure.
(() => {
  "use strict";
  const box = document.querySelector("[data-scan]");
  if (box) {
    const form = box.form, said = document.querySelector("[data-scan-said]");
    const put = (name, value, onlyEmpty) => {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio") field.checked = field.value === value;
        else if (!onlyEmpty || !field.value) field.value = value;
      }
    };
    const read = async event => {
      event.preventDefault();
      const body = new FormData();
      body.set("card", box.value);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      try {
        const answer = await fetch(box.dataset.scan, { method: "POST", body });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        const found = await answer.json();
        for (const [name, value] of Object.entries(found.values)) put(name, value);
        for (const [name, value] of Object.entries(found.soft)) put(name, value, true);
        said.textContent = found.problem || found.said;
        if (found.problem) box.select();
        else { box.value = ""; document.querySelector("[data-after-scan]")?.focus(); }
      } catch {
        said.textContent = "Chưa đọc được thẻ vì mất kết nối. Hãy quét lại, hoặc ghi tay vào các ô.";
      }
    };
    box.addEventListener("keydown", event => { if (event.key === "Enter") read(event); });
    document.querySelector("[data-scan-button]").addEventListener("click", read);
  }
  document.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
    if (/^[1-9]$/.test(event.key)) document.querySelector(`[data-number="${event.key}"]`)?.click();
  });
})();
