// A scanner types and presses Enter: fill the person, then go on to what is still empty. Keys 1–9 choose a procedure.
(() => {
  "use strict";
  const box = document.querySelector("[data-scan]"), form = box?.form;
  const next = () => {
    const wanted = [...form.querySelectorAll("label .field__must")].map(mark => mark.closest("label").control);
    (wanted.find(f => f && (f.type === "checkbox" ? !f.checked : !f.value)) || form.querySelector("[data-key=F9]")).focus();
  };
  const put = (values, all) => {
    for (const [name, value] of Object.entries(values)) for (const field of document.getElementsByName(name)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (all || !field.value) field.value = value;
    }
  };
  const read = async event => {
    event.preventDefault();
    const said = document.querySelector("[data-scan-said]"), body = new FormData();
    body.set("card", box.value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const found = await (await fetch(box.dataset.scan, { method: "POST", body })).json();
      put(found.values, true);
      put(found.soft);
      said.textContent = found.problem || found.said;
      if (found.problem) box.select();
      else { box.value = ""; next(); }
    } catch {
      said.textContent = "Chưa đọc được thẻ. Hãy quét lại, hoặc ghi tay vào các ô.";
    }
  };
  document.querySelector("[data-scan-button]")?.addEventListener("click", read);
  document.addEventListener("keydown", event => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Enter" && event.target === box) read(event);
    else if (event.key === "Enter" && box && event.target.matches("input")) { event.preventDefault(); next(); }
    else if (!typing && !event.altKey && !event.ctrlKey) document.querySelector(`[data-number="${CSS.escape(event.key)}"]`)?.click();
  });
})();
