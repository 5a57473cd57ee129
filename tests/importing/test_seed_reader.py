"""What the seed reader makes of each form of line; the texts are made up for the purpose."""

from typing import Any

import pytest

from articles.importing import wordcheck
from articles.importing.readers.seed import Reading, SeedArticle, read
from articles.importing.readers.seed.boilerplate import reason as boilerplate_reason
from articles.importing.readers.seed.bylines import read as read_byline
from articles.importing.readers.seed.datelines import find as find_dateline
from articles.importing.readers.seed.dates import read_date_line
from articles.importing.readers.seed.endmatter import inline_related, is_related_heading, note
from articles.importing.readers.seed.endmatter import source as read_source
from articles.importing.readers.seed.language import detect
from articles.importing.readers.seed.photo_credits import cut

FIRST = (
    "The council of Merrow met on Monday and talked for nine hours about the old bridge, which has "
    "been shut since a lorry lost a wheel on it and nobody could say whose wheel it was."
)
SECOND = "It will meet again on Thursday, and nobody expects it to agree before the winter."


def story(*lines: str, **options: Any) -> SeedArticle:
    """Read lines as one document, and hold it to the rule of one home for every word."""
    data = "\n".join(lines).encode()
    article = read(data, "story.txt", **options)
    assert str(wordcheck.check(data, article)) == "every word has one home"
    assert "words_unaccounted" not in article.flags
    return article


def report(*lines: str) -> SeedArticle:
    """Read lines as the text of a story: behind a byline no line can be a standfirst."""
    return story("Title of it", "By Ida Corvell", *lines)


def kinds(article: SeedArticle) -> list[str]:
    return [block.type for block in article.body]


def texts(article: SeedArticle) -> list[str]:
    return [block.text for block in article.body if hasattr(block, "text")]


def classes(article: SeedArticle) -> list[str]:
    return [fate.fate for fate in article.lines]


# Head.


def test_first_line_is_the_headline_without_its_sign() -> None:
    assert story("# Bridge stays shut", FIRST).headline == "Bridge stays shut"


def test_underlined_line_is_a_headline_and_the_underline_a_rule() -> None:
    article = story("Bridge stays shut", "=================", "", FIRST)
    assert article.headline == "Bridge stays shut"
    assert [entry.reason for entry in article.skipped] == ["rule"]


@pytest.mark.parametrize(
    "first", ["![]() |", "- an item", "MERROW (VNA) — " + FIRST, "word " * 40, "x" * 201]
)
def test_headline_is_never_made_up(first: str) -> None:
    article = story(first, FIRST, SECOND)
    assert article.headline is None
    assert "no_headline" in article.flags


def test_repeated_headline_is_skipped() -> None:
    article = story("Bridge stays shut", "Bridge stays shut", FIRST)
    assert [entry.reason for entry in article.skipped] == ["title_repeated"]


@pytest.mark.parametrize(
    ("lines", "standfirst", "flag"),
    [
        (["**Nine hours of talk.**", FIRST], "Nine hours of talk.", None),
        (
            ["Nine hours of talk.", "![]() |", "A bridge. Photo: VNA |", FIRST],
            "Nine hours of talk.",
            None,
        ),
        (["Nine hours of talk.", "MERROW (VNA) — " + FIRST], "Nine hours of talk.", None),
        (["Nine hours of talk.", FIRST], "Nine hours of talk.", "standfirst_guessed"),
        (["“Nine hours of talk.”", FIRST], None, None),
        (["By Ida Corvell", "Nine hours of talk.", FIRST], None, None),
        (["![]() |", "A bridge. Photo: VNA |", "Nine hours of talk.", FIRST], None, None),
        (["A [link](https://merrow.example.org) in talk.", FIRST], None, None),
        (["word " * 32 + "end.", FIRST], None, None),
    ],
)
def test_standfirst_is_taken_only_where_it_may_stand(
    lines: list[str], standfirst: str | None, flag: str | None
) -> None:
    article = story("Bridge stays shut", *lines, SECOND)
    assert article.standfirst == standfirst
    assert ("standfirst_guessed" in article.flags) == (flag is not None)


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Orla Venn", [("Orla Venn", "author")]),
        ("BY ORLA VENN AND TOMAS ADEYI", [("ORLA VENN", "author"), ("TOMAS ADEYI", "author")]),
        (
            "By Orla Venn, Jo Arlo and Kim Lo",
            [(n, "author") for n in ("Orla Venn", "Jo Arlo", "Kim Lo")],
        ),
        ("By Orla Venn, Staff Writer", [("Orla Venn", "author")]),
        ("By Orla Venn, The Merrow Mail", [("Orla Venn", "author")]),
        ("By Orla Venn in Corran", [("Orla Venn", "author")]),
        ("By Orla Venn; Photos by Jo Arlo", [("Orla Venn", "author"), ("Jo Arlo", "photographer")]),
        ("Story and photos: Jo Arlo", [("Jo Arlo", "author"), ("Jo Arlo", "photographer")]),
        ("Translated from French by Jo Arlo", [("Jo Arlo", "translator")]),
        ("Jo Arlo contributed reporting from Corran.", [("Jo Arlo", "contributor")]),
        (
            "(Reporting by Jo Arlo; Editing by Kim Lo)",
            [("Jo Arlo", "author"), ("Kim Lo", "editor")],
        ),
        ("Par Élodie Brun", [("Élodie Brun", "author")]),
        ("Von Jan Petersen", [("Jan Petersen", "author")]),
        ("Por María Paz y José Ruiz", [("María Paz", "author"), ("José Ruiz", "author")]),
        ("Oleh Budi Santoso", [("Budi Santoso", "author")]),
        ("Автор: Иван Петров", [("Иван Петров", "author")]),
        ("מאת דנה לוי", [("דנה לוי", "author")]),
        ("بقلم أحمد علي", [("أحمد علي", "author")]),
        ("文/陆远 图/周明", [("陆远", "author"), ("周明", "photographer")]),
        ("홍길동 기자", [("홍길동", "author")]),
    ],
)
def test_byline_names_people_and_their_roles(line: str, people: list[tuple[str, str]]) -> None:
    found = read_byline(line)
    assert found is not None
    assert [(one.name, one.role) for one in found.people] == people


@pytest.mark.parametrize(
    "line",
    [
        "By noon the square was full.",
        "By noon the square was full",
        "By Popular Demand",
        "De nombreux habitants",
        "Von der Leyen fordert mehr Geld",
        "With snow falling",
    ],
)
def test_line_that_only_begins_like_a_byline_is_none(line: str) -> None:
    assert read_byline(line) is None


def test_person_in_one_role_is_listed_once() -> None:
    article = story("Title", "By Orla Venn", FIRST, SECOND, "(Reporting by Orla Venn)")
    assert [(one.name, one.role) for one in article.bylines] == [("Orla Venn", "author")]
    assert len(article.byline_lines) == 2


def test_byline_and_date_on_one_line_have_a_home_each() -> None:
    article = story("Title", "By Orla Venn | 3 July 2017", FIRST, SECOND)
    assert article.byline_lines == ["By Orla Venn"]
    assert article.published is not None
    assert article.published.value == "2017-07-03"


def test_name_that_may_be_a_byline_is_left_to_the_editor() -> None:
    article = story("Title of it", "Orla Venn", FIRST, SECOND)
    assert article.bylines == []
    assert "possible_byline" in article.flags


@pytest.mark.parametrize(
    ("language", "line", "published", "updated"),
    [
        ("en", "Last update 10:30 | 24/07/2017", None, "2017-07-24T10:30"),
        ("en", "Updated: Friday, March 18, 2016 21:40 (GMT+7)", None, "2016-03-18T21:40+07:00"),
        ("en", "March 9, 2016 4:05 p.m. EDT", "2016-03-09T16:05-04:00", None),
        (
            "fr",
            "Publié le 4 juillet 2017 à 10h30, mis à jour à 12h05",
            "2017-07-04T10:30",
            "2017-07-04T12:05",
        ),
        ("de", "Stand: 18.03.2016, 21:40 Uhr", None, "2016-03-18T21:40"),
        ("vi", "Cập nhật lúc 10:30, 14/07/2017", None, "2017-07-14T10:30"),
        ("ja", "2016年3月18日 21時40分", "2016-03-18T21:40", None),
        (
            "ko",
            "입력 2016.03.18 21:40 | 수정 2016.03.18 22:10",
            "2016-03-18T21:40",
            "2016-03-18T22:10",
        ),
        ("pl", "Opublikowano: 3 lipca 2017, godz. 10:30", "2017-07-03T10:30", None),
        ("ru", "Опубликовано 3 июля 2017 г., 10:30 МСК", "2017-07-03T10:30+03:00", None),
        ("ar", "نشر في 3 يوليو 2017 الساعة 10:30", "2017-07-03T10:30", None),
        ("th", "เผยแพร่ 18 มีนาคม 2559 เวลา 21.40 น.", "2016-03-18T21:40", None),
        ("fa", "۱۸ اسفند ۱۳۹۵ ساعت ۱۰:۳۰", "2017-03-08T10:30", None),
        ("fi", "Julkaistu 3.7.2017 klo 10.30", "2017-07-03T10:30", None),
        ("pt", "Publicado em 18/03/2016 às 21h40", "2016-03-18T21:40", None),
    ],
)
def test_date_line_is_only_as_exact_as_its_text(
    language: str, line: str, published: str | None, updated: str | None
) -> None:
    found = read_date_line(line, language, day_first=True)
    assert found is not None
    assert (found.published, found.updated) == (published, updated)


@pytest.mark.parametrize(
    "line", ["The river passed its 1961 mark", "City news 18/3", "July 2017", "2017"]
)
def test_line_that_says_more_than_a_date_is_no_date_line(line: str) -> None:
    assert read_date_line(line, "en", day_first=True) is None


@pytest.mark.parametrize(("day_first", "value"), [(True, "2017-07-04"), (False, "2017-04-07")])
def test_unclear_english_date_follows_the_setting_and_is_flagged(
    day_first: bool, value: str
) -> None:
    article = story("Title", "Published 04/07/2017", FIRST, day_first=day_first)
    assert article.published is not None
    assert article.published.value == value
    assert "ambiguous_date" in article.flags


def test_update_before_publication_keeps_both_and_is_flagged() -> None:
    article = story("Title", "Published 5 July 2017", "Updated 4 July 2017", FIRST)
    assert article.published is not None
    assert article.updated is not None
    assert "conflicting_dates" in article.flags


@pytest.mark.parametrize(
    ("text", "place", "date", "agency"),
    [
        ("PORT ALDER, July 3 (Reuters) – Ships wait.", "PORT ALDER", "July 3", "Reuters"),
        ("OLD HARROW, Upper Maren -- Ships wait.", "OLD HARROW, Upper Maren", None, None),
        ("New York CNN — Ships wait.", "New York", None, "CNN"),
        ("Villa Cedro, 12 may (EFE).- Barcos.", "Villa Cedro", "12 may", "EFE"),
        ("Obermoor (dpa) – Schiffe.", "Obermoor", None, "dpa"),
        ("VOV.VN - Ships wait.", None, None, "VOV.VN"),
        ("SUNGAI PUTIH, Antara - Kapal.", "SUNGAI PUTIH", None, "Antara"),
        ("(ANSA) - ROMA, 12 MAG - Navi.", "ROMA", "12 MAG", "ANSA"),
        ("新华社临川5月12日电（记者 陆远）船。", "临川", "5月12日", "新华社"),
        ("(송정=연합뉴스) 문하늘 기자 = 배.", "송정", None, "연합뉴스"),
        ("СТАРЫЙ БРОД, 12 мая — ТАСС. Суда.", "СТАРЫЙ БРОД", "12 мая", "ТАСС"),
        ("القدس 12 مايو (رويترز) - سفن.", "القدس", "12 مايو", "رويترز"),
    ],
)
def test_dateline_is_cut_off(
    text: str, place: str | None, date: str | None, agency: str | None
) -> None:
    found = find_dateline(text)
    assert found is not None
    line = found.dateline
    assert (line.place, line.date, line.agency) == (place, date, agency)
    assert text.startswith(line.text)


@pytest.mark.parametrize(
    "text",
    [
        "The wind had turned—and with it the ships.",
        "He was tired - so tired.",
        "US - China talks end.",
    ],
)
def test_dash_in_a_sentence_makes_no_dateline(text: str) -> None:
    assert find_dateline(text) is None


def test_reporter_in_a_dateline_is_a_byline_without_a_line() -> None:
    article = story("大桥通车", "新华社临川5月12日电（记者 陆远）大桥今天通车，居民都来了。")
    assert [one.name for one in article.bylines] == ["陆远"]
    assert article.byline_lines == []


# Photos.


@pytest.mark.parametrize(
    ("text", "caption", "raw", "credit"),
    [
        ("A bridge. Photo: Reuters", "A bridge.", "Photo: Reuters", "Reuters"),
        ("A bridge. (Photo by Jo Hal/AFP)", "A bridge.", "(Photo by Jo Hal/AFP)", "Jo Hal/AFP"),
        ("A bridge. VNA/VNS Photo", "A bridge.", "VNA/VNS Photo", "VNA/VNS"),
        ("A bridge – Photo Quoc Bao", "A bridge", "– Photo Quoc Bao", "Quoc Bao"),
        (
            "A bridge. (AP Photo/Carl Dunn)",
            "A bridge.",
            "(AP Photo/Carl Dunn)",
            "AP Photo/Carl Dunn",
        ),
        (
            "A bridge. Jo Hal/AFP via Getty Images",
            "A bridge.",
            "Jo Hal/AFP via Getty Images",
            "Jo Hal/AFP via Getty Images",
        ),
        ("A bridge (Source: MNA)", "A bridge", "(Source: MNA)", "MNA"),
        ("A bridge. © Hugo Falk", "A bridge.", "© Hugo Falk", "Hugo Falk"),
        (
            "A bridge. Courtesy of Town Museum",
            "A bridge.",
            "Courtesy of Town Museum",
            "Town Museum",
        ),
        (
            "Un pont. Crédit photo : Jean Bréval / AFP",
            "Un pont.",
            "Crédit photo : Jean Bréval / AFP",
            "Jean Bréval / AFP",
        ),
        ("大桥。新华社记者 周明 摄", "大桥。", "新华社记者 周明 摄", "新华社记者 周明"),
        ("橋（写真＝共同）", "橋", "（写真＝共同）", "共同"),
        ("다리 [사진=연합뉴스]", "다리", "[사진=연합뉴스]", "연합뉴스"),
        ("جسر (رويترز)", "جسر", "(رويترز)", "رويترز"),
        ("גשר. צילום: AP", "גשר.", "צילום: AP", "AP"),
    ],
)
def test_credit_is_cut_from_the_end_of_a_caption(
    text: str, caption: str, raw: str, credit: str
) -> None:
    found = cut(text)
    assert found is not None
    assert (found.caption, found.raw, found.name) == (caption, raw, credit)


@pytest.mark.parametrize(
    "text",
    [
        "Photo: the sign above the shop says only that.",
        "The hall, open to the sky.",
        "His photo by the sea",
    ],
)
def test_text_without_a_credit_stays_whole(text: str) -> None:
    assert cut(text) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["![]() |", "A bridge. Photo: VNA |"],
        ["| ![](a.jpg) |", "| A bridge. Photo: VNA |"],
        ["![]()", "A bridge. Photo: VNA|"],
        ["![]()", "|A bridge. Photo: VNA"],
        ["![]() | A bridge. Photo: VNA |"],
        ["| ![](a.jpg) A bridge. Photo: VNA |"],
        ["![](a.jpg)", "---", "A bridge. Photo: VNA", ""],
        ["![a bridge](a.jpg)", "A bridge. Photo: VNA"],
        ["![a bridge](a.jpg)A bridge. Photo: VNA"],
        ["![]() |", "A bridge. |", "Photo: VNA |"],
    ],
)
def test_photo_of_every_shape_has_its_caption_and_credit(lines: list[str]) -> None:
    article = report(FIRST, *lines, SECOND)
    assert kinds(article) == ["paragraph", "photo", "paragraph"]
    assert (article.photos[0].caption, article.photos[0].credit) == ("A bridge.", "VNA")
    assert article.photos[0].position == 1


def test_two_captions_are_paired_from_left_to_right() -> None:
    article = report(FIRST, "![]() | ![]() |", "One. Photo: VNA | Two. Photo: AP |", SECOND)
    assert [(p.caption, p.credit) for p in article.photos] == [("One.", "VNA"), ("Two.", "AP")]
    assert "shared_caption" not in article.flags


@pytest.mark.parametrize(
    "lines", [["![]() | ![]() |", "Both. Photo: VNA |"], ["![]()", "![]()", "Both. Photo: VNA|"]]
)
def test_one_caption_for_two_photos_goes_to_the_first_and_makes_a_group(lines: list[str]) -> None:
    article = report(FIRST, *lines, SECOND)
    assert [(p.caption, p.group) for p in article.photos] == [("Both.", 0), (None, 0)]
    assert "shared_caption" in article.flags


def test_italic_line_under_an_image_is_its_caption() -> None:
    article = report(FIRST, "![](a.jpg)", "*A bridge in fog.*", SECOND)
    assert article.photos[0].caption == "A bridge in fog."


def test_plain_line_under_an_image_is_body() -> None:
    article = report(FIRST, "![](a.jpg)", SECOND)
    assert article.photos[0].caption is None
    assert texts(article) == [FIRST, SECOND]


@pytest.mark.parametrize("line", ["A bridge. Photo: Jo Vance |", "A bridge. (Photo: VNA)"])
def test_caption_without_its_image_is_a_photo_to_look_at(line: str) -> None:
    article = report(FIRST, line, SECOND)
    assert kinds(article) == ["paragraph", "photo", "paragraph"]
    assert "photo_missing_marker" in article.flags
    assert classes(article)[3] == "uncertain"


def test_cell_that_fits_nothing_is_a_paragraph_to_look_at() -> None:
    article = report(FIRST, "Tickets cost four crowns. |", SECOND)
    assert kinds(article) == ["paragraph"] * 3
    assert "lone_cell" in article.flags


def test_same_photo_twice_stays_twice() -> None:
    article = story("Title", "![](a.jpg)", FIRST, "![](a.jpg)", SECOND)
    assert len(article.photos) == 2
    assert "duplicate_photo" in article.flags


# Blocks.


def test_short_line_between_paragraphs_is_a_subhead() -> None:
    assert kinds(report(FIRST, "What comes next?", SECOND)) == [
        "paragraph",
        "subhead",
        "paragraph",
    ]


@pytest.mark.parametrize("line", ["“I was there”", "The office said:", "Nobody was hurt."])
def test_line_with_an_end_is_no_subhead(line: str) -> None:
    assert kinds(report(FIRST, line, SECOND)) == ["paragraph"] * 3


def test_underlined_line_in_the_text_is_a_subhead() -> None:
    article = report("", FIRST, "", "What comes next", "---------------", "", SECOND)
    assert kinds(article) == ["paragraph", "subhead", "paragraph"]


def test_quote_has_a_cite_only_with_a_dash() -> None:
    article = report(FIRST, "> A knot takes time.", "> — Jo Arlo", SECOND)
    assert article.to_json()["body"][1] == {
        "type": "quote",
        "text": "A knot takes time.",
        "cite": "Jo Arlo",
    }


@pytest.mark.parametrize("sign", ["-", "*", "+", "•"])
def test_signed_lines_are_a_list_with_levels(sign: str) -> None:
    article = report(FIRST, f"{sign} one", f"  {sign} two", f"{sign} three", SECOND)
    items = article.to_json()["body"][1]["items"]
    assert [(item["text"], item["level"]) for item in items] == [
        ("one", 1),
        ("two", 2),
        ("three", 1),
    ]


def test_items_with_the_sign_on_the_next_line_are_a_list() -> None:
    assert kinds(report(FIRST, "one", "-", "two", "-", SECOND))[1] == "list"


def test_single_numbered_line_is_a_paragraph() -> None:
    assert kinds(report(FIRST, "1. one", SECOND)) == ["paragraph"] * 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Year | Boats |", "---|---|", "2016 | 40 |", "2017 | |"],
        ["| Year | Boats |", "|---|---|", "| 2016 | 40 |", "| 2017 |  |"],
        ["Year| Boats", "---|---", "2016| 40", "2017| ", ""],
        ["Year | Boats |", "---|---|", "", "2016 | 40 |", "", "2017 |  |"],
    ],
)
def test_table_of_every_converter_is_the_same_table(lines: list[str]) -> None:
    article = report(FIRST, *lines, SECOND)
    assert article.to_json()["body"][1] == {
        "type": "table",
        "header": True,
        "rows": [["Year", "Boats"], ["2016", "40"], ["2017", ""]],
    }
    assert "unparsed_table" not in article.flags


def test_row_with_too_many_cells_is_kept_and_flagged() -> None:
    article = report(FIRST, "Pan | Area |", "---|---|", "Mill | 15 | 16 |", SECOND)
    assert "unparsed_table" in article.flags
    assert classes(article)[5] == "uncertain"


def test_escaped_bar_is_text() -> None:
    article = report(FIRST, "| a \\| b | c |", "|---|---|", "| d | e |", SECOND)
    assert article.to_json()["body"][1]["rows"][0] == ["a | b", "c"]


def test_bar_inside_a_sentence_makes_no_row() -> None:
    line = "Mix one part salt | two of sand | no water at all."
    assert texts(report(FIRST, line, SECOND))[1] == line


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Correction: The hospital has 13 beds.", "correction"),
        ("CORRECTION (March 9): The hospital has 13 beds.", "correction"),
        ("Clarification: The beds are in Brack.", "clarification"),
        ("Editor’s note: This is part of a series.", "editors_note"),
        ("UPDATE 9:45: The road is open.", "update"),
        ("This article was updated on July 7.", "update"),
        ("Disclosure: The writer owns a goat.", "disclosure"),
        ("Korrektur: Das Haus hat 13 Betten.", "correction"),
        ("Note de la rédaction : cet article date de mai.", "editors_note"),
        ("Đính chính: Bệnh viện có 13 giường.", "correction"),
        ("更正：医院有13张床。", "correction"),
    ],
)
def test_note_is_known_by_its_label(line: str, kind: str) -> None:
    assert note(line) == kind
    assert kinds(report(FIRST, line, SECOND))[1] == "note"


def test_wrapped_lines_are_joined_and_flagged() -> None:
    article = story(
        "# Bridge stays shut",
        "",
        "The council of Merrow met on Monday and talked for nine hours about the old",
        "bridge, which has been shut since a lorry lost a wheel on it in the spring of",
        "the year before last and nobody could say whose wheel it was.",
        "",
        "It will meet again on Thursday, and nobody who was in the room expects it to",
        "agree before the winter.",
    )
    assert kinds(article) == ["paragraph", "paragraph"]
    assert "hard_wrapped" in article.flags


# Inline signs and addresses.


def test_links_and_marks_are_offsets_in_plain_text() -> None:
    article = story(
        "Title", "Read the **[town register](https://m.example.org/a_(b))** *now*, please."
    )
    block = article.to_json()["body"][0]
    assert block["text"] == "Read the town register now, please."
    assert block["links"] == [
        {"text": "town register", "url": "https://m.example.org/a_(b)", "start": 9, "end": 22}
    ]
    assert block["marks"] == [
        {"kind": "strong", "start": 9, "end": 22},
        {"kind": "em", "start": 23, "end": 26},
    ]


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVa Script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/x",
        "java&amp;#x09;script:x",
        "javascript&amp;colon;x",
        "jar:x",
        "ftp://m.example.org",
    ],
)
def test_unsafe_target_is_no_link(target: str) -> None:
    article = story("Title", f"Read [the rules]({target}) before you go down there, please.")
    assert article.to_json()["body"][0].get("links") is None
    assert [dropped.reason for dropped in article.dropped_urls] == ["unsafe_scheme"]
    assert "unsafe_url" in article.flags


def test_unsafe_photo_address_is_dropped() -> None:
    article = report(FIRST, "![A cave](DATA:image/png;base64,AA)", SECOND)
    assert article.photos[0].src is None
    assert article.photos[0].alt == "A cave"
    assert "unsafe_url" in article.flags


@pytest.mark.parametrize("target", ["http://[caves", "https://", "http://m.example.org:99999/"])
def test_target_that_cannot_be_parsed_is_dropped(target: str) -> None:
    article = story("Title", f"Read [the rules]({target}) before you go down there, please.")
    assert [dropped.reason for dropped in article.dropped_urls] == ["bad_url"]


@pytest.mark.parametrize(
    "target", ["/a?b=1", "../a", "//m.example.org/a", "mailto:a@m.example.org", "tel:+47"]
)
def test_other_targets_stay_as_written(target: str) -> None:
    article = story("Title", f"Read [the rules]({target}) before you go down there, please.")
    assert article.to_json()["body"][0]["links"][0]["url"] == target


def test_markup_is_text_and_the_line_uncertain() -> None:
    article = report("The word <b>bold</b> was written in the margin by somebody.", SECOND)
    assert texts(article)[0] == "The word <b>bold</b> was written in the margin by somebody."
    assert "html_in_text" in article.flags
    assert classes(article)[2] == "uncertain"


def test_decoded_angle_brackets_are_no_markup() -> None:
    assert "html_in_text" not in story("Title", "A &lt;b&gt; was written in the margin.").flags


# The end.


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("According to VNE", ["VNE"]),
        ("Source: Merrow Mail", ["Merrow Mail"]),
        ("(Source: VNA)", ["VNA"]),
        ("Theo VNE", ["VNE"]),
        ("Avec AFP", ["AFP"]),
        ("Con información de EFE", ["EFE"]),
        ("Quelle: dpa", ["dpa"]),
        ("来源：新华社", ["新华社"]),
        ("Источник: ТАСС", ["ТАСС"]),
        ("المصدر: وكالات", ["وكالات"]),
        ("(AP)", ["AP"]),
        ("VOV/VNA", ["VOV", "VNA"]),
        ("（共同）", ["共同"]),
        ("©2017 The Merrow Mail. Distributed by Reuters.", ["The Merrow Mail", "Reuters"]),
    ],
)
def test_source_line_gives_one_attribution_for_each_agency(line: str, names: list[str]) -> None:
    found = read_source(line)
    assert found is not None
    assert found.names == names
    article = report(FIRST, SECOND, line)
    assert article.source_lines == [line]
    assert [(a.name, a.text) for a in article.attributions if a.kind == "source_line"] == [
        (name, line) for name in names
    ]


@pytest.mark.parametrize("line", ["According to the mayor", "With snow", "The council"])
def test_line_without_an_agency_is_no_source_line(line: str) -> None:
    assert read_source(line) is None


def test_source_behind_the_last_sentence_is_cut_off() -> None:
    article = report(FIRST, "Nobody was hurt. — VNS")
    assert texts(article)[-1] == "Nobody was hurt."
    assert article.source_lines == ["— VNS"]


def test_agency_line_before_more_text_is_no_source_line() -> None:
    assert report(FIRST, "VNA", SECOND, SECOND + " Really.").source_lines == []


def test_signoff_mark_is_skipped() -> None:
    article = report(FIRST, "The move takes nine days./.", "**VNA**")
    assert texts(article)[-1] == "The move takes nine days."
    assert [entry.reason for entry in article.skipped] == ["signoff_mark"]
    assert article.source_lines == ["VNA"]


@pytest.mark.parametrize(
    ("line", "names"),
    [("Le Thu Ha", ["Le Thu Ha"]), ("P.K. | D.V.", ["P.K.", "D.V."]), ("H.A.", ["H.A."])],
)
def test_name_alone_after_the_text_is_a_byline(line: str, names: list[str]) -> None:
    article = report(FIRST, SECOND, line)
    assert [one.name for one in article.bylines] == ["Ida Corvell", *names]


def test_byline_with_its_source_is_both() -> None:
    article = report(FIRST, SECOND, "Lan Chi (Theo VNE)")
    assert [one.name for one in article.bylines] == ["Ida Corvell", "Lan Chi"]
    assert [a.name for a in article.attributions if a.kind == "source_line"] == ["VNE"]


@pytest.mark.parametrize(
    "items",
    [
        ["- One bridge", "- Two bridges"],
        ["[One bridge](/1)", "[Two bridges](/2)"],
        ["[One bridge](/1)[Two bridges](/2)"],
        ["[One bridge](/1)Two bridges"],
        ["One bridge |", "Two bridges |"],
        ["One bridge", "Two bridges"],
        ["One bridge", "-", "Two bridges", "-"],
    ],
)
def test_related_block_is_read_in_every_shape(items: list[str]) -> None:
    article = report(FIRST, SECOND, "Source: VNA", "RELATED NEWS |", "---|", *items)
    assert [item.title for item in article.related] == ["One bridge", "Two bridges"]
    assert article.related_headings == ["RELATED NEWS"]
    assert "related_block_empty" not in article.flags


@pytest.mark.parametrize(
    "heading", [["RELATED NEWS |", "---|"], ["RELATED NEWS", "---"], ["|RELATED NEWS"]]
)
def test_empty_related_block_is_normal(heading: list[str]) -> None:
    article = report(FIRST, SECOND, "Source: VNA", *heading)
    assert article.related == []
    assert "related_block_empty" in article.flags
    assert article.outcome == "imported"


@pytest.mark.parametrize(
    "text",
    [
        "Related",
        "Read also:",
        "Tin liên quan",
        "À lire aussi",
        "Lesen Sie auch",
        "Notas relacionadas",
        "Baca juga",
        "Читайте также",
        "اقرأ أيضا",
        "קראו גם",
        "相关新闻",
        "関連記事",
        "관련기사",
    ],
)
def test_heading_of_related_stories_is_known_in_many_languages(text: str) -> None:
    assert is_related_heading(text)


def test_related_story_inside_the_text_is_one_item() -> None:
    article = report(FIRST, "Read more: [One bridge](/1)", SECOND)
    assert [(item.title, item.url) for item in article.related] == [("One bridge", "/1")]
    assert inline_related("Baca juga: Jembatan baru") == ("Baca juga:", "Jembatan baru")


def test_two_titles_in_one_cell_are_left_to_the_editor() -> None:
    line = "Old bridge closes for repairs New ferry line starts in May |"
    article = report(FIRST, SECOND, "Source: VNA", "RELATED NEWS |", "---|", line)
    assert article.related == []
    assert "unknown_end_matter" in article.flags


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Share", "share"),
        ("Comments (0)", "comments"),
        ("Your email:", "comments"),
        ("Story continues below advertisement", "advertisement"),
        ("Sign up for our newsletter.", "newsletter"),
        ("We use cookies to make this page better.", "cookies"),
        ("© 2017 Merrow Mail. All rights reserved.", "copyright"),
        ("Home > Business", "breadcrumb"),
        ("Contact | Imprint", "navigation"),
        ("Back to top", "navigation"),
        ("Teilen", "share"),
        ("La suite après la publicité", "advertisement"),
        ("Subscribe to read on.", "paywall"),
    ],
)
def test_boilerplate_is_known_by_the_whole_line(line: str, reason: str) -> None:
    assert boilerplate_reason(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "Comments by residents were read aloud.",
        "Share buyers stayed away on Monday.",
        "Print runs fell to a tenth.",
        "Sign up for classes began on Monday.",
        "Home prices rose.",
    ],
)
def test_line_that_begins_like_boilerplate_is_text(line: str) -> None:
    assert boilerplate_reason(line) is None


def test_subscription_notice_flags_what_is_missing() -> None:
    article = report(FIRST, SECOND, "Subscribe to read on.")
    assert {"paywall_notice", "truncated"} <= set(article.flags)


@pytest.mark.parametrize(
    "last",
    ["The ferry will not", "The ferry stops […]", "The ferry stops…", "![A ferry at](https://m"],
)
def test_text_that_breaks_off_is_flagged(last: str) -> None:
    article = report(FIRST, SECOND, last)
    assert "truncated" in article.flags
    assert classes(article)[-1] == "uncertain"


def test_second_story_stays_in_the_draft_and_is_flagged() -> None:
    second = "The harbour of Corran freezes for the first time"
    article = report(FIRST, SECOND, "Source: VNA", second, FIRST, SECOND)
    assert "multiple_articles" in article.flags
    assert classes(article)[5:] == ["uncertain"] * 3
    assert article.source_lines == ["Source: VNA"]


def test_line_after_the_source_that_fits_nothing_is_uncertain() -> None:
    article = report(FIRST, SECOND, "Source: VNA", "some leftover of the page")
    assert "unknown_end_matter" in article.flags
    assert article.uncertain[0].placed is None


def test_tags_are_listed() -> None:
    assert report(FIRST, SECOND, "Tags: rice, sea").tags == ["rice", "sea"]


# Sources in the text.


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("The lease ended, AP reported last month.", "agency_in_text", "AP"),
        ("The mayor told Kyodo News on Friday that it had.", "agency_in_text", "Kyodo News"),
        (
            "It ended, according to papers seen by The Alder Ledger.",
            "agency_in_text",
            "The Alder Ledger",
        ),
        ("Asked about the AP report, the mayor left.", "agency_in_text", "AP"),
        ("Sources said two members would ask again.", "anonymous_source", None),
        ("A person familiar with the matter said it was late.", "anonymous_source", None),
        ("It is over, according to a senior administration official.", "anonymous_source", None),
        ("A former clerk, speaking on condition of anonymity, said so.", "anonymous_source", None),
        ("“No,” said the arbiter, Grete Lind.", "named_source", "Grete Lind"),
        (
            "Finance Minister Hanne Sorrel said on Monday that it would.",
            "named_source",
            "Hanne Sorrel",
        ),
        ("Oleg Brand, a former officer (KGB), said that it would.", "named_source", "Oleg Brand"),
        ("The Grain Office said on Tuesday that it would.", "named_source", "The Grain Office"),
    ],
)
def test_source_in_the_text_is_found_at_its_words(text: str, kind: str, name: str | None) -> None:
    article = story("Title of it", "By Ida Corvell", text, SECOND)
    found = [one for one in article.attributions if one.where == "body[0]"]
    assert [(one.kind, one.name) for one in found] == [(kind, name)]
    assert text[found[0].start : found[0].end] == found[0].text


def test_later_mention_gets_the_fullest_form_of_the_name() -> None:
    article = story("Title", "“No,” said Grete Lind of Corran.", "“Never,” Lind said on Monday.")
    assert [one.name for one in article.attributions] == ["Grete Lind", "Grete Lind"]


@pytest.mark.parametrize(
    "text", ["She said nothing.", "The council in Lower Maren said no.", FIRST]
)
def test_no_name_is_guessed(text: str) -> None:
    assert story("Title", "By Ida Corvell", text, SECOND).attributions == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Selon l’AFP, le pont rouvrira au mois de mai.", "AFP"),
        ("TTXVN dẫn lời ông Thước, phó giám đốc ban quản lý, cho biết cầu chưa xong.", "TTXVN"),
        ("Die Brücke bleibt laut dpa bis zum Mai für alle Autos gesperrt.", "dpa"),
        ("Мост закрыт до мая, сообщает ТАСС, и это никого не удивило.", "ТАСС"),
    ],
)
def test_agency_is_found_in_other_languages(text: str, name: str) -> None:
    article = story("Brücke", "- x", text, text)
    assert name in [one.name for one in article.attributions if one.kind == "agency_in_text"]


# The document.


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FIRST, "en"),
        ("Le conseil a voté le budget de la ville pour les deux ponts.", "fr"),
        ("Der Rat hat die Brücke nicht freigegeben und wird noch beraten.", "de"),
        ("El consejo no abrió el puente y se reunirá otra vez el jueves.", "es"),
        ("O conselho não abriu a ponte e vai reunir-se na quinta-feira.", "pt"),
        ("Il consiglio non ha aperto il ponte e si riunirà giovedì con la giunta.", "it"),
        ("De raad heeft de brug niet geopend en komt donderdag weer bij elkaar.", "nl"),
        ("Rådet har inte öppnat bron och träffas igen på torsdag för att rösta.", "sv"),
        ("Rada nie otworzyła mostu i zbierze się w czwartek, aby o tym mówić.", "pl"),
        ("Hội đồng chưa mở lại cây cầu và sẽ họp vào thứ năm.", "vi"),
        ("Dewan itu tidak membuka jembatan dan akan bertemu lagi pada hari Kamis.", "id"),
        ("Meclis köprüyü açmadı ve perşembe günü bir daha toplanacak.", "tr"),
        ("Совет не открыл мост и соберётся снова в четверг.", "ru"),
        ("Рада не відкрила міст і збереться знову в четвер.", "uk"),
        ("لم يفتح المجلس الجسر وسيجتمع مرة أخرى يوم الخميس.", "ar"),
        ("شورا پل را باز نکرد و پنجشنبه دوباره گرد هم می‌آید.", "fa"),
        ("המועצה לא פתחה את הגשר ותתכנס שוב ביום חמישי.", "he"),
        ("परिषद ने पुल नहीं खोला और गुरुवार को फिर मिलेगी।", "hi"),
        ("สภาไม่เปิดสะพานและจะประชุมอีกครั้ง", "th"),
        ("议会没有开放大桥，星期四再开会。", "zh"),
        ("議会は橋を開かず、木曜日にまた集まる。", "ja"),
        ("의회는 다리를 열지 않았고 목요일에 다시 모인다.", "ko"),
        ("12 / 34", "und"),
    ],
)
def test_language_is_known_from_the_text(text: str, language: str) -> None:
    assert detect(text) == language


def test_given_language_holds_and_sets_the_direction() -> None:
    article = story("Title", FIRST, language="ar-EG")
    assert (article.language, article.direction) == ("ar", "rtl")


def test_only_photos_are_flagged() -> None:
    assert "only_photos" in story("Title", "![](a.jpg)").flags


def test_headline_alone_has_no_body() -> None:
    assert "no_body" in story("Title of it").flags


def test_every_key_of_the_schema_is_written() -> None:
    article: Reading = story("Title", FIRST)
    assert set(article.to_json()) >= {
        "schema",
        "source_file",
        "outcome",
        "language",
        "direction",
        "headline",
        "standfirst",
        "bylines",
        "byline_lines",
        "dateline",
        "published",
        "updated",
        "date_lines",
        "body",
        "photos",
        "attributions",
        "source_lines",
        "related",
        "related_headings",
        "tags",
        "tag_lines",
        "skipped",
        "uncertain",
        "dropped_urls",
        "flags",
        "lines",
        "unaccounted",
    }
