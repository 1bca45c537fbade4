// A live microphone: pieces of half a second, sent one after the other with their numbers.
(() => {
  "use strict";
  const panel = document.querySelector("[data-microphone]");
  if (!panel || !window.MediaRecorder || !navigator.mediaDevices) return;
  const part = name => panel.querySelector(`[data-microphone-${name}]`);
  const start = part("start"), stop = part("stop");
  const say = text => { part("status").textContent = text; };
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const KIND = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"].find(k => MediaRecorder.isTypeSupported(k));
  let number = 0, waiting = [], sending = false, recorder, stream;
  if (!KIND) return;
  start.hidden = false;
  say("Bấm “Bắt đầu nói”, đợi dòng chữ “Đang phát” rồi nói.");

  const end = text => {
    if (recorder && recorder.state !== "inactive") recorder.stop();
    stream?.getTracks().forEach(track => track.stop());
    start.hidden = stop.hidden = true;
    say(text);
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const [at, piece] = waiting[0];
      let answer;
      try {
        answer = await fetch(panel.dataset.microphone.replace(/\d+\/$/, `${at}/`), {
          method: "POST", body: piece, headers: { "X-CSRFToken": csrf, "Content-Type": "application/octet-stream" },
        });
      } catch {
        answer = null;
      }
      if (answer?.status === 410 || answer?.status === 403) { end("Micrô đã đóng. Tải lại trang để xem lý do."); break; }
      if (answer?.ok || answer?.status === 413) { waiting.shift(); say("Đang phát. Bà con đang nghe bạn nói."); }
      else { say("Mạng chập chờn, đang gửi lại…"); await new Promise(done => setTimeout(done, 700)); }
      if (waiting.length > 60) { end("Mạng mất quá lâu nên đã ngừng. Hãy đóng và mở micrô lại."); break; }
    }
    sending = false;
  };

  start.addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch {
      say("Chưa dùng được micrô. Hãy cho phép trang này dùng micrô rồi thử lại.");
      return;
    }
    recorder = new MediaRecorder(stream, { mimeType: KIND, audioBitsPerSecond: 64000 });
    recorder.addEventListener("dataavailable", event => { if (event.data.size) { waiting.push([number++, event.data]); send(); } });
    recorder.start(500);
    start.hidden = true;
    stop.hidden = false;
    say("Đang nối…");
  });
  stop.addEventListener("click", () => end("Đã ngừng nói. Bấm “Đóng” ở đầu trang để trả loa."));
})();
