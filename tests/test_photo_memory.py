"""What a process holds at most for the worst file that is taken in: under 600 MiB.

And afterwards next to nothing of it, or each process would stay as large as its largest picture.

Each picture goes the whole way in a process of its own: taken in as an upload, all files made.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from articles import pictures
from articles.exceptions import ImportProblem
from articles.models import Photo
from tests import apart

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

MOST, AFTERWARDS = 600, 200  # MiB
LIMIT = 120_000_000  # pixels, the default
WORST: dict[str, tuple[tuple[int, int], str, str, dict[str, Any]]] = {
    "transparent png": ((7745, 15490), "PNG", "RGBA", {"compress_level": 1}),
    "long cmyk jpeg": ((2900, 41300), "JPEG", "CMYK", {}),
    "progressive jpeg": ((8900, 13400), "JPEG", "RGB", {"progressive": True, "subsampling": 2}),
    "transparent webp": ((4470, 6700), "WEBP", "RGBA", {"method": 0, "lossless": True}),
}
_MAKE = """
import sys
from PIL import Image
path, width, height, format_, mode, options = sys.argv[1:7]
size, options = (int(width), int(height)), eval(options)
image = Image.linear_gradient("L").resize(size).convert("RGB").convert(mode)
image.save(path, format_, **options)
"""
# The highest mark of this program alone: getrusage's begins with that of the process it came from.
_TAKE = """
import re
from articles import renditions
with open(sys.argv[2], "rb") as file:
    photo, known = renditions.take_in(file)
print(photo.renditions.filter(is_made=False).count())
with open("/proc/self/status") as status:
    said = status.read()
for name in ("VmHWM", "VmRSS"):
    print(int(re.search(name + r":\\s+(\\d+) kB", said)[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads how much it held from /proc")
@pytest.mark.parametrize("kind", WORST)
def test_worst_file_of_each_kind_stays_under_the_limit(kind: str, tmp_path: Path) -> None:
    (width, height), format_, mode, options = WORST[kind]
    path = tmp_path / "worst"
    given = [str(part) for part in (path, width, height, format_, mode, options)]
    subprocess.run([sys.executable, "-c", _MAKE, *given], check=True)
    with path.open("rb") as file, pytest.raises(ImportProblem, match="million pixels"):
        pictures.open_picture(file, "a tenth over a lower limit", max_pixels=LIMIT * 9 // 10)
    unmade, held, kept = apart.run(_TAKE, path)
    photo = Photo.objects.get()
    assert (photo.width, photo.height, unmade) == (width, height, "0")
    assert int(held) < MOST
    assert int(kept) < AFTERWARDS
