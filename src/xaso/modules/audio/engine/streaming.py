"""`python -m xaso.modules.audio.engine.streaming`: live sound in (WEBM, OGG, MP4, MP3), MP3 out, until the input ends.

One of it for each live sound: what a browser or a foreign station sends can only end its own.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import av
import av.error
from av.filter import Graph

MEMORY = 1024 * 1024 * 1024
RATE, BITRATE = 24_000, 64_000
FORMATS = {"mp3", "mov", "ogg", "matroska", "aac"}
MOST_FAULTS = 200


class _Pipe:
    """Standard input without a seek, so that the reader does not try to look at the end of what has no end."""

    def read(self, size: int) -> bytes:
        return os.read(0, size)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    av.logging.set_level(None)
    options = {"probesize": "16384", "analyzeduration": "300000", "fflags": "nobuffer", "protocol_whitelist": "pipe"}
    try:
        with av.open(_Pipe(), "r", options=options) as source:
            if not set(source.format.name.split(",")) & FORMATS or not source.streams.audio:
                return 3
            _carry(source)
    except (av.error.FFmpegError, BrokenPipeError):
        return 4
    return 0


def _carry(source: Any) -> None:
    encoder: Any = av.CodecContext.create("libmp3lame", "w")
    encoder.sample_rate, encoder.bit_rate, encoder.layout, encoder.format = RATE, BITRATE, "mono", "s16p"
    encoder.options = {"compression_level": "7"}
    resampler = av.AudioResampler(format="s16p", layout="mono", rate=RATE, frame_size=576)
    graph, faults = None, 0
    for packet in source.demux(source.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            faults += 1
            if faults > MOST_FAULTS:
                raise
            continue
        for frame in frames:
            graph = graph or _limiter(frame)
            frame.pts = None
            graph.push(frame)
            _pass_on(graph, resampler, encoder)


def _limiter(frame: Any) -> Any:
    """Whoever shouts into a microphone is not louder on the pole."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name)
    graph.link_nodes(source, graph.add("alimiter", "limit=0.84:level=disabled"), graph.add("abuffersink")).configure()
    return graph


def _pass_on(graph: Any, resampler: Any, encoder: Any) -> None:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pts = None
        for part in resampler.resample(frame):
            for packet in encoder.encode(part):
                sys.stdout.buffer.write(bytes(packet))
                sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
