"""A program that serves says where and what it is, and ends when it is told to."""

import signal
import subprocess
import sys
import textwrap

import httpx
import pytest

from xaso.kit.tests.programs import SOURCE

SERVING = textwrap.dedent("""
    import sys
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from xaso.kit.serving import serve

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

    sys.exit(serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler), "MÔ PHỎNG"))
""")


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_and_what_it_is_and_ends_when_told(told):
    process = subprocess.Popen(
        [sys.executable, "-c", SERVING], stdout=subprocess.PIPE, text=True, cwd=SOURCE, env={"PYTHONPATH": str(SOURCE)}
    )
    try:
        url, says = process.stdout.readline().strip(), process.stdout.readline().strip()
        assert says == "MÔ PHỎNG"
        assert httpx.get(url).status_code == 204
        process.send_signal(told)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()
