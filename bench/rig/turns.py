"""Two processes that answer in turn: what else the machine does falls on both."""

import subprocess
from contextlib import contextmanager

from bench.rig.databases import ROOT


class Asked:
    """`said` is the line with which the process told that it is ready."""

    def __init__(self, process, said):
        self.process, self.said = process, said

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        return self.process.stdout.readline()


@contextmanager
def answering(command, around):
    """A process that writes one line when it is ready, then one line for each line it is given."""
    with subprocess.Popen(
        command, env=around, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as started:
        try:
            if not (said := started.stdout.readline()):
                raise SystemExit("the process of the bench ended before it was ready")
            yield Asked(started, said)
        finally:
            started.terminate()
