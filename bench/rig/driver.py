"""Sends ready-made requests over keep-alive sockets, from a process of its own, and notes when each was answered."""

import multiprocessing
import socket
import threading
import time

CONTEXT = multiprocessing.get_context("spawn")


class Slice:
    """What one slice of a run saw."""

    def __init__(self, seconds, latencies, statuses):
        self.seconds, self.latencies, self.statuses = seconds, sorted(latencies), statuses

    @property
    def rate(self):
        return len(self.latencies) / self.seconds

    @property
    def errors(self):
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def percentile(self, share):
        if not self.latencies:
            return float("nan")
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))] * 1000


def request(method, path, port, body=b"", token="", more=""):
    """The bytes of one request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: keep-alive\r\n{more}"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class Driver:
    """One child process; `run` gives it requests and gets a Slice back."""

    def __init__(self):
        self._here, there = CONTEXT.Pipe()
        self._child = CONTEXT.Process(target=_work, args=(there,), daemon=True)
        self._child.start()

    def run(self, port, requests, connections, seconds):
        """Each request is sent once at most; the slice ends early when there are no more."""
        self._here.send((port, requests, connections, seconds))
        return Slice(*self._here.recv())

    def close(self):
        self._here.send(None)
        self._child.join(10)


def _work(pipe):
    while (job := pipe.recv()) is not None:
        pipe.send(_slice(*job))


def _slice(port, requests, connections, seconds):
    waiting = iter(requests)
    lock, latencies, statuses = threading.Lock(), [], {}
    begun = time.perf_counter()
    end = begun + seconds
    threads = [
        threading.Thread(target=_connection, args=(port, waiting, lock, end, latencies, statuses))
        for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun, latencies, statuses


def _connection(port, waiting, lock, end, latencies, statuses):
    found = _connect(port)
    clock = time.perf_counter
    while clock() < end:
        with lock:
            one = next(waiting, None)
        if one is None:
            break
        sent = clock()
        try:
            found.sendall(one)
            status = _answer(found)
        except OSError:
            status = 0
        latencies.append(clock() - sent)
        statuses[status] = statuses.get(status, 0) + 1
        if status == 0:
            found = _connect(port)
    found.close()


def _connect(port):
    found = socket.create_connection(("127.0.0.1", port))
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def _answer(found):
    received = found.recv(65536)
    if not received:
        return 0
    while b"\r\n\r\n" not in received:
        received += found.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    small = head.lower()
    if b"content-length:" in small:
        place = small.index(b"content-length:") + 15
        missing = int(head[place:].split(b"\r\n", 1)[0]) - len(body)
        while missing > 0:
            missing -= len(found.recv(min(missing, 1 << 20)))
    else:
        while not body.endswith(b"0\r\n\r\n"):
            body = body[-8:] + found.recv(1 << 20)
    return int(head[9:12])
