"""The dummy CSC server of certomancer on a port of its own, with a door keeper in front that the dummy leaves out.

The keeper wants the bearer, counts, and makes trouble on order. Everything else is the server's own doing.
"""

import asyncio
import threading

from aiohttp import web
from certomancer.registry import CertomancerConfig
from csc_dummy.csc_dummy_server import CSCWithCertomancer, DummyServiceParams

TOKEN = "khoa-ket-noi-cua-xa"


class CscService:
    def __init__(self, config: CertomancerConfig) -> None:
        self.asked: list[str] = []
        self.trouble: dict[str, str] = {}
        self.instead: dict[str, object] = {}
        served = CSCWithCertomancer(config, service_params=DummyServiceParams(hash_pinning_required=True))
        served.app.middlewares.append(self._keeper)
        served.register_routes()
        self._app = served.app
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        self._runner = web.AppRunner(self._app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/csc/v1"

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    @property
    def signed(self) -> int:
        return self.asked.count("signHash")

    @web.middleware
    async def _keeper(self, request, handler):
        name = request.path.rpartition("/")[2]
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "invalid_token"}, status=401)
        trouble = self.trouble.pop(name, "")
        if trouble.isdecimal():
            return web.json_response({}, status=int(trouble))
        if name in self.instead:
            status, body = self.instead.pop(name)
            return web.json_response(body, status=status)
        answer = await handler(request)
        self.asked.append(name)
        if trouble == "cut":
            request.transport.abort()
        return answer
