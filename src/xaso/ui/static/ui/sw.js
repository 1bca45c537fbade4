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
self.addEventListener("push", event => {
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
