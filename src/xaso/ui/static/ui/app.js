// The resident's app: the page without network, and notices when the resident asks for them.
(() => {
  "use strict";
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));

  const form = document.querySelector("[data-push-form]");
  if (!form) return;
  const say = text => { form.querySelector("[data-push-said]").textContent = text; };
  const button = form.querySelector("[data-push-button]");
  if (!("PushManager" in window) || !("Notification" in window)) {
    say("Trình duyệt này chưa nhận được thông báo. Trên iPhone, hãy thêm trang này vào màn hình chính rồi mở từ đó.");
    return;
  }
  const bytes = text => Uint8Array.from(atob((text + "=".repeat((4 - text.length % 4) % 4)).replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (await Notification.requestPermission() !== "granted") {
      say("Máy đang chặn thông báo của trang này. Hãy mở cài đặt của trình duyệt, cho phép thông báo rồi bấm lại.");
      return;
    }
    say("Đang bật…");
    try {
      const worker = await navigator.serviceWorker.ready;
      const old = await worker.pushManager.getSubscription();
      if (old && text(old.options.applicationServerKey) !== form.dataset.pushForm) await old.unsubscribe();
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushForm) });
      form.elements.endpoint.value = made.endpoint;
      form.elements.p256dh.value = text(made.getKey("p256dh"));
      form.elements.auth.value = text(made.getKey("auth"));
      form.submit();
    } catch {
      say("Chưa bật được thông báo. Hãy kiểm tra mạng rồi bấm lại.");
    }
  });
})();
