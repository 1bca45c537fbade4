"""A program of ours that answers HTTP on this machine and nothing else: our simulators of other people's services."""

import signal
import sys
import threading
from http.server import ThreadingHTTPServer


def serve(server: ThreadingHTTPServer, says: str) -> int:
    """Serve until told to stop. Whoever started it reads two lines: the address, and what this is (`says`)."""

    def stop(*_: object) -> None:
        # From another thread: the loop cannot end while it waits for itself.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    host, port = server.server_address[:2]
    sys.stdout.write(f"http://{host!s}:{port}\n{says}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0
