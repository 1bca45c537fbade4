"""`python bench/rig/serve.py ours|unwatched|bare PORT PROCESSES`: the same waitress, set the same, in front of each.

`unwatched` is ours with no table watched, so that actions leave no marks for the figures.
"""

import importlib
import os
import signal
import sys

from xaso.command.webserver import bind, serve


def main(which, port, count):
    if which != "bare":
        application = importlib.import_module("xaso.config.wsgi").application
        resolver = importlib.import_module("django.urls").get_resolver()
        resolver.url_patterns  # noqa: B018 - every screen is imported before the fork
        if which == "unwatched":
            importlib.import_module("xaso.core.marks.watching")._watched.clear()
    else:
        application = importlib.import_module("bench.yardstick.wsgi").application
    listening = bind("127.0.0.1", port)
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            serve(application, listening)
            os._exit(0)
        children.append(child)
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(child, signal.SIGTERM) for child in children])
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
