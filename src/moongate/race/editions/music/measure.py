"""Measure rendered music: loudness, tempo, key, silence, and how far two pieces are apart.

Sound is an array of (samples, channels) in −1 … 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import get_window, lfilter, stft

from moongate.race.editions.music.theory import MODES, Key, pitch_class

Array = NDArray[np.float64]
FULL_SCALE = 0.999
ONSET_HOP = 256
CHROMA_WINDOW = 16384
LOWEST, HIGHEST = 45, 88
BANDS = 24
CEPSTRA = 8
# How often each tone of a key sounds, from the tonic up: Temperley, "Music and Probability"
# (2007), table 6.1, counted in the Kostka-Payne corpus.
PROFILES = {
    "major": (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
    "minor": (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
}
NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Measured:
    """Loudness in LUFS, peak and crest in dB, shares 0 … 1, frequencies in Hz, time in s."""

    loudness: float
    peak_db: float
    clipped_run: int
    crest_db: float
    tempo: float
    key: tuple[str, str]
    longest_silence: float
    centroid: float
    share_above_5k: float
    share_below_150: float


def _mono(sound: Array) -> Array:
    return np.asarray(sound.mean(axis=1))


def _k_weighted(channel: Array, rate: int) -> Array:
    """ITU-R BS.1770-5, annex 1: a shelf for the head, a high-pass for low frequencies.

    The standard gives coefficients for 48 kHz; these are its analogue filters at any rate.
    """
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf_b = [
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
    ]
    shelf_a = [1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k = np.tan(np.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    pass_a = [1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    return np.asarray(lfilter([1.0, -2.0, 1.0], pass_a, lfilter(shelf_b, shelf_a, channel)))


def loudness(sound: Array, rate: int) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770-5: 400 ms blocks, gated at −70 and −10 LU."""
    power = np.sum([_k_weighted(sound[:, c], rate) ** 2 for c in range(sound.shape[1])], axis=0)
    block, hop = int(0.4 * rate), int(0.1 * rate)
    total = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(power) - block + 1, hop)
    mean = (total[starts + block] - total[starts]) / block
    level = -0.691 + 10 * np.log10(np.maximum(mean, 1e-12))
    loud = mean[level > -70]
    if not len(loud):
        return -np.inf
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    loud = mean[(level > -70) & (level > gate)]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def longest_run(sound: Array) -> int:
    """The most samples in a row that stand at full scale."""
    longest = 0
    for channel in sound.T:
        full = np.concatenate([[0], (np.abs(channel) >= FULL_SCALE).astype(int), [0]])
        edges = np.flatnonzero(np.diff(full))
        longest = max(longest, int((edges[1::2] - edges[::2]).max(initial=0)))
    return longest


def longest_silence(sound: Array, rate: int, floor_db: float = -55.0) -> float:
    """Seconds of the longest stretch below the floor."""
    width = int(0.05 * rate)
    frames = _mono(sound)[: len(sound) // width * width].reshape(-1, width)
    quiet = 10 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-12)) < floor_db
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    return float((edges[1::2] - edges[::2]).max(initial=0) * width / rate)


def onsets(sound: Array, rate: int) -> tuple[Array, float]:
    """How much new energy each moment brings, and the moments a second."""
    _, _, spectrum = stft(_mono(sound), rate, nperseg=1024, noverlap=1024 - ONSET_HOP)
    bands = _bands(np.abs(spectrum) ** 2, rate)
    rise = np.maximum(0, np.diff(np.log10(bands + 1e-6), axis=1)).sum(axis=0)
    slow = np.convolve(rise, np.ones(87) / 87, "same")
    return np.maximum(0, rise - slow), rate / ONSET_HOP


def tempo(sound: Array, rate: int, thirds: bool = False) -> float:
    """Beats a minute, 60 to 240: the lag at which onsets agree best with themselves.

    A lag's multiples and its halves, or its `thirds` in a compound metre, speak for it.
    """
    flux, fps = onsets(sound, rate)
    flux = flux - flux.mean()
    size = 1 << (2 * len(flux) - 1).bit_length()
    agree = np.fft.irfft(np.abs(np.fft.rfft(flux, size)) ** 2)[: len(flux)]
    agree /= np.maximum(1, len(flux) - np.arange(len(flux)))
    tried = np.exp(np.arange(np.log(60.0), np.log(240.0), 0.001))
    lags = fps * 60 / tried
    part = 1 / 3 if thirds else 1 / 2
    score = np.zeros_like(tried)
    for multiple, weight in ((part, 1.0), (1, 1.0), (2, 1.0), (4, 1.0), (8, 0.5)):
        score += weight * np.interp(lags * multiple, np.arange(len(agree)), agree)
    # People hear a beat rather near 120 than far from it (after Ellis, JNMR 36, 2007).
    score *= np.exp(-0.5 * np.log2(tried / 120) ** 2)
    return float(tried[np.argmax(score)])


def chroma(sound: Array, rate: int) -> Array:
    """Share of each of the twelve pitch classes, C first.

    A tone counts by what its first four partials have in common, so that a fifth that is only
    somebody's third partial counts little.
    """
    freqs, _, spectrum = stft(_mono(sound), rate, nperseg=CHROMA_WINDOW)
    strength = np.sqrt(np.abs(spectrum)).mean(axis=1)
    strength = np.maximum(0, strength - np.convolve(strength, np.ones(61) / 61, "same"))
    out = np.zeros(12)
    for number in range(LOWEST, HIGHEST + 1):
        hz = 440 * 2 ** ((number - 69) / 12)
        partials = [_near(strength, freqs, hz * n) for n in (1, 2, 3, 4)]
        out[number % 12] += float(np.prod(np.maximum(partials, 1e-6))) ** 0.25
    return np.asarray(out / max(out.sum(), 1e-9))


def _near(strength: Array, freqs: Array, hz: float) -> float:
    """The strongest bin within a quarter of a semitone, or the nearest."""
    low, high = np.searchsorted(freqs, [hz * 2 ** (-1 / 48), hz * 2 ** (1 / 48)])
    return float(strength[low : max(high, low + 1)].max())


def key(sound: Array, rate: int) -> tuple[str, str]:
    """The major or minor key whose profile the chroma fits best."""
    heard = chroma(sound, rate)
    fits = {
        (name, mode): float(np.corrcoef(heard, np.roll(profile, k))[0, 1])
        for mode, profile in PROFILES.items()
        for k, name in enumerate(NAMES)
    }
    return max(fits, key=lambda pair: fits[pair])


def agrees(heard: tuple[str, str], declared: Key) -> bool:
    """Whether a heard key is the declared one, its relative, or the plain key of its tonic."""
    third = MODES[declared.mode][2]
    plain = (pitch_class(declared.tonic), "major" if third == 4 else "minor")
    tonic, mode = pitch_class(heard[0]), heard[1]
    same_notes = Key(NAMES[tonic], mode).classes == declared.classes
    return (tonic, mode) == plain or same_notes


def _bands(power: Array, rate: int) -> Array:
    """Power in bands that are even on the mel scale, from 60 Hz to 14 kHz."""
    freqs = np.linspace(0, rate / 2, power.shape[0])
    low, high = (2595 * float(np.log10(1 + hz / 700)) for hz in (60.0, 14000.0))
    mel = np.linspace(low, high, BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    rows = [np.interp(freqs, edges[k : k + 3], [0, 1, 0], left=0, right=0) for k in range(BANDS)]
    return np.asarray(np.array(rows) @ power)


def timbre(sound: Array, rate: int) -> Array:
    """Mean and spread of the first mel cepstra: what it sounds like, whatever it plays."""
    _, _, spectrum = stft(_mono(sound), rate, nperseg=2048)
    bands = np.log10(_bands(np.abs(spectrum) ** 2, rate) + 1e-9)
    turn = np.cos(np.pi * np.outer(np.arange(1, CEPSTRA + 1), np.arange(BANDS) + 0.5) / BANDS)
    cepstra = turn @ bands
    return np.concatenate([cepstra.mean(axis=1), cepstra.std(axis=1)])


def features(sound: Array, rate: int, thirds: bool = False) -> Array:
    """What tells a piece from another: tempo (octaves), chroma, timbre; each about of one size."""
    heard = np.log2(tempo(sound, rate, thirds) / 120)
    return np.concatenate([[3 * heard], 12 * chroma(sound, rate), 0.35 * timbre(sound, rate)])


def measure(sound: Array, rate: int, thirds: bool = False) -> Measured:
    """Everything that is measured of one piece; `thirds` where its beat divides in three."""
    mono = _mono(sound)
    power = np.abs(np.fft.rfft(mono * get_window("hann", len(mono)))) ** 2
    freqs = np.fft.rfftfreq(len(mono), 1 / rate)
    whole = max(float(power.sum()), 1e-12)
    peak = max(float(np.abs(sound).max()), 1e-9)
    rms = max(float(np.sqrt((sound**2).mean())), 1e-9)
    return Measured(
        loudness=loudness(sound, rate),
        peak_db=20 * float(np.log10(peak)),
        clipped_run=longest_run(sound),
        crest_db=20 * float(np.log10(peak / rms)),
        tempo=tempo(sound, rate, thirds),
        key=key(sound, rate),
        longest_silence=longest_silence(sound, rate),
        centroid=float((freqs * power).sum() / whole),
        share_above_5k=float(power[freqs > 5000].sum() / whole),
        share_below_150=float(power[freqs < 150].sum() / whole),
    )
