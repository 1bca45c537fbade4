// An SMSC for tests, on npm `smpp`. What it does is told by one JSON argument; it is asked by lines on its input.
//   answer_after, throttle_every, full_every, silent_after, error_for {suffix: status}
//   receipts: "off" | "shuffled" | "before" (before the answer), twice_every, ids: "hex" | "decimal" | "hex-decimal"
"use strict";

const readline = require("node:readline");
const smpp = require("smpp");

const asked = Object.assign({ user: "xaso", password: "bi-mat", receipts: "off", ids: "decimal" }, JSON.parse(process.argv[2] || "{}"));
const sessions = new Set();
const seen = { submitted: 0, accepted: 0, throttled: 0, binds: 0, unbinds: 0, enquiries: 0, acknowledged: 0, most_open: 0 };
const messages = new Map();
let counter = 1000;
let open = 0;
let waiting = [];
let silent = false;
let seed = 20261122;

function random() {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
}

function idsOf(number) {
  if (asked.ids === "hex") return [number.toString(16).toUpperCase(), number.toString(16).toUpperCase()];
  if (asked.ids === "hex-decimal") return [number.toString(16).toUpperCase(), String(number)];
  return [String(number), String(number)];
}

function fateOf(phone) {
  if (phone.endsWith("99")) return ["UNDELIV", 5, "027"];
  if (phone.endsWith("98")) return ["EXPIRED", 3, "001"];
  return ["DELIVRD", 2, "000"];
}

function receipt(session, phone, sender, ids) {
  const [word, state, code] = fateOf(phone);
  const text = `id:${ids[1]} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:${word} err:${code} text:`;
  const pdu = { source_addr: phone, source_addr_ton: 1, source_addr_npi: 1, destination_addr: sender, esm_class: 4, short_message: text };
  if (asked.tlv) Object.assign(pdu, { receipted_message_id: ids[0], message_state: state });
  session.deliver_sm(pdu, () => { seen.acknowledged += 1; });
}

function flush() {
  const batch = waiting;
  waiting = [];
  for (let at = batch.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [batch[at], batch[other]] = [batch[other], batch[at]];
  }
  batch.forEach((send, at) => {
    send();
    if (asked.twice_every && at % asked.twice_every === 0) send();
  });
}
setInterval(flush, asked.flush_every || 150);

function keep(pdu, id) {
  const message = pdu.short_message || {};
  const text = pdu.message_payload ? (pdu.message_payload.message || String(pdu.message_payload)) : message.message;
  if (asked.keep !== false) {
    messages.set(id, { to: pdu.destination_addr, from: pdu.source_addr, text, coding: pdu.data_coding,
      validity: pdu.validity_period, udh: message.udh ? message.udh.map((part) => part.toString("hex")) : [] });
  }
}

function submitted(session, pdu) {
  seen.submitted += 1;
  open += 1;
  seen.most_open = Math.max(seen.most_open, open);
  const answer = (values) => {
    open -= 1;
    session.send(pdu.response(values));
  };
  if (silent || (asked.silent_after && seen.submitted > asked.silent_after)) {
    counter += 1;
    keep(pdu, idsOf(counter)[0]);
    const late = idsOf(counter);
    if (asked.receipts !== "off") waiting.push(() => sessions.forEach((one) => receipt(one, pdu.destination_addr, pdu.source_addr, late)));
    return;
  }
  for (const [suffix, status] of Object.entries(asked.error_for || {})) {
    if (pdu.destination_addr.endsWith(suffix)) return void answer({ command_status: status });
  }
  for (const [every, status] of [[asked.throttle_every, 0x58], [asked.full_every, 0x14]]) {
    if (every && seen.submitted % every === 0) {
      seen.throttled += 1;
      return void answer({ command_status: status });
    }
  }
  counter += 1;
  seen.accepted += 1;
  const ids = idsOf(counter);
  keep(pdu, ids[0]);
  const tell = () => receipt(session, pdu.destination_addr, pdu.source_addr, ids);
  if (asked.receipts === "before") tell();
  if (asked.receipts === "shuffled") waiting.push(tell);
  const reply = () => answer({ message_id: ids[0] });
  if (asked.answer_after) setTimeout(reply, asked.answer_after); else reply();
}

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("error", () => sessions.delete(session));
  session.on("close", () => sessions.delete(session));
  session.on("bind_transceiver", (pdu) => {
    const known = pdu.system_id === asked.user && pdu.password === asked.password;
    seen.binds += known ? 1 : 0;
    session.send(pdu.response({ command_status: known ? 0 : 0x0e, system_id: "SMSC" }));
  });
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => { seen.enquiries += 1; session.send(pdu.response()); });
  session.on("unbind", (pdu) => { seen.unbinds += 1; session.send(pdu.response()); session.close(); });
});

const does = {
  state: () => Object.assign({}, seen, { bound: sessions.size, waiting: waiting.length }),
  messages: () => [...messages.values()],
  drop: () => { sessions.forEach((one) => one.socket.destroy()); return {}; },
  unbind: () => { sessions.forEach((one) => one.unbind()); return {}; },
  flush: () => { flush(); return {}; },
  silence: (on) => { silent = on; return {}; },
  garbage: () => { sessions.forEach((one) => one.socket.write(Buffer.from("00000003deadbeef", "hex"))); return {}; },
  set: (values) => Object.assign(asked, values),
  say: (pdu) => { sessions.forEach((one) => one.deliver_sm(pdu, () => { seen.acknowledged += 1; })); return {}; },
  pieces: (given) => {
    given.parts.forEach((text, at) => sessions.forEach((one) => one.deliver_sm({
      source_addr: given.from, destination_addr: given.to, esm_class: 0x40, data_coding: 8,
      short_message: { udh: Buffer.from([5, 0, 3, given.ref, given.parts.length, at + 1]), message: text },
    }, () => { seen.acknowledged += 1; })));
    return {};
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [what, value] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(does[what](value))}\n`);
}).on("close", () => process.exit(0));

server.listen(asked.port || 0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
