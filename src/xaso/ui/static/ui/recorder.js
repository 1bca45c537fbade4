// Progressive enhancement: record into the form's file field. Without this file a sound is chosen as a file.
(() => {
  "use strict";
  const form = document.querySelector("form[data-recorder]"), panel = form?.querySelector("[data-recorder-panel]");
  if (!panel || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const part = name => panel.querySelector(`[data-recorder-${name}]`);
  const field = form.querySelector("input[type=file]"), start = part("start"), stop = part("stop"), heard = part("heard");
  const say = text => { part("status").textContent = text; };
  let recorder, clock, address;
  panel.hidden = false;

  const keep = parts => {
    const type = recorder.mimeType.split(";")[0], extension = type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm";
    const file = new File(parts, `thu-am.${extension}`, { type });
    const carrier = new DataTransfer();
    carrier.items.add(file);
    field.files = carrier.files;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(file);
    heard.src = address;
    heard.hidden = false;
    say("Nghe lại bên dưới. Được thì bấm “Giữ bản thu”; chưa được thì thu lại.");
    start.querySelector("span").textContent = "Thu lại";
  };

  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      say("Chưa dùng được micrô. Hãy cho phép trang này dùng micrô, hoặc chọn tệp ở ô bên dưới.");
      return;
    }
    const parts = [], began = Date.now();
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", event => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      stream.getTracks().forEach(track => track.stop());
      stop.hidden = true;
      start.hidden = false;
      keep(parts);
    });
    recorder.start();
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    say("Đang thu…");
    clock = setInterval(() => say(`Đang thu: ${Math.round((Date.now() - began) / 1000)} giây`), 1000);
  });
  stop.addEventListener("click", () => recorder.stop());
})();
