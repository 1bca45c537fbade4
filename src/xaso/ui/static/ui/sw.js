// Stands in front of the network only for what is the same for everybody: the page without network and the files of the
// design. Pages of a person are never kept. VERSION, OFFLINE and SHELL are written above by the server.
const CACHE = "xaso-" + VERSION;

const keep = async () => {
  const cache = await caches.open(CACHE);
  await Promise.all([OFFLINE, ...SHELL].map(async path => {
    // Without cookies: what is kept must be nobody's.
    const answer = await fetch(new Request(path, { credentials: "omit", cache: "no-cache" }));
    if (!answer.ok) throw new Error(path + " " + answer.status);
    await cache.put(path, answer);
  }));
  await self.skipWaiting();
};
const clean = async () => {
  for (const name of await caches.keys()) if (name.startsWith("xaso-") && name !== CACHE) await caches.delete(name);
  if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
  await self.clients.claim();
};
self.addEventListener("install", event => event.waitUntil(keep()));
self.addEventListener("activate", event => event.waitUntil(clean()));

self.addEventListener("fetch", event => {
  const asked = event.request, url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== self.location.origin) return;
  if (asked.mode === "navigate") {
    event.respondWith((async () => {
      try { return (await event.preloadResponse) || (await fetch(asked)); }
      catch { return (await caches.match(OFFLINE, { cacheName: CACHE })) || Response.error(); }
    })());
  } else if (SHELL.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { cacheName: CACHE }).then(kept => kept || fetch(asked)));
  }
});

const own = address => { const url = new URL(address || "/", self.location.origin); return url.origin === self.location.origin ? url.href : self.location.origin; };
// The browser may change its address by itself, also while nobody is signed in: the old one proves to be the same
// browser. It is kept here because some browsers do not say it any more when they change it.
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const bytes = key => Uint8Array.from(atob((key + "=".repeat((4 - key.length % 4) % 4)).replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
const ADDRESS = "push-address";
const remember = async made => { if (made) await (await caches.open(ADDRESS)).put("/" + ADDRESS, new Response(made.endpoint)); };
const remembered = async () => { const kept = await caches.match("/" + ADDRESS, { cacheName: ADDRESS }); return kept ? kept.text() : ""; };
const renew = async event => {
  const old = event.oldSubscription ? event.oldSubscription.endpoint : await remembered();
  const manager = self.registration.pushManager;
  let made = event.newSubscription || await manager.getSubscription();
  if (!made) {
    const answer = await fetch("/api/v1/push/key", { credentials: "omit" });
    made = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes((await answer.json()).key) });
  }
  if (!old || old === made.endpoint) return;
  const body = JSON.stringify({ old, endpoint: made.endpoint, p256dh: text(made.getKey("p256dh")), auth: text(made.getKey("auth")) });
  const answer = await fetch("/api/v1/push/renew", { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body });
  if (answer.ok) await remember(made);
};
self.addEventListener("pushsubscriptionchange", event => event.waitUntil(renew(event)));
self.addEventListener("push", event => {
  event.waitUntil(self.registration.pushManager.getSubscription().then(remember));
  let told = {};
  try { told = event.data ? event.data.json() : {}; } catch { told = {}; }
  event.waitUntil(self.registration.showNotification(told.title || "Bạn có tin mới", {
    tag: told.tag, icon: "/icons/192.png", badge: "/icons/192.png", lang: "vi", data: { url: own(told.url) },
  }));
});
self.addEventListener("notificationclick", event => {
  event.notification.close();
  event.waitUntil((async () => {
    const address = own(event.notification.data && event.notification.data.url);
    for (const open of await self.clients.matchAll({ type: "window" })) if (open.url === address) return open.focus();
    return self.clients.openWindow(address);
  })());
});
