"""`python -m xaso.modules.audio.engine.mastering`: one file in, one MP3 out, levelled. Everything hostile ends here.

Modes: `probe` says what a file is without decoding it; `master` decodes, measures (EBU R 128), sets the gain, holds the
true peak and encodes. Limits of memory, time and size of output are set before the file is touched.
Answers are one line of JSON on standard output; `fault` names what is wrong, in the parent's words.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import av.error
from av.audio.frame import AudioFrame
from av.filter import Graph

MEMORY = 1536 * 1024 * 1024
LARGEST_OUTPUT = 256 * 1024 * 1024
FORMATS = {"mp3", "mov", "wav", "ogg", "matroska", "aac", "flac"}
"""Names of libavformat's readers that may open a stranger's file: no playlists, no images, no protocols."""
PICTURES = {"mjpeg", "png", "bmp", "gif", "webp"}
SILENT_LUFS = -60.0
PEAK_RATE = 96_000
ROUNDS, CLOSE_ENOUGH, MOST_AT_ONCE = 2, 0.4, 6.0
WHOLE = 0.8
QUICK = "7"
"""LAME's quality for speech at this rate: twice as fast as its default, and nobody hears it from a pole."""


class Fault(Exception):
    """What is wrong with the file, as one of the parent's words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the result should sound."""

    target: float
    peak: float
    rate: int
    bitrate: int
    longest: float
    shortest: float


def main() -> int:
    asked = json.loads(sys.argv[1])
    seconds = int(asked["cpu"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    av.logging.set_level(None)
    try:
        answer = _master(asked) if asked["mode"] == "master" else _probe(asked)
    except Fault as fault:
        answer = {"fault": str(fault)}
    except (av.error.FFmpegError, MemoryError, ValueError, OverflowError, EOFError) as error:
        answer = {"fault": "broken", "detail": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.write(json.dumps(answer))
    return 0


def _opened(path: str) -> Any:
    try:
        source = av.open(path, "r", options={"protocol_whitelist": "file"})
    except av.error.InvalidDataError as unknown:
        raise Fault("kind") from unknown
    names = set(source.format.name.split(","))
    if not names & FORMATS:
        source.close()
        raise Fault("kind")
    if [one for one in source.streams.video if one.codec_context and one.codec_context.name not in PICTURES]:
        source.close()
        raise Fault("video")
    if not source.streams.audio:
        source.close()
        raise Fault("no_audio")
    return source


def _probe(asked: dict[str, Any]) -> dict[str, Any]:
    """Kind and length from the packets: a header may lie about the length, the packets cannot."""
    with _opened(asked["source"]) as source:
        stream = source.streams.audio[0]
        seconds, last, count = 0.0, 0.0, 0
        for packet in source.demux(stream):
            if packet.duration and packet.time_base:
                seconds += float(packet.duration * packet.time_base)
            if packet.pts is not None and packet.time_base:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            count += packet.size > 0
            if max(seconds, last) > asked["longest"]:
                raise Fault("long")
        if not count:
            raise Fault("empty")
        return {"format": source.format.name, "codec": stream.codec_context.name, "seconds": seconds or last}


def _master(asked: dict[str, Any]) -> dict[str, Any]:
    wanted = Wanted(**asked["wanted"])
    heard = _measured(_decoded(asked["source"], wanted))
    if heard.seconds < wanted.shortest:
        raise Fault("short")
    if heard.loudness < SILENT_LUFS:
        raise Fault("silent")
    gain = wanted.target - heard.loudness
    for _ in range(ROUNDS):
        # The limiter takes some loudness away; what is missing is added before it.
        missing = (
            wanted.target - _measured(_levelled(_decoded(asked["source"], wanted), wanted, gain, wanted.rate)).loudness
        )
        if abs(missing) < CLOSE_ENOUGH:
            break
        gain += min(missing * 1.2, MOST_AT_ONCE)
    result = _encoded(asked, wanted, gain)
    return {
        "seconds": round(result.seconds, 3),
        "loudness": round(result.loudness, 2),
        "before": round(heard.loudness, 2),
        "partial": _bytes_heard(asked["source"]) < WHOLE * Path(asked["source"]).stat().st_size,
    }


@dataclass(slots=True)
class Heard:
    """What a measurement found: integrated loudness (LUFS) and length."""

    loudness: float = -70.0
    seconds: float = 0.0


def _decoded(path: str, wanted: Wanted) -> Iterator[AudioFrame]:
    """Frames until the longest length; a fault in the middle of a file ends it there only if most of it was heard."""
    seconds, faults = 0.0, 0
    with _opened(path) as source:
        for packet in source.demux(source.streams.audio[0]):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                faults += 1
                if faults > 50:
                    raise
                continue
            for frame in frames:
                seconds += frame.samples / frame.sample_rate
                if seconds > wanted.longest:
                    raise Fault("long")
                frame.pts = None
                yield frame
    if not seconds:
        raise Fault("empty")


def _bytes_heard(path: str) -> int:
    """The bytes that belonged to some packet: where half of a file is torn, half of it is missing here."""
    with _opened(path) as source:
        return sum(packet.size for packet in source.demux())


def _graph(frame: AudioFrame, steps: list[tuple[str, str]]) -> Any:
    graph = Graph()
    nodes = [graph.add_abuffer(sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name)]
    nodes += [graph.add(name, options) for name, options in steps]
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _through(frames: Iterable[AudioFrame], steps: list[tuple[str, str]]) -> Iterator[AudioFrame]:
    """Frames through a chain of filters. A file that changes its shape in the middle is not taken."""
    graph, shape = None, None
    for frame in frames:
        now = (frame.sample_rate, frame.format.name, frame.layout.name)
        if graph is None:
            graph, shape = _graph(frame, steps), now
        if now != shape:
            raise Fault("broken")
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph)


def _pulled(graph: Any) -> Iterator[AudioFrame]:
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _measured(frames: Iterable[AudioFrame]) -> Heard:
    """Mono first, as it will be heard: two channels that cancel each other are silence on a pole."""
    steps = [("aformat", "channel_layouts=mono"), ("ebur128", "metadata=1")]
    heard = Heard()
    for frame in _through(frames, steps):
        _note(heard, frame)
    return heard


def _note(heard: Heard, frame: AudioFrame) -> None:
    heard.seconds += frame.samples / frame.sample_rate
    heard.loudness = float(frame.metadata.get("lavfi.r128.I", heard.loudness))


def _levelled(frames: Iterable[AudioFrame], wanted: Wanted, gain: float, at: int = PEAK_RATE) -> Iterator[AudioFrame]:
    """Gain, then a limiter at four times the rate, which is where true peaks are seen; then the delivered rate."""
    limit = 10 ** (wanted.peak / 20)
    steps = [
        ("aformat", "channel_layouts=mono"),
        ("volume", f"{gain}dB:precision=float"),
        ("aresample", str(at)),
        ("alimiter", f"limit={limit:.4f}:attack=5:release=50:level=disabled:latency=1"),
        ("aresample", str(wanted.rate)),
        ("ebur128", "metadata=1"),
        ("aformat", f"sample_fmts=s16p:channel_layouts=mono:sample_rates={wanted.rate}"),
    ]
    return _through(frames, steps)


def _encoded(asked: dict[str, Any], wanted: Wanted, gain: float) -> Heard:
    heard = Heard()
    with av.open(asked["target"], "w", format="mp3", options={"id3v2_version": "0", "write_xing": "1"}) as target:
        stream = target.add_stream("libmp3lame", rate=wanted.rate, options={"compression_level": QUICK})
        stream.bit_rate, stream.layout, stream.format = wanted.bitrate, "mono", "s16p"
        for frame in _levelled(_decoded(asked["source"], wanted), wanted, gain):
            _note(heard, frame)
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return heard


if __name__ == "__main__":
    sys.exit(main())
