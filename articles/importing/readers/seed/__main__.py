"""Print what the seed reader makes of files, as JSON: ``python -m articles.importing.readers.seed
FILE…``; with ``--out DIR`` write NAME.json for each NAME.txt instead."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from articles.importing.readers.seed import read


def main() -> None:
    parser = argparse.ArgumentParser(description="Read seed documents and print them as JSON.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, help="directory for NAME.json")
    parser.add_argument("--language")
    parser.add_argument("--month-first", action="store_true")
    options = parser.parse_args()
    for path in options.files:
        article = read(
            path.read_bytes(),
            path.name,
            language=options.language,
            day_first=not options.month_first,
        )
        text = json.dumps(article.to_json(), ensure_ascii=False, indent=1)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"{path.stem}.json").write_text(text + "\n", encoding="utf-8")
        else:
            print(text)


if __name__ == "__main__":
    main()
