"""Sounds for tests: tones, silence and hostile files, written by the standard library and PyAV."""

import array
import io
import math
import wave

import av

RATE = 24_000


def tone(seconds, hertz=440.0, volume=0.3, rate=RATE):
    """Samples of a sine, 16 bit."""
    return array.array(
        "h", (int(32767 * volume * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate)))
    )


def wav(samples, rate=RATE, channels=1):
    target = io.BytesIO()
    with wave.open(target, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(samples.tobytes())
    return target.getvalue()


def encoded(samples, container, codec, rate=RATE, video=False):
    """The samples in another container, as a phone or a browser would send them."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        picture = _picture(out) if video else None
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
        frame.sample_rate = rate
        frame.planes[0].update(samples.tobytes())
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate, frame_size=stream.frame_size or 1024
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        if picture is not None:
            out.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
            out.mux(picture.encode(None))
        out.mux(stream.encode(None))
    return target.getvalue()


def _picture(out):
    stream = out.add_stream("mpeg4", rate=5)
    stream.width = stream.height = 64
    stream.pix_fmt = "yuv420p"
    return stream


def upload(content, name="thu.mp3"):
    """Like Django's uploaded file: a name and a stream."""
    stream = io.BytesIO(content)
    stream.name = name
    return stream


def samples_of(content):
    """(samples as floats, rate) of an encoded sound, mono."""
    found = array.array("f")
    rate = 0
    with av.open(io.BytesIO(content)) as source:
        resampler = av.AudioResampler(format="flt", layout="mono")
        for frame in source.decode(audio=0):
            rate = frame.sample_rate
            for part in resampler.resample(frame):
                found.frombytes(bytes(part.planes[0])[: part.samples * 4])
    return found, rate


def goertzel(samples, rate, hertz):
    """The strength of one tone among the samples: about its amplitude."""
    coefficient = 2 * math.cos(2 * math.pi * hertz / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = before * before + last * last - coefficient * before * last
    return 2 * math.sqrt(max(power, 0.0)) / max(len(samples), 1)


def loudness(samples, rate):
    """Integrated loudness by ITU-R BS.1770, written here anew from its formulas, so that it checks the one in use."""
    weighted = _biquad(_biquad(samples, *_shelf(rate)), *_high_pass(rate))
    step, size = int(rate * 0.1), int(rate * 0.4)
    squares = [sum(v * v for v in weighted[at : at + step]) for at in range(0, len(weighted) - step + 1, step)]
    blocks = [sum(squares[at : at + 4]) / size for at in range(len(squares) - 3)]
    loud = [b for b in blocks if b > 0 and -0.691 + 10 * math.log10(b) > -70]
    if not loud:
        return -70.0
    gate = -0.691 + 10 * math.log10(sum(loud) / len(loud)) - 10
    kept = [b for b in loud if -0.691 + 10 * math.log10(b) > gate]
    return -0.691 + 10 * math.log10(sum(kept) / len(kept))


def _biquad(samples, b, a):
    out, x1, x2, y1, y2 = array.array("d"), 0.0, 0.0, 0.0, 0.0
    for x in samples:
        y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
        x2, x1, y2, y1 = x1, x, y1, y
        out.append(y)
    return out


def _shelf(rate):
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, gain = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    half = gain**0.4996667741545416
    a0 = 1 + k / q + k * k
    b = ((gain + half * k / q + k * k) / a0, 2 * (k * k - gain) / a0, (gain - half * k / q + k * k) / a0)
    return b, (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def _high_pass(rate):
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return (1.0, -2.0, 1.0), (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def true_peak(samples, rate):
    """dBTP: the samples four times as dense by libswresample, the highest of them."""
    source = av.AudioFrame(format="flt", layout="mono", samples=len(samples))
    source.sample_rate = rate
    source.planes[0].update(samples.tobytes())
    dense = av.AudioResampler(format="flt", layout="mono", rate=rate * 4)
    most = 0.0
    for frame in [*dense.resample(source), *dense.resample(None)]:
        found = array.array("f", bytes(frame.planes[0])[: frame.samples * 4])
        most = max(most, max(map(abs, found), default=0.0))
    return 20 * math.log10(most or 1e-9)


__all__ = ["RATE", "encoded", "goertzel", "loudness", "samples_of", "tone", "true_peak", "upload", "wav"]
