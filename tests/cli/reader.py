# An independent reader of the stream, standard library only (FORMAT.md section 16):
#   reader.py NAME... < STREAM    values of 1-D tensors side by side, tab-separated
import struct
import sys
import zlib

TYPES = {0x10: "B", 0x11: "H", 0x12: "I", 0x13: "Q", 0x20: "b", 0x21: "h", 0x22: "i", 0x23: "q", 0x32: "f", 0x33: "d"}


def frames(data):
    at = 0
    while at < len(data):
        if data[at:at + 2] == b"\x1f\x8b":
            z = zlib.decompressobj(31)
            plain = z.decompress(data[at:]) + z.flush()
            if not z.eof:
                raise ValueError("truncated")
            at = len(data) - len(z.unused_data)
        else:
            n, b = struct.unpack_from("<HI", data, at + 6)
            plain, at = data[at:at + n + b], at + n + b
        n, b = struct.unpack_from("<HI", plain, 6)
        if plain[:5] != b"\x8aRSF\x01" or len(plain) != n + b:
            raise ValueError("not a frame")
        if zlib.crc32(plain[:n - 4]) != struct.unpack_from("<I", plain, n - 4)[0]:
            raise ValueError("header CRC")
        yield plain[:n], plain[n:]


def unfiltered(body, filter, w):
    if not filter:
        return body
    n = len(body) // w
    raw = bytearray(len(body))
    for j in range(w):
        raw[j::w] = body[j * n:(j + 1) * n]
    if filter == 1:
        return bytes(raw)
    sum, mask = 0, (1 << 8 * w) - 1
    for i in range(0, len(raw), w):
        z = int.from_bytes(raw[i:i + w], "little")
        sum = (sum + ((z >> 1) ^ -(z & 1))) & mask
        raw[i:i + w] = sum.to_bytes(w, "little")
    return bytes(raw)


def load(data, names):
    out, ended = {}, False
    for head, body in frames(data):
        ended = head[5:6] == b"E"
        if head[5:6] != b"T":
            continue
        crc, dtype, filter, ndim = struct.unpack_from("<IBBB", head, 16)
        at = 48 + 8 * max(ndim - 1, 0)
        name = head[at + 1:at + 1 + head[at]].decode()
        if name not in names:
            continue
        raw = unfiltered(body, filter, 1 << (dtype & 15))
        if zlib.crc32(raw) != crc:
            raise ValueError(name + ": data CRC")
        kind = TYPES[dtype]
        out.setdefault(name, []).extend(struct.unpack("<%d%s" % (len(raw) // struct.calcsize(kind), kind), raw))
    if not ended:
        raise ValueError("truncated: no end frame")
    return out


columns = load(sys.stdin.buffer.read(), sys.argv[1:])
for row in zip(*(columns[name] for name in sys.argv[1:])):
    print("\t".join("%g" % x if isinstance(x, float) else str(x) for x in row))
