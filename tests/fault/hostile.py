"""hostile.py - files that are no recording, or more of one than anybody may send."""
import random
import subprocess

# FLAC (RFC 9639): 4096 equal samples a frame at 48 kHz, mono, 16 bits: 14 bytes for 85 ms.
FRAME_SAMPLES, RATE = 4096, 48000
FRAME_HEAD = bytes((0xff, 0xf8, 0xca, 0x08))
CONSTANT_ZERO = bytes(3)


def crc_table(bits, polynomial):
    table = []
    for byte in range(256):
        crc = byte << (bits - 8)
        for _ in range(8):
            crc = crc << 1 ^ (polynomial if crc >> (bits - 1) & 1 else 0)
            crc &= (1 << bits) - 1
        table.append(crc)
    return table


def crc(data, bits, table):
    value = 0
    for byte in data:
        value = (value << 8 & (1 << bits) - 1) ^ table[value >> (bits - 8) ^ byte]
    return value


def coded(number):
    """As UTF-8 would write it, beyond Unicode, too: FLAC numbers its frames so."""
    if number < 0x80:
        return bytes((number,))
    n_more = 1
    while number >= 1 << (6 * n_more + 6 - n_more):
        n_more += 1
    first = 0xff00 >> (n_more + 1) & 0xff | number >> 6 * n_more
    return bytes((first, *(0x80 | number >> 6 * i & 0x3f for i in reversed(range(n_more)))))


def write_silence(path, seconds):
    """Ten hours of it are 6 MB."""
    crc8, crc16 = crc_table(8, 0x07), crc_table(16, 0x8005)
    with open(path, "wb") as out:
        out.write(b"fLaC" + bytes((0x80, 0, 0, 34, 0x10, 0, 0x10, 0)) + bytes(6) +
                  bytes((0x0b, 0xb8, 0x00, 0xf0)) + bytes(20))
        for number in range(seconds * RATE // FRAME_SAMPLES):
            frame = FRAME_HEAD + coded(number)
            frame += bytes((crc(frame, 8, crc8),)) + CONSTANT_ZERO
            out.write(frame + crc(frame, 16, crc16).to_bytes(2, "big"))


def write_noise(path, n_bytes=200000):
    path.write_bytes(random.Random(7).randbytes(n_bytes))


def write_flac(source, path):
    subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={source}", "!", "wavparse", "!",
                    "audioconvert", "!", "flacenc", "!", "filesink", f"location={path}"],
                   check=True, timeout=60)


def cut(source, path):
    """Its first half."""
    whole = source.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
