"""Pictures of all formats, as files and as the pixels that Pillow reads from them.

    pillow_pictures.py DIRECTORY

Reads the pictures that are in DIRECTORY and adds its own. For each it writes NAME.rgb and a line
"NAME width height" to index.txt.
"""

import io
import os
import random
import struct
import sys
import zlib

from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 61, 47
random.seed(1)


def colours(mode="RGB"):
    """A smooth picture with some noise."""
    pixels = [
        (
            min(255, 4 * x + random.randrange(8)),
            min(255, 5 * y + random.randrange(8)),
            (x * y) % 256 // 8 * 8,
        )
        for y in range(HEIGHT)
        for x in range(WIDTH)
    ]
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    picture.putdata(pixels)
    return picture.convert(mode)


def with_alpha(picture, mode):
    alpha = Image.new("L", picture.size)
    alpha.putdata([(7 * i) % 256 for i in range(WIDTH * HEIGHT)])
    picture = picture.convert(mode)
    picture.putalpha(alpha)
    return picture


def swapped_profile():
    """sRGB with red and green exchanged: whoever applies it cannot miss it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {}
    for i in range(struct.unpack_from(">I", profile, 128)[0]):
        at = 132 + 12 * i
        tags[bytes(profile[at : at + 4])] = at
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def exif(orientation):
    return b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(
        ">HHI", orientation, 0, 0
    )


def jpegs(save):
    for subsampling in (0, 1, 2):
        save("jpeg-444-422-420-%d.jpg" % subsampling, colours(), subsampling=subsampling)
    save("jpeg-coarse.jpg", colours(), quality=20)
    save("jpeg-progressive.jpg", colours(), progressive=True, quality=90)
    save("jpeg-progressive-420.jpg", colours(), progressive=True, quality=60, optimize=True)
    save("jpeg-grey.jpg", colours("L"))
    save("jpeg-grey-progressive.jpg", colours("L"), progressive=True)
    save("jpeg-cmyk.jpg", colours("CMYK"), quality=95)
    save("jpeg-cmyk-progressive.jpg", colours("CMYK"), progressive=True)
    save("jpeg-profile.jpg", colours(), icc_profile=swapped_profile())
    save("jpeg-grey-profile.jpg", colours("L"), icc_profile=swapped_profile())
    for orientation in range(1, 9):
        save("jpeg-orientation-%d.jpg" % orientation, colours(), exif=exif(orientation))
    for name in ("jpeg-no-jfif", "jpeg-rgb-by-name"):
        data = io.BytesIO()
        colours().save(data, "JPEG", subsampling=0)
        data = bytearray(data.getvalue())
        del data[2:20]
        if name == "jpeg-rgb-by-name":
            frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
            for i, letter in enumerate(b"RGB"):
                data[frame + 10 + 3 * i] = letter
                data[scan + 5 + 2 * i] = letter
        save(name + ".jpg", bytes(data))


SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM_7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def filtered(rows, distance):
    """Rows of bytes, each with another of the five filters."""
    data = bytearray()
    above = bytes(len(rows[0])) if rows else b""
    for y, row in enumerate(rows):
        kind = y % 5
        data.append(kind)
        for i, value in enumerate(row):
            a = row[i - distance] if i >= distance else 0
            b = above[i]
            c = above[i - distance] if i >= distance else 0
            p = min((a, b, c), key=lambda each: (abs(a + b - c - each)))
            data.append((value - (0, a, b, (a + b) // 2, p)[kind]) % 256)
        above = row
    return bytes(data)


def png(colour_type, depth, interlaced, *more):
    samples = SAMPLES[colour_type]
    distance = max(1, samples * depth // 8)
    most = (1 << depth) - 1
    grid = [
        [
            [(x * most // WIDTH if s % 2 else y * most // HEIGHT) ^ random.randrange(2) for s in range(samples)]
            for x in range(WIDTH)
        ]
        for y in range(HEIGHT)
    ]
    data = b""
    for x0, y0, dx, dy in ADAM_7 if interlaced else ((0, 0, 1, 1),):
        rows = []
        for y in range(y0, HEIGHT, dy):
            bits = "".join(format(s, "0%db" % depth) for x in range(x0, WIDTH, dx) for s in grid[y][x])
            bits += "0" * (-len(bits) % 8)
            rows.append(int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:])
        if rows and rows[0]:
            data += filtered(rows, distance)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour_type, 0, 0, int(interlaced))
    packed = zlib.compress(data)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(more)
        + (chunk(b"PLTE", bytes((i * 7) % 256 for i in range(3 << depth))) if colour_type == 3 else b"")
        + (chunk(b"tRNS", bytes(range(1 << depth))) if colour_type == 3 else b"")
        + chunk(b"IDAT", packed[:100])
        + chunk(b"IDAT", packed[100:])
        + chunk(b"tEXt", b"Comment\0end")
        + chunk(b"IEND", b"")
    )


def pngs(save):
    for mode in ("1", "L", "RGB", "P"):
        save("png-%s.png" % mode, colours(mode))
    save("png-LA.png", with_alpha(colours(), "L"))
    save("png-RGBA.png", with_alpha(colours(), "RGB"))
    save("png-transparent-colour.png", colours(), transparency=(0, 0, 0))
    save("png-profile.png", colours(), icc_profile=swapped_profile())
    save("png-grey-profile.png", colours("L"), icc_profile=swapped_profile())
    save("png-palette-profile.png", colours("P"), icc_profile=swapped_profile())
    for interlaced in (False, True):
        for colour_type, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
            for depth in depths:
                name = "png-type-%d-bits-%d%s.png" % (colour_type, depth, "-interlaced" * interlaced)
                save(name, png(colour_type, depth, interlaced))
    gamma = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(
        b"cHRM", struct.pack(">8I", 31270, 32900, 30000, 60000, 64000, 33000, 15000, 6000)
    )
    save("png-gamma.png", png(2, 8, False, gamma))
    for orientation in (3, 6):
        save("png-orientation-%d.png" % orientation, png(2, 8, False, chunk(b"eXIf", exif(orientation)[6:])))


def screen(data, dx, dy, left, top):
    """A GIF whose screen is larger than its frame, or which lies elsewhere."""
    data = bytearray(data)
    width, height = struct.unpack_from("<HH", data, 6)
    struct.pack_into("<HH", data, 6, width + dx, height + dy)
    frame = data.index(b"," + struct.pack("<HHHH", 0, 0, width, height))
    struct.pack_into("<HH", data, frame + 1, left, top)
    return bytes(data)


def gifs(save):
    def encoded(picture, **options):
        data = io.BytesIO()
        picture.save(data, "GIF", **options)
        return data.getvalue()

    palette = colours().quantize(200)
    save("gif-palette.gif", encoded(palette, interlace=0))
    save("gif-interlaced.gif", encoded(palette, interlace=1))
    save("gif-grey.gif", encoded(colours("L")))
    save("gif-two-colours.gif", encoded(colours("1")))
    save("gif-five-colours.gif", encoded(colours().quantize(5)))
    save("gif-transparent.gif", encoded(palette, transparency=7))
    noise = Image.frombytes("P", (200, 200), random.randbytes(40000))
    noise.putpalette([(5 * i) % 256 for i in range(768)])
    save("gif-noise.gif", encoded(noise))
    still = encoded(palette, interlace=1)
    save("gif-larger-screen.gif", screen(still, 20, 10, 0, 0))
    save("gif-in-the-middle.gif", screen(still, 20, 10, 12, 7))
    save("gif-beyond-its-screen.gif", screen(still, 0, 0, 12, 7))
    frame = still.index(b"," + struct.pack("<HHHH", 0, 0, WIDTH, HEIGHT))
    save("gif-zeros-between-blocks.gif", still[:frame] + bytes(3) + still[frame:])
    see_through = encoded(palette, transparency=7)
    save("gif-transparent-screen.gif", screen(see_through, 20, 10, 12, 7))
    frames = [colours().quantize(30), colours().rotate(180).quantize(30)]
    save("gif-animated.gif", encoded(frames[0], save_all=True, append_images=frames[1:]))


def bmp(depth, rows, compression=0, masks=b"", palette=b"", top_down=False, header=40):
    """A BMP from the bytes of its rows, top first, or of its run lengths."""
    pixels = rows
    if isinstance(rows, list):
        pixels = b"".join(row + bytes(-len(row) % 4) for row in (rows if top_down else rows[::-1]))
    height = -HEIGHT if top_down else HEIGHT
    fields = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, depth, compression, len(pixels), 0, 0, 0, 0)
    if header == 12:
        fields = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, depth)
    elif header > 40:
        # Calibrated primaries, red and green exchanged, and a gamma of one.
        points = struct.pack("<9I", 0x13333333, 0x26666666, 0x6666666, 0x28F5C28F, 0x151EB851, 0x1EB851E, 0x9999999, 0x3D70A3D, 0x32B851EB)
        fields += masks.ljust(16, b"\0") + struct.pack("<I", 0) + points + struct.pack("<III", 65536, 65536, 65536)
        masks = b""
    content = fields.ljust(header, b"\0") + masks + palette
    return b"BM" + struct.pack("<IHHI", 14 + len(content) + len(pixels), 0, 0, 14 + len(content)) + content + pixels


def run_lengths(rows, absolute):
    """Rows of indices below 256, bottom first, as runs and as they are."""
    data = b""
    for row in rows[::-1]:
        for start in range(0, WIDTH, 20):
            part = row[start : start + 20]
            if absolute and len(part) > 2:
                data += bytes((0, len(part))) + bytes(part) + bytes(len(part) % 2)
            else:
                data += b"".join(bytes((1, value)) for value in part)
        data += b"\0\0"
    return data + b"\0\1"


def bmps(save):
    for mode in ("1", "L", "RGB", "P"):
        save("bmp-%s.bmp" % mode, colours(mode))
    save("bmp-RGBA.bmp", with_alpha(colours(), "RGB"))
    picture = colours()
    grid = [[picture.getpixel((x, y)) for x in range(WIDTH)] for y in range(HEIGHT)]
    triples = [b"".join(bytes(p[::-1]) for p in row) for row in grid]
    save("bmp-top-down.bmp", bmp(24, triples, top_down=True))
    save("bmp-os2.bmp", bmp(24, triples, header=12))
    save("bmp-version-4-calibrated.bmp", bmp(24, triples, header=108))
    save("bmp-version-5-calibrated.bmp", bmp(24, triples, header=124))
    quads = [b"".join(bytes(p[::-1]) + b"\0" for p in row) for row in grid]
    save("bmp-32.bmp", bmp(32, quads))
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    save("bmp-32-masks.bmp", bmp(32, quads, 3, masks[:12]))
    save("bmp-32-masks-version-4.bmp", bmp(32, quads, 3, masks, header=108))
    packed = [b"".join(struct.pack("<H", r >> 3 << 10 | g >> 3 << 5 | b >> 3) for r, g, b in row) for row in grid]
    save("bmp-16-555.bmp", bmp(16, packed))
    packed = [b"".join(struct.pack("<H", r >> 3 << 11 | g >> 2 << 5 | b >> 3) for r, g, b in row) for row in grid]
    save("bmp-16-565.bmp", bmp(16, packed, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
    palette = bytes((i * 5) % 256 if i % 4 < 3 else 0 for i in range(4 * 256))
    indices = [[(x + 3 * y) % 256 for x in range(WIDTH)] for y in range(HEIGHT)]
    for name, order in (("grey", range(256)), ("grey-reversed", range(255, -1, -1)), ("few-greys", range(0, 250, 2))):
        greys = b"".join(bytes((v, v, v, 0)) for v in order).ljust(1024, b"\0")
        save("bmp-%s.bmp" % name, bmp(8, [bytes(row) for row in indices], palette=greys))
    nibbles = [bytes(int("%x%x" % (row[x] % 16, row[x + 1] % 16), 16) for x in range(0, WIDTH - 1, 2)) + bytes((row[-1] % 16 << 4,)) for row in indices]
    save("bmp-4.bmp", bmp(4, nibbles, palette=palette[:64].ljust(64)))
    save("bmp-run-lengths.bmp", bmp(8, run_lengths(indices, False), 1, palette=palette))
    save("bmp-run-lengths-absolute.bmp", bmp(8, run_lengths(indices, True), 1, palette=palette))


def tiff(order, fields, parts, offsets):
    """A TIFF of one directory, whose fields are tag: (type, values), and of strips or tiles."""
    content = b"".join(parts)
    starts = [8 + sum(map(len, parts[:i])) for i in range(len(parts))]
    fields = dict(fields)
    fields[offsets] = (4, starts)
    fields[offsets + (6 if offsets == 273 else 1)] = (4, [len(part) for part in parts])
    content += bytes(len(content) % 2)
    directory, more = b"", b""
    at = 8 + len(content)
    beyond = at + 2 + 12 * len(fields) + 4
    for tag, (kind, values) in sorted(fields.items()):
        packed = struct.pack(order + str(len(values)) + {3: "H", 4: "I"}[kind], *values)
        directory += struct.pack(order + "HHI", tag, kind, len(values))
        if len(packed) <= 4:
            directory += packed.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", beyond + len(more))
            more += packed
    magic = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return magic + content + struct.pack(order + "H", len(fields)) + directory + bytes(4) + more


def tiffs(save):
    def size(bits, samples, kind):
        return {256: (4, [WIDTH]), 257: (4, [HEIGHT]), 258: (3, [bits] * samples), 259: (3, [1]), 262: (3, [kind]), 277: (3, [samples])}

    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        for mode in ("L", "RGB", "P", "1", "CMYK"):
            save("tiff-%s-%s.tiff" % (mode, compression), colours(mode), compression=compression)
        for mode in ("L", "RGB"):
            save("tiff-%s-alpha-%s.tiff" % (mode, compression), with_alpha(colours(), mode), compression=compression)
        if compression != "packbits":
            deep = Image.new("I;16", (WIDTH, HEIGHT))
            deep.putdata([(x * 1000 + y * 77) % 65536 for y in range(HEIGHT) for x in range(WIDTH)])
            save("tiff-16-%s.tiff" % compression, deep, compression=compression)
    for compression in ("group3", "group4"):
        save("tiff-1-%s.tiff" % compression, colours("1"), compression=compression)
    for mode in ("L", "RGB"):
        save("tiff-jpeg-%s.tiff" % mode, colours(mode), compression="jpeg")
    save("tiff-predictor.tiff", colours(), compression="tiff_lzw", tiffinfo={317: 2})
    save("tiff-profile.tiff", colours(), icc_profile=swapped_profile())
    save("tiff-pages.tiff", colours(), save_all=True, append_images=[colours().rotate(180)])
    for orientation in range(1, 9):
        save("tiff-orientation-%d.tiff" % orientation, colours(), tiffinfo={274: orientation})
    rows = [colours().crop((0, y, WIDTH, y + 1)).tobytes() for y in range(HEIGHT)]
    for order in "<>":
        name = "little" if order == "<" else "big"
        save("tiff-strips-%s.tiff" % name, tiff(order, {**size(8, 3, 2), 278: (3, [10])}, [b"".join(rows[y : y + 10]) for y in range(0, HEIGHT, 10)], 273))
        deep = [struct.pack(order + str(3 * WIDTH) + "H", *((257 * v + 3 * y) % 65536 for v in row)) for y, row in enumerate(rows)]
        save("tiff-rgb-16-%s.tiff" % name, tiff(order, size(16, 3, 2), [b"".join(deep)], 273))
        save("tiff-no-strip-height-%s.tiff" % name, tiff(order, {**size(8, 3, 2), 278: (4, [2**32 - 1])}, [b"".join(rows)], 273))
    grey = [row[::3] for row in rows]
    save("tiff-white-is-zero.tiff", tiff("<", size(8, 1, 0), [b"".join(grey)], 273))
    nibbles = [bytes((row[x] >> 4 << 4) | (row[x + 1] >> 4 if x + 1 < WIDTH else 0) for x in range(0, WIDTH, 2)) for row in grey]
    save("tiff-4.tiff", tiff("<", size(4, 1, 1), [b"".join(nibbles)], 273))
    planes = [b"".join(row[c::3] for row in rows) for c in range(3)]
    save("tiff-planes.tiff", tiff("<", {**size(8, 3, 2), 284: (3, [2])}, planes, 273))
    tiles = [
        b"".join(colours().crop((x, y, x + 32, y + 16)).tobytes()[96 * r : 96 * r + 96] for r in range(16))
        for y in range(0, HEIGHT, 16)
        for x in range(0, WIDTH, 32)
    ]
    save("tiff-tiles.tiff", tiff("<", {**size(8, 3, 2), 322: (3, [32]), 323: (3, [16])}, tiles, 324))


def webps(save):
    for quality in (20, 60, 90):
        save("webp-lossy-%d.webp" % quality, colours(), quality=quality)
    save("webp-lossless.webp", colours(), lossless=True)
    for exact in (False, True):
        save("webp-lossless-alpha-%d.webp" % exact, with_alpha(colours(), "RGB"), lossless=True, exact=exact)
        save("webp-lossy-alpha-%d.webp" % exact, with_alpha(colours(), "RGB"), exact=exact)
    save("webp-profile.webp", colours(), icc_profile=swapped_profile())
    for orientation in range(1, 9):
        save("webp-orientation-%d.webp" % orientation, colours(), exif=exif(orientation), lossless=True)
    for lossless in (False, True):
        frames = [colours(), colours().rotate(180)]
        save("webp-animated-%d.webp" % lossless, frames[0], save_all=True, append_images=frames[1:], lossless=lossless)


def read(path):
    picture = Image.open(path)
    if picture.mode.startswith("I"):
        # Pillow cuts 16 bits off at 255; the upper eight count here.
        upper = Image.new("L", picture.size)
        upper.putdata([value >> 8 for value in picture.getdata()])
        picture = upper
    if picture.format == "TIFF":
        return picture.convert("RGB")  # turned while it is read, and not to be turned again
    return ImageOps.exif_transpose(picture).convert("RGB")


def main(directory):
    def save(name, picture, **options):
        path = os.path.join(directory, name)
        if isinstance(picture, bytes):
            with open(path, "wb") as file:
                file.write(picture)
        else:
            picture.save(path, **options)

    for pictures in (jpegs, pngs, gifs, bmps, tiffs, webps):
        pictures(save)
    with open(os.path.join(directory, "index.txt"), "w") as index:
        for name in sorted(os.listdir(directory)):
            if name == "index.txt":
                continue
            picture = read(os.path.join(directory, name))
            with open(os.path.join(directory, name + ".rgb"), "wb") as file:
                file.write(picture.tobytes())
            index.write("%s %d %d\n" % (name, *picture.size))


main(sys.argv[1])
