"""Taking in a photo's file: what is refused, what becomes of the rest, and what is left behind.

Every picture is made here; none comes from a file.
"""

import datetime as dt
import io
import itertools
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from PIL import ExifTags, Image, ImageCms

from articles import pictures
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.models.photos import Rendition
from articles.renditions import check, fill_from_metadata, remake, supply, unused_files
from tests.factories import make_contributor, make_photo

pytestmark = pytest.mark.django_db

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 180, 20), (20, 20, 220), (230, 230, 20)
NOW_TOO = dt.timedelta(0)


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def quarters(size: tuple[int, int] = (640, 320), mode: str = "RGB") -> Image.Image:
    """Return a picture with another colour in each corner: red and green above blue and yellow."""
    image = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for at, colour in zip(
        [(0, 0), (width, 0), (0, height), (width, height)], [RED, GREEN, BLUE, YELLOW], strict=True
    ):
        image.paste(colour, (*at, at[0] + width, at[1] + height))
    return image if mode == "RGB" else image.convert(mode)


def plain_jpeg(size: tuple[int, int] = (640, 320), **options: Any) -> bytes:
    return encoded(quarters(size), quality=90, **options)


def given(content: bytes, name: str = "harbour.jpg", **values: Any) -> Photo:
    photo = make_photo(**values)
    supply(photo, io.BytesIO(content), name=name)
    return photo


def refused(content: bytes, name: str = "harbour.jpg") -> str:
    """Return the code of the refusal, once it is sure that nothing was stored."""
    photo = make_photo()
    with pytest.raises(ImportProblem) as caught:
        supply(photo, io.BytesIO(content), name=name)
    photo.refresh_from_db()
    assert (photo.file.name, photo.content_hash, stored()) == ("", "", [])
    assert name in caught.value.message
    return caught.value.code


def file_of(row: Photo | Rendition) -> str:
    return str(row.file.name)


def stored() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def shown(photo: Photo, format: str = "jpeg") -> Image.Image:  # noqa: A002
    """Return the largest rendition as readers get it."""
    rendition = photo.renditions.filter(format=format, crop="").order_by("-width")[0]
    with rendition.file.open() as file:
        image = Image.open(io.BytesIO(file.read()))
    assert image.size == (rendition.width, rendition.height)
    return image


def corners(image: Image.Image) -> list[Any]:
    width, height = image.size
    points = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
    return [image.convert("RGB").getpixel((int(width * x), int(height * y))) for x, y in points]


def is_close(one: Any, other: Any, by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def exif_with(**values: Any) -> Image.Exif:
    exif = Image.Exif()
    for name, value in values.items():
        exif[ExifTags.Base[name]] = value
    return exif


def iptc(*records: tuple[int, bytes]) -> bytes:
    """Return a JPEG with IPTC records, as agencies send them."""
    rows = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
        for number, text in records
    )
    resource = (
        b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(rows)) + rows + b"\0" * (len(rows) % 2)
    )
    segment = b"Photoshop 3.0\0" + resource
    picture = plain_jpeg()
    return picture[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + picture[2:]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    check_sum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check_sum


def png_header(width: int, height: int, frames: int = 0) -> bytes:
    """Return a PNG that promises a size and brings no pixels."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    animation = png_chunk(b"acTL", struct.pack(">II", frames, 0)) if frames else b""
    pixels = png_chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + header + animation + pixels + png_chunk(b"IEND", b"")


# What is taken


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_format_keeps_its_original_byte_for_byte(format: str) -> None:  # noqa: A002
    content = encoded(quarters(), format)
    photo = given(content, name="a picture")
    with photo.file.open() as file:
        assert file.read() == content
    assert photo.file.name.endswith({"JPEG": "jpg"}.get(format, format.lower()))


def test_names_say_nothing_and_cannot_be_guessed() -> None:
    content = plain_jpeg((1000, 500))
    one, two = given(content, name="secret-raid.jpg"), given(content, name="secret-raid.jpg")
    pattern = r"(originals/[0-9a-f]{32}\.jpg|renditions/[0-9a-f]{32}\.(jpg|webp|avif))"
    names = stored()
    assert all(re.fullmatch(pattern, name) for name in names)
    assert len({Path(name).stem for name in names}) == len(names) == 2 * (1 + 9 + 9 + 4)
    assert one.file.name != two.file.name


def test_extension_comes_from_the_bytes_not_from_the_name() -> None:
    photo = given(encoded(quarters(), "PNG"), name="../../etc/harbour.jpg")
    assert re.fullmatch(r"originals/[0-9a-f]{32}\.png", file_of(photo))


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((3000, 1500), [480, 960, 1600, 2400]),
        ((2000, 1000), [480, 960, 1600, 2000]),
        ((1000, 500), [480, 960, 1000]),
        ((480, 480), [480]),
        ((3, 2), [3]),
        ((1, 1), [1]),
    ],
)
def test_renditions_are_never_larger_than_the_original(
    size: tuple[int, int], widths: list[int]
) -> None:
    photo = given(plain_jpeg(size))
    for format_ in ("jpeg", "webp", "avif"):
        made = photo.renditions.filter(format=format_, crop="").order_by("width")
        assert [rendition.width for rendition in made] == widths
        assert shown(photo, format_).format == format_.upper()


@pytest.mark.parametrize("size", [(40, 20_000), (20_000, 40)])
def test_very_long_picture_keeps_its_shape(size: tuple[int, int]) -> None:
    photo = given(encoded(Image.new("RGB", size, RED), "PNG"))
    width, height = shown(photo).size
    assert height <= 3600
    assert abs(width / height - size[0] / size[1]) / (size[0] / size[1]) < 0.2


UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def as_stored(upright: Image.Image, orientation: int) -> Image.Image:
    return upright.transpose(UNDO[orientation]) if orientation > 1 else upright


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("size", "focal", "left", "right"),
    [((800, 1600), (0.5, 0.1), [RED, RED], [GREEN, GREEN]),
     ((800, 1600), (0.5, 0.9), [BLUE, BLUE], [YELLOW, YELLOW]),
     ((1600, 400), (0.9, 0.5), [GREEN, YELLOW], [GREEN, YELLOW])],
)  # fmt: skip
def test_crop_of_a_turned_picture_keeps_the_focal_point(
    orientation: int, size: tuple[int, int], focal: tuple[float, float], left: Any, right: Any
) -> None:
    stored_so = as_stored(quarters(size), orientation)
    content = encoded(stored_so, "PNG", exif=exif_with(Orientation=orientation))
    photo = given(content, focal_x=focal[0], focal_y=focal[1])
    row = photo.renditions.filter(crop="card", format="jpeg").order_by("-width")[0]
    with row.file.open() as file:
        found = corners(Image.open(io.BytesIO(file.read())))
    assert all(map(is_close, found, [left[0], right[0], left[1], right[1]]))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_picture_stands_upright(orientation: int, format: str) -> None:  # noqa: A002
    upright = quarters((1000, 600))
    photo = given(
        encoded(as_stored(upright, orientation), format, exif=exif_with(Orientation=orientation))
    )
    assert (photo.width, photo.height) == (1000, 600)
    found = corners(shown(photo))
    assert all(map(is_close, found, [RED, GREEN, BLUE, YELLOW]))
    assert ExifTags.Base.Orientation not in shown(photo).getexif()


def test_large_picture_is_reduced_without_seams() -> None:
    ramp = Image.linear_gradient("L").resize((9000, 4500)).convert("RGB")
    made = shown(given(encoded(ramp, "PNG", compress_level=1)))
    column = list(made.convert("L").crop((1200, 0, 1201, made.height)).tobytes())
    steps = [below - above for above, below in itertools.pairwise(column)]
    assert made.size == (2400, 1200)
    assert max(map(abs, steps)) <= 4
    assert is_close([column[0], column[600], column[-1]], [0, 128, 255], by=4)


def test_cmyk_becomes_rgb() -> None:
    made = shown(given(encoded(quarters(mode="CMYK"), quality=95)))
    assert made.mode == "RGB"
    assert all(map(is_close, corners(made), [RED, GREEN, BLUE, YELLOW]))


def test_16_bit_grey_is_scaled_not_clipped() -> None:
    row = struct.pack("<H", 0x4000) * 300 + struct.pack("<H", 0xC000) * 300
    image = Image.frombytes("I;16", (600, 300), row * 300)
    left, right, *_ = corners(shown(given(encoded(image, "PNG"))))
    assert is_close(left, (64, 64, 64), by=3)
    assert is_close(right, (191, 191, 191), by=3)


def transparent(mode: str) -> Image.Image:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 320, 160))
    return image.quantize(64) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "format"),
    [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGBA", "WEBP"), ("RGBA", "GIF")],
)
def test_what_shows_through_is_white(mode: str, format: str) -> None:  # noqa: A002
    image = transparent(mode)
    made = shown(given(encoded(image, format)))
    assert is_close(corners(made)[0], (255, 255, 255))
    assert is_close(corners(made)[2], image.convert("RGB").getpixel((160, 240)), by=20)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_pictures_of_few_colours_are_taken(mode: str) -> None:
    image = Image.linear_gradient("L").resize((600, 600)).convert(mode)
    made = shown(given(encoded(image, "PNG")))
    assert made.mode == "RGB"
    assert corners(made)[0][0] < corners(made)[2][0]


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_first_picture_of_an_animation_is_shown(format: str) -> None:  # noqa: A002
    frames = [Image.new("RGB", (300, 200), colour) for colour in (RED, GREEN, BLUE)]
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=50)
    made = shown(given(content))
    assert getattr(made, "n_frames", 1) == 1
    assert is_close(corners(made)[0], RED)


def test_colours_of_another_profile_become_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    swapped = swapped_profile()
    plain = shown(given(plain_jpeg(icc_profile=lab)))
    made = shown(given(plain_jpeg(icc_profile=swapped)))
    assert all(map(is_close, corners(plain), [RED, GREEN, BLUE, YELLOW]))
    assert is_close(corners(made)[0], (20, 220, 20), by=30)
    assert "icc_profile" not in made.info


def swapped_profile() -> bytes:
    """Return an sRGB profile in which red and green have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"tmp0").replace(b"gXYZ", b"rXYZ").replace(b"tmp0", b"gXYZ")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_metadata_do_not_keep_a_good_picture_out() -> None:
    photo = given(plain_jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff", icc_profile=b"no profile"))
    assert all(map(is_close, corners(shown(photo)), [RED, GREEN, BLUE, YELLOW]))


def test_upload_from_a_form_is_taken_from_its_start() -> None:
    upload = SimpleUploadedFile("harbour.jpg", plain_jpeg(), "text/html")
    upload.read(100)
    photo = make_photo()
    supply(photo, upload)
    assert photo.width == 640


# What is refused


def test_empty_file_is_refused() -> None:
    assert refused(b"") == "photo_empty"


@pytest.mark.parametrize("content", [b"The harbour reopened.", b"%PDF-1.7", b"BM" + b"\0" * 80])
def test_other_content_under_a_picture_name_is_refused(content: bytes) -> None:
    assert refused(content) == "photo_unreadable"


@pytest.mark.parametrize("format", ["TIFF", "BMP", "PPM", "ICO"])
def test_formats_that_are_not_published_are_refused(format: str) -> None:  # noqa: A002
    assert refused(encoded(quarters((64, 64)), format)) == "photo_unreadable"


@pytest.mark.parametrize("start", ["", '<?xml version="1.0"?>\n<!-- x -->\n', "\ufeff"])
def test_svg_is_refused(start: str) -> None:
    drawing = start + '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert refused(drawing.encode(), name="map.svg") == "photo_svg"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.002, 0.5, 0.95])
def test_picture_cut_short_is_refused(format: str, share: float) -> None:  # noqa: A002
    noise = Image.effect_noise((600, 400), 80).convert("RGB")
    content = encoded(noise, format)
    assert refused(content[: int(len(content) * share)]) == "photo_damaged"


def test_damaged_pixels_are_refused() -> None:
    content = encoded(Image.effect_noise((600, 400), 80), "PNG")
    middle = len(content) // 2
    assert refused(content[:middle] + b"\0" * 500 + content[middle + 500 :]) == "photo_damaged"


@pytest.mark.parametrize(
    "content",
    [
        png_header(30_000, 30_000),
        png_header(2**31 - 1, 2**31 - 1),
        png_header(11_000, 11_000),
        png_header(1000, 1000, frames=200),
        b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;",
    ],
    ids=["900 million", "2^62", "121 million", "frames", "gif"],
)
def test_bomb_is_refused_by_its_header(content: bytes) -> None:
    assert refused(content, name="bomb.png") == "photo_too_many_pixels"


def test_frames_count_towards_the_limit(settings: Any) -> None:
    frames = [Image.new("RGB", (100, 100), (0, 0, 30 * number)) for number in range(8)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    settings.NEWSROOM_PHOTO_MAX_PIXELS = 80_000
    assert given(content).width == 100
    settings.NEWSROOM_PHOTO_MAX_PIXELS = 79_999
    with pytest.raises(ImportProblem, match="million pixels"):
        given(content)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a\4\0\4\0\0\0\0!\xfe" + b"\1x" * 1_100_000 + b"\0",
        b"\xff\xd8" + b"\xff\xfe\0\2" * 11_000,
        b"\xff\xd8" + b"\xff" * 11_000,
        b"\xff\xd8" + b"\xff\xda\0\2" * 200,
        png_header(4, 4)[:33] + png_chunk(b"abCd", b"") * 110_000,
    ],
    ids=["gif blocks", "jpeg segments", "jpeg padding", "jpeg scans", "png chunks"],
)
def test_file_of_countless_parts_is_refused(content: bytes) -> None:
    assert refused(content) == "photo_damaged"


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (encoded(quarters((200, 200)), "WEBP"), 4 * 40_000),
        (encoded(quarters((200, 200)), "PNG"), 40_000),
        (encoded(quarters((200, 200)), progressive=True, subsampling=0), 100_000),
        (encoded(quarters((200, 200)), progressive=True, subsampling=2), 70_000),
        (encoded(quarters((200, 200)), subsampling=0), 40_000),
        (encoded(quarters((6000, 4000)), progressive=True, subsampling=2), 24_000_000),
    ],
    ids=[
        "webp",
        "png",
        "progressive 4:4:4",
        "progressive 4:2:0",
        "baseline",
        "progressive, reduced",
    ],
)
def test_limit_counts_what_decoding_holds_in_memory(
    content: bytes, limit: int, settings: Any
) -> None:
    settings.NEWSROOM_PHOTO_MAX_PIXELS = limit
    check(io.BytesIO(content))
    settings.NEWSROOM_PHOTO_MAX_PIXELS = limit - 1
    with pytest.raises(ImportProblem, match="million pixels"):
        check(io.BytesIO(content))


def test_second_picture_of_a_phone_is_left_out() -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in (RED, GREEN)]
    photo = given(encoded(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    assert is_close(corners(shown(photo))[0], RED)
    assert file_of(photo).endswith(".jpg")


def test_file_over_the_limit_is_refused_before_it_is_read(settings: Any) -> None:
    class Unreadable(SimpleUploadedFile):
        def read(self, *args: Any) -> Any:
            raise AssertionError("read although too large")

    settings.NEWSROOM_PHOTO_MAX_BYTES = 1024 * 1024
    upload = Unreadable("large.jpg", b"x" * (1024 * 1024 + 1))
    with pytest.raises(ImportProblem, match=r"large\.jpg is larger than 1 MB") as caught:
        supply(make_photo(), upload)
    assert caught.value.code == "photo_too_large"


def test_endless_file_is_read_no_further_than_the_limit(settings: Any) -> None:
    class Endless(io.RawIOBase):
        count = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.count += size
            return b"\xff" * size

    settings.NEWSROOM_PHOTO_MAX_BYTES = 3 * 1024 * 1024
    endless = Endless()
    with pytest.raises(ImportProblem, match="larger than 3 MB"):
        supply(make_photo(), endless)  # type: ignore[arg-type]
    assert endless.count <= 5 * 1024 * 1024


def test_file_that_cannot_be_read_is_a_problem_of_that_file() -> None:
    class Broken(SimpleUploadedFile):
        def read(self, *args: Any) -> Any:
            raise OSError(5, "Input/output error")

    with pytest.raises(ImportProblem, match=r"^card\.jpg can’t be read: Input/output error"):
        supply(make_photo(), Broken("card.jpg", b"x"))


def test_check_refuses_in_a_form_and_leaves_a_good_file_as_it_was() -> None:
    upload = SimpleUploadedFile("harbour.jpg", plain_jpeg())
    check(upload)
    assert upload.tell() == 0
    with pytest.raises(ImportProblem, match=r"^bomb\.png has more than 120 million pixels"):
        check(SimpleUploadedFile("C:\\photos\\bomb.png", png_header(30_000, 30_000)))
    assert stored() == []


# What readers get


def test_second_file_behind_the_picture_does_not_reach_readers() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("payload.html", "<script>alert(1)</script>")
    photo = given(plain_jpeg() + archive.getvalue())
    for rendition in photo.renditions.all():
        content = rendition.file.read()
        rendition.file.close()
        assert b"PK\x03\x04" not in content
        assert not zipfile.is_zipfile(io.BytesIO(content))


def private_exif() -> Image.Exif:
    exif = exif_with(Make="Hasselnuss", Model="Model 7", Artist="Home of Signe")
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (55.0, 40.0, 30.0)})
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {ExifTags.Base.BodySerialNumber: "SN-4711", ExifTags.Base.MakerNote: b"maker-note-bytes"}
    )
    return exif


@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
def test_place_and_camera_are_gone_and_the_credit_stays(format: str) -> None:  # noqa: A002
    content = plain_jpeg(exif=private_exif(), comment=b"made at home", xmp=b"<x>private</x>")
    photo = given(content, credit_line="Signe Hål/AFP", copyright_notice="© 2026 Ảnh")
    made = shown(photo, format)
    exif = made.getexif()
    texts = {tag: str(value).encode("latin-1").decode() for tag, value in exif.items()}
    assert texts == {0x013B: "Signe Hål/AFP", 0x8298: "© 2026 Ảnh"}
    assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
    secrets = (b"SN-4711", b"maker-note", b"Hasselnuss", b"made at home", b"private")
    assert all(secret in content for secret in secrets)
    for name in made_names():
        public = Path(default_storage.path(name)).read_bytes()
        assert not any(secret in public for secret in secrets)


def made_names() -> list[str]:
    return [name for name in stored() if name.startswith("renditions/")]


def test_rendition_without_a_credit_has_no_metadata() -> None:
    made = shown(given(plain_jpeg(), credit_line=""))
    assert dict(made.getexif()) == {}


def test_remade_renditions_carry_the_present_credit() -> None:
    photo = given(plain_jpeg(), credit_line="Signe Hall")
    before = made_names()
    Photo.objects.update(credit_line="Signe Hal/AFP")
    photo.refresh_from_db()
    remake(photo)
    assert shown(photo).getexif()[0x013B] == "Signe Hal/AFP"
    assert photo.renditions.count() == len(before)
    assert not set(before) & set(photo.renditions.values_list("file", flat=True))


def test_remaking_without_an_original_says_what_to_do() -> None:
    photo = given(plain_jpeg())
    before = made_names()
    default_storage.delete(file_of(photo))
    with pytest.raises(ImportProblem, match="Supply it again") as caught:
        remake(photo)
    assert caught.value.code == "photo_missing"
    assert made_names() == before


# Texts in the file


def test_empty_texts_are_filled_from_iptc() -> None:
    content = iptc(
        (80, "Åse Lind".encode()),
        (110, b"AFP"),
        (116, b"\xa9 AFP 2026"),
        (120, b"Ships\r\nat dusk"),
    )
    photo = given(content, caption="", credit_line="")
    photo.refresh_from_db()
    assert photo.caption == "Ships at dusk"
    assert photo.credit_line == "Åse Lind/AFP"
    assert photo.copyright_notice == "© AFP 2026"
    assert shown(photo).getexif()[0x013B].encode("latin-1").decode() == "Åse Lind"


def test_empty_texts_are_filled_from_exif() -> None:
    exif = exif_with(Artist="Åse Lind".encode(), Copyright=b"\xa9 2026", ImageDescription="Ships")
    photo = given(plain_jpeg(exif=exif), caption="", credit_line="")
    assert (photo.caption, photo.credit_line, photo.copyright_notice) == (
        "Ships",
        "Åse Lind",
        "© 2026",
    )


def test_texts_of_the_desk_are_kept() -> None:
    content = iptc((80, b"Somebody"), (120, b"Something"))
    photo = given(content, caption="The harbour.", credit_line="Signe Hal")
    photo.refresh_from_db()
    assert (photo.caption, photo.credit_line) == ("The harbour.", "Signe Hal")


def test_credit_made_from_the_photographer_is_kept() -> None:
    photographer = make_contributor("Signe Hal")
    photo = given(iptc((80, b"Somebody")), credit_line="", photographer=photographer)
    assert photo.credit_line == ""
    assert shown(photo).getexif()[0x013B] == "Signe Hal"


def test_texts_are_bounded_and_free_of_control_characters() -> None:
    content = iptc((80, b"A\x00\x1b[31m" + b"b" * 5000), (120, b"\x00\x07 c" * 6000))
    photo = make_photo(caption="", credit_line="")
    with Image.open(io.BytesIO(content)) as image:
        assert fill_from_metadata(photo, image) == ["caption", "creator", "credit_line"]
    assert photo.credit_line.startswith("A [31mb")
    assert len(photo.credit_line) == 300
    assert len(photo.caption) <= 2000
    assert photo.caption.isprintable()


def test_what_a_camera_calls_every_picture_is_no_caption() -> None:
    exif = exif_with(ImageDescription="OLYMPUS DIGITAL CAMERA         ")
    assert given(plain_jpeg(exif=exif), caption="").caption == ""


# Files and rows change together


def test_row_describes_the_original() -> None:
    photo = given(plain_jpeg((1000, 500)))
    row = Photo.objects.get(pk=photo.pk)
    assert (row.width, row.height, len(row.content_hash)) == (1000, 500, 64)
    assert (photo.file.name, photo.content_hash) == (row.file.name, row.content_hash)


def test_same_bytes_again_change_nothing() -> None:
    photo = given(plain_jpeg())
    before = (stored(), list(Rendition.objects.values()))
    supply(photo, io.BytesIO(plain_jpeg()))
    assert (stored(), list(Rendition.objects.values())) == before


def test_same_bytes_again_bring_back_a_lost_file() -> None:
    photo = given(plain_jpeg())
    default_storage.delete(file_of(photo.renditions.all()[0]))
    supply(photo, io.BytesIO(plain_jpeg()))
    assert all(default_storage.exists(file_of(row)) for row in photo.renditions.all())


def test_another_file_replaces_the_first_once_committed(
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = given(plain_jpeg())
    first = stored()
    with django_capture_on_commit_callbacks() as callbacks:
        supply(photo, io.BytesIO(plain_jpeg((1000, 500))))
    assert set(first) < set(stored())
    for callback in callbacks:
        callback()
    named = {photo.file.name, *photo.renditions.values_list("file", flat=True)}
    assert set(stored()) == named
    assert not named & set(first)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_full_disk_leaves_the_photo_as_it_was(
    fails_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = given(plain_jpeg())
    before = (stored(), list(Rendition.objects.values()), Photo.objects.values().get())
    write = FileSystemStorage._save  # type: ignore[attr-defined]
    calls = itertools.count(1)

    def full(storage: Any, name: str, content: Any) -> str:
        if next(calls) == fails_at:
            Path(storage.path(name)).write_bytes(b"a part")
            raise OSError(28, "No space left on device")
        return write(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(ImportProblem, match="No space left on device") as caught:
        supply(photo, io.BytesIO(plain_jpeg((700, 300))))
    assert caught.value.code == "photo_not_stored"
    assert (stored(), list(Rendition.objects.values()), Photo.objects.values().get()) == before


def test_failing_database_leaves_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk I/O error")

    photo = make_photo()
    monkeypatch.setattr(Rendition.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        supply(photo, io.BytesIO(plain_jpeg()))
    photo.refresh_from_db()
    assert (photo.file.name, stored()) == ("", [])


@pytest.mark.django_db(transaction=True)
def test_picture_is_read_and_encoded_outside_any_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside: list[bool] = []
    encode = pictures.encode

    def watched(*args: Any) -> dict[str, bytes]:
        inside.append(connection.in_atomic_block)
        return encode(*args)

    monkeypatch.setattr(pictures, "encode", watched)
    given(plain_jpeg())
    assert set(inside) == {False}


def test_files_without_a_row_are_found() -> None:
    photo = given(plain_jpeg())
    lost = [f"{folder}/{'0' * 32}.jpg" for folder in ("originals", "renditions")]
    for name in lost:
        default_storage.save(name, ContentFile(b"x"))
    assert list(unused_files(NOW_TOO)) == lost
    assert list(unused_files()) == []
    assert file_of(photo) not in unused_files(NOW_TOO)


def test_no_files_at_all_are_no_unused_files() -> None:
    assert list(unused_files(NOW_TOO)) == []
