// The page's side of `xaso agent`: asks the program in this PC for one signature and posts the value to the server.
// The PIN is typed there, never here. Without JavaScript the form stays hidden and the page says what else to do.
(() => {
  const form = document.querySelector("form[data-agent]");
  if (!form || !window.WebSocket) return;
  const key = "xaso-agent-token";
  const field = (id) => document.getElementById(id);
  const status = form.querySelector("[data-agent-status]");
  const pairing = form.querySelector("[data-agent-pairing]");
  const button = form.querySelector("button");
  const say = (sentence) => { status.textContent = sentence; };
  const wanted = JSON.parse(form.querySelector("script[type='application/json']").textContent);
  // The browser does not say why: nobody listens there, or it was told not to let this page reach this computer.
  const GONE = "Không nối được trình ký trên máy này. Hãy mở trình ký (lệnh xaso agent) và kiểm tra cổng; " +
    "nếu trình duyệt hỏi quyền nối tới ứng dụng trên máy, hãy chọn Cho phép rồi bấm lại.";
  const CUT = "Mất kết nối với trình ký. Hãy xem cửa sổ trình ký rồi bấm lại.";
  let turn = 0;

  const open = () => new Promise((done, failed) => {
    const port = Number.parseInt(field("agent-port").value, 10);
    if (!(port > 0 && port < 65536)) { failed(new Error("Cổng của trình ký phải từ 1 đến 65535.")); return; }
    const line = new WebSocket(`ws://127.0.0.1:${port}/`);
    line.onopen = () => done(line);
    line.onerror = () => failed(new Error(GONE));
  });

  const ask = (line, wish) => new Promise((done, failed) => {
    const id = ++turn;
    line.onmessage = (event) => {
      const told = JSON.parse(event.data);
      if (told.id === id) done(told);
    };
    line.onclose = () => failed(new Error(CUT));
    line.send(JSON.stringify({ id, token: localStorage.getItem(key) || "", ...wish }));
  });

  const needPairing = (sentence) => {
    localStorage.removeItem(key);
    pairing.hidden = false;
    field("agent-code").focus();
    throw new Error(sentence);
  };

  const pair = async (line) => {
    const code = field("agent-code").value.trim();
    if (localStorage.getItem(key)) return;
    if (!code) needPairing("Hãy nhập mã ghép nối đang hiện ở cửa sổ trình ký rồi bấm lại.");
    const told = await ask(line, { do: "pair", code });
    if (!told.ok) needPairing(told.sentence);
    localStorage.setItem(key, told.token);
    pairing.hidden = true;
  };

  const sign = async () => {
    say("Đang nối với trình ký trên máy này…");
    const line = await open();
    try {
      await pair(line);
      say("Hãy xem cửa sổ trình ký: so tên văn bản, đồng ý rồi nhập mã PIN tại đó.");
      const told = await ask(line, { do: "sign", ...wanted });
      if (!told.ok && told.code === "not_paired") needPairing(told.sentence);
      if (!told.ok) throw new Error(told.sentence);
      form.elements.signature.value = told.signature;
      say("Đã có chữ ký. Đang gửi về máy chủ…");
      form.submit();
    } finally {
      line.onclose = null;
      line.close();
    }
  };

  form.closest("[data-agent-part]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await sign();
    } catch (error) {
      say(error.message);
    } finally {
      button.disabled = false;
    }
  });
})();
