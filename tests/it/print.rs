//! Promises about booklets: whole, in order, in letters as large as said, tagged, inside the paper, and nothing else.

use crate::support;

use kohyo::diagnostic::{Diagnostic, Severity};
use kohyo::markdown;
use kohyo::output::Output;
use kohyo::plan::booklets::{self, Booklet, Subject};
use kohyo::print::Pdf;
use kohyo::render::{Failure, Keys};
use kohyo::source::Sources;
use kohyo::value::booklet::{Paper, Part, Size};
use kohyo::value::calendar::FiscalYear;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::sync::{Arc, LazyLock};
use support::pdf::{Run, Sheet, letters, sheets};
use support::{CITY, describe, files, output, prepare, prepare_with};

/// What a year of a city may hold: prose and rows, figures, ruby, a table, notes, links, corrections, an image, a title
/// of ninety letters, words in capitals, and texts that look like a program.
const YEAR: &str = r##"
-- content/2025/index.md --
市長のはじめの言葉です。
-- content/2025/planning/index.md --
---
head: 企画部長
---
## 部の方針
市民の声を{市政|しせい}に生かします。[方針のページ](https://www.example.lg.jp/policy/plan/very-long-path/2025/index.html)もご覧ください。
-- content/2025/planning/1-01.md --
---
title: 条例の検証
pillar: trust
updated: 2025-06-25
sample: true
actions:
  - text: 委員会を開き、条文ごとに運用を点検する
    sections: [企画課, 財政課]
    criterion: 委員会の開催 3回
    indicator: { name: 開催回数, unit: 回, baseline: 1, target: 4, revised_target: 3 }
    ordinance: [29, 30]
  - { text: 点検の結果を市民に知らせる, sections: [企画課] }
---
{条例|じょうれい}は**「まちのきまり」**です。くわしくは注[^1]と[見直し](../../2026/planning/1-01.md)のとおりです。

## ねらい
### 背景
- 一つ目の理由
- 二つ目の理由は、とても長い文で、行の終わりまで続いて、次の行でもまだ終わらないほどです

1. 開く
2. 点検する

> [!NOTE]
> 補足の文です。

表: 回数

| 年度 | 回数 |
|---|---:|
| 令和6年度 | 2 |
| 令和7年度 | 3 |

![会場の図](map.png "会場")

[^1]: 注の文です。
-- content/2025/planning/1-01.result.md --
---
evaluation: below
updated: 2026-06-25
reason: 資料がそろわず、3回目を開けなかった
actions:
  - { result: 委員会を2回開いた, actual: 2 }
  - { result: 広報に載せた }
corrections: [{ date: 2026-09-01, item: 開催回数, was: "3", now: "2", why: 数え間違い }]
---
点検は途中です。次の注[^a]もあります。

[^a]: 結果の注です。
-- content/2025/planning/1-01.progress-2025-09-30.md --
---
actions:
  - { result: 1回開いた, actual: 1 }
  - {}
---
半年の報告です。
-- content/2025/planning/2-01.md --
---
title: 長い題名でも二行三行と折り返してきちんと読めるように組みたいので九十字ほどの題名をここに置いて目次と見出しの両方で数字や余白と重ならないことを確かめるための目標であることを示しておく題名
pillar: finance
actions: []
---
文章だけの目標です。使用料を見直します。
-- content/2025/general/1-01.md --
---
title: "#panic(\"x\") $x$ @ref <lab> \\ */ ]]] の題名"
pillar: trust
actions:
  - { text: '#read("/etc/passwd") #import "@preview/a:1.0.0": * // 行', sections: [総務課], criterion: "#eval(\"1\") _a_ *b* `c` ~ ---" }
---
#include "x.typ" と `#sys.inputs` と $a^2$ と \#(while true {}) を、そのまま読めます。
-- content/2025/general/1-02.md --
---
title: 長い取組
pillar: trust
actions:
  - { text: LONG, criterion: LONG, sections: [総務課] }
---
-- content/2026/index.md --
---
publish_at: 2027-01-01
---
まだ見せない年の言葉です。
-- content/2026/planning/2-01.md --
---
title: まだ秘密の目標
pillar: finance
publish_at: 2027-01-01
actions: []
---
秘密の本文です。
"##;

/// One black dot.
const DOT: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0, 0, 0, 2, 0,
    1, 0x48, 0xAF, 0xA4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

fn city(more: &str) -> Sources {
    let long = "とても長い取組の説明が、行から行へと続きます。".repeat(40);
    let mut all = files(CITY);
    all.extend(files(&YEAR.replace("LONG", &long)));
    all.insert("content/2025/planning/map.png".into(), DOT.to_vec());
    all.extend(files(more));
    Sources::from_memory(all)
}

fn errors(findings: &[Diagnostic]) -> Vec<String> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| format!("{} {}", finding.rule.name(), finding.message.ja)).collect()
}

#[track_caller]
fn prepared(more: &str) -> Output {
    let checked = prepare(city(more));
    assert_eq!(errors(&checked.diagnostics), [""; 0]);
    checked.value
}

fn year(number: &str) -> FiscalYear {
    FiscalYear::parse(number).expect("a year")
}

/// Every kind of booklet.
fn subjects(prepared: &Output) -> Vec<(&'static str, Subject, Part)> {
    let site = &prepared.site;
    let year = year("2025");
    let planning = site.find_department("planning").expect("a department");
    let trust = site.find_pillar("trust").expect("a pillar");
    let goal = site.find_goal(year, planning, "1-01").expect("a goal");
    vec![
        ("year", Subject::Year(year), Part::Both),
        ("goals", Subject::Year(year), Part::Goals),
        ("results", Subject::Year(year), Part::Results),
        ("department", Subject::Department(year, planning), Part::Both),
        ("pillar", Subject::Pillar(year, trust), Part::Both),
        ("goal", Subject::Goal(goal), Part::Both),
    ]
}

fn size(points: u8) -> Size {
    Size::new(points).expect("a size")
}

fn make(prepared: &Output, subject: Subject, part: Part, points: u8) -> Result<Arc<Pdf>, Failure> {
    make_on(Paper::A4, prepared, subject, part, points)
}

fn make_on(paper: Paper, prepared: &Output, subject: Subject, part: Part, points: u8) -> Result<Arc<Pdf>, Failure> {
    prepared.booklet(&Booklet { subject, part, size: size(points), paper })
}

struct Made {
    name: String,
    points: u8,
    paper: Paper,
    pdf: Arc<Pdf>,
    sheets: Vec<Sheet>,
}

static SITE: LazyLock<Output> = LazyLock::new(|| prepared(""));

/// Every kind of booklet in the two usual sizes; the year in the others, and on other paper; made once for all tests.
static MADE: LazyLock<Vec<Made>> = LazyLock::new(|| {
    let mut made = Vec::new();
    for (name, subject, part) in subjects(&SITE) {
        let mut editions: Vec<(Paper, u8)> = vec![(Paper::A4, 12), (Paper::A4, 22)];
        if name == "year" {
            editions.extend([(Paper::A4, 18), (Paper::A4, 26), (Paper::B5, 12), (Paper::B5, 22), (Paper::B5, 26)]);
            editions.extend([
                (Paper::A3, 12),
                (Paper::A3, 22),
                (Paper::Letter, 12),
                (Paper::Letter, 22),
                (Paper::Legal, 22),
            ]);
        }
        for (paper, points) in editions {
            let name = match paper {
                Paper::A4 => format!("{name} {points}"),
                paper => format!("{name} {points} {}", paper.name()),
            };
            let pdf = make_on(paper, &SITE, subject, part, points).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
            made.push(Made { name, points, paper, sheets: sheets(&pdf.bytes), pdf });
        }
    }
    made
});

fn find(name: &str) -> &'static Made {
    MADE.iter().find(|made| made.name == name).expect("a booklet")
}

// ---- Standards --------------------------------------------------------------------------------------------------------

fn failing_rules(bytes: &[u8], profile: ValidationProfile) -> Vec<String> {
    let report = validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)).expect("a verdict");
    report.failures.iter().map(|failure| format!("{} {}", failure.rule_id, failure.message)).collect()
}

#[test]
fn every_kind_of_booklet_conforms_to_pdf_ua_1_and_pdf_a_2a() {
    for made in MADE.iter() {
        assert_eq!(failing_rules(&made.pdf.bytes, ValidationProfile::PdfUa1), [""; 0], "{}", made.name);
        assert_eq!(failing_rules(&made.pdf.bytes, ValidationProfile::PdfA2a), [""; 0], "{}", made.name);
    }
}

#[test]
fn every_booklet_is_packed() {
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    for made in MADE.iter() {
        let bytes = &made.pdf.bytes;
        assert!(has(bytes, b"/Type/ObjStm") && has(bytes, b"/Type/XRef"), "{}", made.name);
        // What says that a page is tagged, and how, is inside; what says that the file is for keeping is plain.
        assert!(!has(bytes, b"/StructElem") && !has(bytes, b"\ntrailer\n"), "{}", made.name);
        assert!(has(bytes, b"<pdfaid:part>2</pdfaid:part>"), "{}", made.name);
    }
}

#[test]
fn a_broken_booklet_is_caught() {
    let bytes = &find("goal 22").pdf.bytes;
    // Broken and packed again, so that the validator has to look where the booklets have their objects.
    let rules = |key: Option<&str>| {
        let mut document = lopdf::Document::load_mem(bytes).expect("a PDF");
        if let Some(key) = key {
            let root = document.trailer.get(b"Root").and_then(lopdf::Object::as_reference).expect("a catalog");
            let catalog = document.get_dictionary_mut(root).expect("a catalog");
            assert!(catalog.remove(key.as_bytes()).is_some(), "{key} is there");
        }
        let mut again = Vec::new();
        document.save_modern(&mut again).expect("written");
        assert!(again.windows(7).any(|window| window == b"/ObjStm"));
        failing_rules(&again, ValidationProfile::PdfUa1)
    };
    assert_eq!(rules(None), [""; 0]);
    for key in ["Lang", "MarkInfo", "StructTreeRoot", "ViewerPreferences", "Metadata"] {
        assert_ne!(rules(Some(key)), [""; 0], "without {key}");
    }
}

#[test]
fn the_catalog_tells_language_title_and_bookmarks() {
    for made in MADE.iter() {
        let document = lopdf::Document::load_mem(&made.pdf.bytes).expect("a PDF");
        let catalog = document.catalog().expect("a catalog");
        let language = catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("a language");
        assert_eq!(String::from_utf8_lossy(language), "ja-JP", "{}", made.name);
        assert!(catalog.get(b"Outlines").is_ok(), "{}", made.name);
        assert_eq!(document.get_pages().len(), made.pdf.pages, "{}", made.name);
    }
    let told = told(&find("goal 22").pdf.bytes, b"Alt");
    assert!(told.iter().any(|alternative| alternative == "会場の図"), "{told:?}");
    assert!(
        told.iter().any(|alternative| alternative.contains("https://www.example.jp/goals/2025/planning/1-01.html"))
    );
    // Heads of columns and of rows are heads for programs too.
    let tags = String::from_utf8_lossy(&lopdf_bytes(&find("year 12").pdf.bytes)).into_owned();
    for tag in ["/S/TH", "/Scope/Row", "/Scope/Column", "/S/Figure", "/S/TOC", "/S/H1", "/S/H3"] {
        assert!(tags.contains(tag), "no {tag}");
    }
}

/// What is told under a name, wherever it is.
fn told(bytes: &[u8], name: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(bytes).expect("a PDF");
    let told = |object: &lopdf::Object| lopdf::decode_text_string(object.as_dict().ok()?.get(name).ok()?).ok();
    document.objects.values().filter_map(told).collect()
}

#[test]
fn a_link_says_where_it_leads() {
    for name in ["year 12", "year 22"] {
        let told = told(&find(name).pdf.bytes, b"Contents");
        for words in [
            "目標1-1 条例の検証",
            "企画部",
            "（注1）",
            "https://www.example.lg.jp/policy/plan/very-long-path/2025/index.html",
        ] {
            assert!(told.iter().any(|told| told == words), "{name}: {words} in {told:?}");
        }
        // The number of a page tells nobody what is there.
        assert!(!told.iter().any(|told| told.contains("ページ")), "{name}: {told:?}");
    }
}

/// A PDF whose objects are plain to see.
fn lopdf_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(bytes).expect("a PDF");
    document.decompress();
    let mut plain = Vec::new();
    document.save_to(&mut plain).expect("written");
    plain
}

#[test]
fn the_same_site_gives_the_same_bytes() {
    let again = prepared("");
    for (name, subject, part) in subjects(&again).into_iter().filter(|(name, ..)| ["goal", "year"].contains(name)) {
        let second = make(&again, subject, part, 22).expect("a booklet");
        assert!(find(&format!("{name} 22")).pdf.bytes == second.bytes, "{name}");
    }
}

// ---- Text ------------------------------------------------------------------------------------------------------------

/// What is read aloud from a booklet, without what paper adds: addresses after links, marks of notes.
fn read(made: &Made) -> String {
    let text: String = made.sheets.iter().map(Sheet::text).collect();
    let mut text = letters(&text);
    for open in ["（http", "（ページID", "（注"] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find('）').map_or(text.len(), |end| start + end + '）'.len_utf8());
            text.replace_range(start..end, "");
        }
    }
    text
}

/// Sentences of a document's body in order, and those of its notes.
fn sentences(path: &str) -> (Vec<String>, Vec<String>) {
    let bytes = SITE.sources.bytes(SITE.sources.find(path).expect(path)).expect("a text").into_owned();
    let text = String::from_utf8(bytes).expect("UTF-8");
    let body = text.splitn(3, "---\n").last().expect("a body");
    let split = |text: &str| {
        let parts = text.split(['。', '\n', ' ', '\u{3000}']);
        parts.map(letters).filter(|part| !part.is_empty() && part != "表:" && part != "会場の図").collect::<Vec<_>>()
    };
    let notes = body.lines().filter(|line| line.starts_with("[^")).filter_map(|note| note.split_once(": "));
    let notes: Vec<String> = notes.flat_map(|(_, text)| split(text)).collect();
    let all = split(&markdown::plain_text(body));
    (all.into_iter().filter(|sentence| !notes.contains(sentence)).collect(), notes)
}

#[test]
fn every_sentence_of_every_document_is_there_in_reading_order() {
    let goals = ["content/2025/planning/1-01.md", "content/2025/planning/2-01.md", "content/2025/general/1-01.md"];
    let results = ["content/2025/planning/1-01.result.md", "content/2025/planning/1-01.progress-2025-09-30.md"];
    let words = ["content/2025/index.md", "content/2025/planning/index.md"];
    for name in ["year 12", "year 18", "year 22", "year 26"] {
        let text = read(find(name));
        for path in goals.into_iter().chain(results).chain(words) {
            let (body, notes) = sentences(path);
            assert!(!body.is_empty(), "{path}");
            let mut at = 0;
            for sentence in body {
                // In large type the heads of a table are said in every row, so its rows are not in one piece.
                let from = if path.ends_with("1-01.md") { 0 } else { at };
                let found = text[from..].find(&sentence);
                at = from + found.unwrap_or_else(|| panic!("{name}: {path}: {sentence}\n{text}")) + sentence.len();
            }
            for note in notes {
                assert!(text.contains(&note), "{name}: {path}: {note}");
            }
        }
        for word in [
            "委員会を開き、条文ごとに運用を点検する",
            "企画課、財政課",
            "委員会の開催3回",
            "はじめの目標4回",
            "変更後の目標3回",
        ]
        .into_iter()
        .chain([
            "第29条、第30条",
            "委員会を2回開いた",
            "計画未満",
            "資料がそろわず、3回目を開けなかった",
            "半年の報告です。",
        ])
        .chain([
            "1回開いた",
            "数え間違い",
            "2026年9月1日",
            "#read(\"/etc/passwd\")",
            "企画部長から",
            "ページID2025",
        ]) {
            let word = letters(word).replace("2026年9月1日", "令和8年9月1日");
            assert!(text.contains(&word), "{name}: {word}\n{text}");
        }
    }
    // What was said first is read first.
    let text = read(find("year 22"));
    let order = [
        "市長のはじめの言葉",
        "企画部長から",
        "部の方針",
        "まちのきまり",
        "ねらい",
        "点検は途中です",
        "結果の注です",
        "お問い合わせ",
    ];
    let places: Vec<usize> = order.iter().map(|word| text.rfind(word).unwrap_or_else(|| panic!("{word}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_part_tells_its_part_only() {
    for points in [12, 22] {
        let goals = read(find(&format!("goals {points}")));
        assert!(goals.contains("委員会を開き") && goals.contains("まちのきまり"));
        for result in ["委員会を2回開いた", "計画未満", "資料がそろわず", "点検は途中", "半年の報告", "数え間違い"]
        {
            assert!(!goals.contains(result), "{points}: {result}");
        }
        let results = read(find(&format!("results {points}")));
        assert!(results.contains("委員会を2回開いた") && results.contains("委員会を開き"));
        // Goals without a result are not in a booklet of results, nor is what was said when they were made.
        for goal in ["使用料を見直します", "まちのきまり", "市長のはじめの言葉"] {
            assert!(!results.contains(goal), "{points}: {goal}");
        }
    }
}

#[test]
fn what_looks_like_a_program_is_printed_as_it_is() {
    let text = read(find("year 22"));
    for word in [
        r##"#panic("x")$x$@ref<lab>\*/]]]の題名"##,
        r##"#import"@preview/a:1.0.0":*//行"##,
        r##"#eval("1")_a_*b*`c`~---"##,
        r##"#include"x.typ"と#sys.inputsと$a^2$と#(whiletrue{})を、そのまま読めます。"##,
    ] {
        assert!(text.contains(word), "{word}\n{text}");
    }
}

#[test]
fn a_note_is_called_by_its_number() {
    for name in ["year 12", "year 22", "goal 22"] {
        let text: String = find(name).sheets.iter().map(|sheet| letters(&sheet.text())).collect();
        assert!(text.contains("くわしくは注（注1）と") && text.contains("次の注（注2）もあります"), "{name}: {text}");
    }
    // No word of the interface is left with a place to be filled in.
    for made in MADE.iter() {
        let text: String = made.sheets.iter().map(|sheet| letters(&sheet.text())).collect();
        assert!(!["{n}", "{a}", "{b}"].iter().any(|place| text.contains(place)), "{}", made.name);
    }
}

#[test]
fn readings_are_shown_and_read_once() {
    let made = find("goal 22");
    let runs = || made.sheets.iter().flat_map(|sheet| &sheet.runs);
    let shown: Vec<&Run> = runs().filter(|run| run.text.contains("じょうれい")).collect();
    assert!(shown.len() == 1 && shown[0].is_artifact && (shown[0].size - 11.0).abs() < 0.01, "{shown:?}");
    assert!(read(made).contains("条例は「まちのきまり」です"));
}

#[test]
fn nothing_holds_phrases_together_in_the_finished_file() {
    for made in MADE.iter() {
        for run in made.sheets.iter().flat_map(|sheet| &sheet.runs) {
            assert!(!run.text.contains(['\u{2060}', '\u{FFFD}']), "{}: {run:?}", made.name);
        }
    }
}

#[test]
fn a_line_of_one_look_is_one_piece() {
    // The typesetter makes a piece of each change from kanji to kana: eight here.
    for name in ["year 12", "year 22", "goal 22"] {
        let runs = || find(name).sheets.iter().flat_map(|sheet| &sheet.runs);
        assert!(runs().any(|run| run.text == "半年の報告です。"), "{name}");
        // What looks different, or is a reading over the line, stays apart.
        assert!(runs().any(|run| run.text == "条例") && runs().any(|run| run.text == "「まちのきまり」"), "{name}");
    }
}

#[test]
fn what_is_not_published_is_in_no_booklet() {
    let subject = |prepared: &Output| (Subject::Year(year("2026")), prepared.site.years.len());
    let text = |prepared: &Output| {
        let pdf = make(prepared, subject(prepared).0, Part::Both, 22).expect("a booklet");
        letters(&sheets(&pdf.bytes).iter().map(Sheet::text).collect::<String>())
    };
    let secrets = ["まだ見せない", "秘密"];
    let today = text(&SITE);
    assert!(today.contains("条例の見直し"));
    assert!(secrets.iter().all(|secret| !today.contains(secret)), "{today}");
    let drafts = text(&prepare_with(city(""), true).value);
    assert!(secrets.iter().all(|secret| drafts.contains(secret)) && drafts.contains("公表前"), "{drafts}");
}

#[test]
fn whom_to_ask_is_the_department_in_charge_today() {
    let prepared = prepared(
        "-- content/departments/planning.md --
---
name: 企画部
order: 1
years: [2020, 2026]
becomes: [policy]
sections: [企画課, 財政課]
contact: { telephone: 0277-76-1000 }
---
-- content/departments/policy.md --
---
name: 政策部
years: [2027]
contact: { telephone: 0277（76）2000（代表） }
---
",
    );
    let planning = prepared.site.find_department("planning").expect("a department");
    let pdf = make(&prepared, Subject::Department(year("2025"), planning), Part::Both, 22).expect("a booklet");
    let text = letters(&sheets(&pdf.bytes).iter().map(Sheet::text).collect::<String>());
    assert!(text.contains("今の担当：政策部電話0277（76）2000（代表）"), "{text}");
    assert!(!text.contains("0277-76-1000") && !text.contains("000-000-0000"), "{text}");
}

// ---- Form ------------------------------------------------------------------------------------------------------------

#[test]
fn letters_are_as_large_as_said() {
    for made in MADE.iter() {
        let runs = || made.sheets.iter().flat_map(|sheet| &sheet.runs);
        let count = |size: f32| -> usize {
            let same = runs().filter(|run| (run.size - size).abs() < 0.01);
            same.map(|run| run.text.chars().count()).sum()
        };
        let declared = f32::from(made.points);
        let all: usize = runs().map(|run| run.text.chars().count()).sum();
        let least = if made.points >= 16 { 16.0 } else { 10.5 };
        if made.points >= 16 {
            assert!(count(declared) * 2 > all, "{}: {} of {all} letters", made.name, count(declared));
        } else {
            assert!(count(declared) + count(10.5) > all / 2, "{}", made.name);
        }
        for run in runs() {
            let is_reading = run.is_artifact && run.size < declared * 0.75;
            assert!(run.size >= least - 0.01 || is_reading, "{}: {run:?}", made.name);
        }
    }
}

#[test]
fn nothing_stands_outside_the_paper_or_its_margins() {
    let millimetre = 72.0 / 25.4;
    for made in MADE.iter() {
        let (width, height) = made.paper.millimetres();
        // At the sides, above and below.
        let (side, above, below) = if made.paper == Paper::B5 { (16.0, 28.0, 22.0) } else { (20.0, 30.0, 25.0) };
        for (index, sheet) in made.sheets.iter().enumerate() {
            let page = index + 1;
            assert!((sheet.width - width * millimetre).abs() < 0.1, "{}", made.name);
            assert!((sheet.height - height * millimetre).abs() < 0.1, "{}", made.name);
            for run in &sheet.runs {
                // A bracket at the edge of a line is set half as wide as its body, so it may reach out by half a letter.
                let hangs = |c: Option<char>| c.is_some_and(|c| " 「『（【〔、。」』）】〕，．・".contains(c));
                let left = if hangs(run.text.chars().next()) { run.size * 0.55 } else { 0.5 };
                let right = if hangs(run.text.chars().last()) { run.size * 0.55 } else { 0.5 };
                let inside = run.x >= side * millimetre - left
                    && run.x + run.width <= sheet.width - side * millimetre + right
                    && run.y >= 10.0 * millimetre
                    && run.y + run.size * 0.9 <= sheet.height - 5.0 * millimetre;
                assert!(inside, "{} page {page}: {run:?}", made.name);
                let in_body =
                    run.y >= below * millimetre - 1.0 && run.y + run.size * 0.85 <= sheet.height - above * millimetre;
                assert!(in_body || run.is_artifact, "{} page {page}: {run:?}", made.name);
            }
        }
    }
}

/// Pieces of lines: what stands side by side without a gap.
fn pieces(sheet: &Sheet) -> Vec<String> {
    let mut pieces: Vec<(f32, f32, String)> = Vec::new();
    for run in sheet.runs.iter().filter(|run| !run.is_artifact) {
        match pieces.last_mut() {
            Some((y, end, text))
                if (*y - run.y).abs() < 0.5 && run.x - *end < run.size * 0.6 && run.x > *end - run.size =>
            {
                text.push_str(&run.text);
                *end = run.x + run.width;
            }
            _ => pieces.push((run.y, run.x + run.width, run.text.clone())),
        }
    }
    pieces.into_iter().map(|(_, _, text)| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

#[test]
fn no_line_starts_or_ends_with_what_must_not_stand_there() {
    const NOT_FIRST: &str = "、。，．）」』】〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ？！：";
    const NOT_LAST: &str = "「『（【〔";
    let mut lines = 0;
    for made in MADE.iter() {
        for line in made.sheets.iter().flat_map(pieces) {
            lines += 1;
            assert!(!line.starts_with(|c| NOT_FIRST.contains(c)), "{}: {line}", made.name);
            assert!(!line.ends_with(|c| NOT_LAST.contains(c)), "{}: {line}", made.name);
        }
    }
    assert!(lines > 1000, "{lines}");
}

#[test]
fn contents_tell_the_true_pages() {
    for name in [
        "year 12",
        "year 18",
        "year 22",
        "year 26",
        "year 12 B5",
        "year 22 B5",
        "year 26 B5",
        "year 12 A3",
        "year 22 A3",
        "department 22",
        "pillar 12",
    ] {
        let made = find(name);
        let page = |index: usize| letters(&made.sheets[index].text()).replace('.', "");
        let first = (0..made.sheets.len()).find(|index| page(*index).contains("目次")).expect("contents");
        let titles = ["目標1-1条例の検証", "お問い合わせ"]
            .into_iter()
            .chain(name.starts_with("year").then_some(["企画部", "総務部", "目標1-2長い取組"]).into_iter().flatten());
        let contents: String = (first..made.sheets.len()).take(4).map(page).collect();
        for title in titles {
            // Behind the contents a title stands at the start of its heading.
            let size = |run: &Run| run.size > f32::from(made.points) * 1.05;
            let heading = |sheet: &Sheet| {
                letters(&sheet.runs.iter().filter(|run| size(run)).map(|run| run.text.as_str()).collect::<String>())
            };
            let found = (first + 1..made.sheets.len()).find(|index| heading(&made.sheets[*index]).contains(title));
            let number = found.unwrap_or_else(|| panic!("{name}: {title}")) + 1;
            let told = format!("{title}{number}");
            let at = contents.find(&told).unwrap_or_else(|| panic!("{name}: {told} in {contents}"));
            assert!(!contents[at + told.len()..].starts_with(|c: char| c.is_ascii_digit()), "{name}: {told}");
        }
    }
}

#[test]
fn every_page_says_which_of_how_many_and_of_what() {
    let made = find("year 22");
    let all = made.sheets.len();
    for (index, sheet) in made.sheets.iter().enumerate() {
        let decoration =
            letters(&sheet.runs.iter().filter(|run| run.is_artifact).map(|run| run.text.as_str()).collect::<String>());
        assert!(decoration.contains(&format!("{}/{all}ページ", index + 1)), "{decoration}");
        assert!(index == 0 || decoration.contains("令和7年度"), "{decoration}");
    }
    let runs =
        made.sheets.iter().flat_map(|sheet| &sheet.runs).filter(|run| run.text.contains("ページ") && run.is_artifact);
    assert!(runs.clone().count() >= all && runs.clone().all(|run| run.size >= 16.0));
}

#[test]
fn no_heading_is_left_alone_at_the_foot_of_a_page() {
    for made in MADE.iter() {
        for (index, sheet) in made.sheets.iter().enumerate().take(made.sheets.len() - 1).skip(1) {
            let body: Vec<&Run> =
                sheet.runs.iter().filter(|run| !run.is_artifact && !run.text.trim().is_empty()).collect();
            let Some(lowest) = body.iter().map(|run| run.y).reduce(f32::min) else { continue };
            let last: Vec<&&Run> = body.iter().filter(|run| (run.y - lowest).abs() < 0.5).collect();
            let is_heading = last.iter().all(|run| run.size > f32::from(made.points) * 1.05);
            assert!(!is_heading, "{} page {}: {last:?}", made.name, index + 1);
        }
    }
}

/// A year whose booklets are long, with notes, frames that go on and several departments; more files on top.
fn long_year(more: &str) -> Output {
    let text: String = (0..40).map(|index| format!("第{index:03}文で示す。")).collect();
    let goal = |department: &str, index: usize| {
        format!(
            "-- content/2025/{department}/7-{index:02}.md --\n---\ntitle: 長い年の目標{index:02}\npillar: trust\nactions:\n  - {{ text: {text}{index} }}\n  - {{ text: 会場を選ぶ, criterion: 開催 3回 }}\n---\n             {}[^1]\n\n[^1]: {index}番の注です。\n",
            text.repeat(4)
        )
    };
    let goals = |department| (1..=20).map(|index| goal(department, index)).collect::<String>();
    prepared(&format!("{}{}{more}", goals("planning"), goals("general")))
}

#[test]
fn a_long_booklet_is_the_same_chapter_by_chapter_and_in_one_go() {
    let templates = |more: &str| {
        let start = include_str!("../../themes/default/print/booklet.typ");
        let city = String::from_utf8(files(CITY)["site.yaml"].clone()).expect("UTF-8");
        format!(
            "-- site.yaml --\n{city}theme: own\n-- themes/own/theme.yaml --\ncontract: 1\n-- themes/own/print/booklet.typ --\n{start}{more}\n"
        )
    };
    let in_chapters = long_year(&templates(""));
    // Pages that change their look on the way are set in one go; here they change nothing.
    let in_one_go = long_year(&templates("#[#set page(fill: none)\n]"));
    for points in [12, 22] {
        let print = |site: &Output| make(site, Subject::Year(year("2025")), Part::Both, points).expect("a booklet");
        let (chapters, whole) = (print(&in_chapters), print(&in_one_go));
        assert!(chapters.pages > if points == 12 { 40 } else { 150 }, "{} pages", chapters.pages);
        assert_eq!((chapters.pages, chapters.bytes.len()), (whole.pages, whole.bytes.len()), "{points} points");
        assert!(chapters.bytes == whole.bytes, "{points} points");
        assert_eq!(failing_rules(&chapters.bytes, ValidationProfile::PdfUa1), [""; 0], "{points} points");
        assert_eq!(failing_rules(&chapters.bytes, ValidationProfile::PdfA2a), [""; 0], "{points} points");
        assert!(chapters.bytes == print(&long_year(&templates(""))).bytes, "the same bytes again");
    }
}

/// A site with one goal whose only action has a text of some length, and its booklet.
fn one_action(letters: usize, points: u8) -> Vec<Sheet> {
    let text: String = (0..letters.div_ceil(10)).map(|index| format!("第{index:03}文で示す。")).collect();
    let site = prepared(&format!(
        "-- content/2025/general/1-01.md --\n---\ntitle: 枠\npillar: trust\nactions:\n  - {{ text: 前の取組, sections: [総務課] }}\n  - {{ text: {text}, sections: [末の課] }}\n---\n"
    ));
    let general = site.site.find_department("general").expect("a department");
    let goal = site.site.find_goal(year("2025"), general, "1-01").expect("a goal");
    sheets(&make(&site, Subject::Goal(goal), Part::Both, points).expect("a booklet").bytes)
}

#[test]
fn a_frame_that_fits_on_a_page_is_on_one_page() {
    let mut fitting = 0;
    for points in [18, 22, 26] {
        for length in (50..450).step_by(40) {
            let sheets = one_action(length, points);
            let pages = |word: &str| -> Vec<usize> {
                let has = |sheet: &Sheet| letters(&sheet.text()).contains(word);
                sheets.iter().enumerate().filter(|(_, sheet)| has(sheet)).map(|(index, _)| index).collect()
            };
            let (first, last) = (pages("第000文"), pages("末の課"));
            // What is said where a frame goes on is decoration: it was said before.
            let goes_on = |sheet: &Sheet| sheet.runs.iter().any(|run| run.is_artifact && run.text.contains("続き"));
            let marked: Vec<usize> = (0..sheets.len()).filter(|index| goes_on(&sheets[*index])).collect();
            if first == last {
                fitting += 1;
                assert_eq!(marked, [0; 0], "{length} letters, {points} points");
            } else {
                // It fills the page on which it began, and every further page says what it goes on with.
                assert_eq!(marked, (first[0] + 1..=last[0]).collect::<Vec<_>>(), "{length} letters, {points} points");
                let filled = sheets[first[0]].runs.iter().filter(|run| !run.is_artifact).map(|run| run.y);
                assert!(filled.fold(f32::MAX, f32::min) < 150.0, "{length} letters, {points} points");
                let in_line = (210.0 - 50.0) / (f32::from(points) * 25.4 / 72.0);
                let in_page = (297.0 - 60.0) / (f32::from(points) * 1.75 * 25.4 / 72.0);
                let lines = length as f32 / in_line;
                assert!(lines > in_page * 0.7, "{length} letters, {points} points: {lines} of {in_page} lines");
            }
        }
    }
    assert!(fitting > 10, "{fitting}");
}

#[test]
fn a_record_of_a_table_in_large_type_is_on_one_page() {
    let mut body = String::from("表: 橋\n\n| 名称 | 工事 | 完了 |\n|---|---|---|\n");
    for number in 100..140 {
        body.push_str(&format!("| 第{number}橋 | 補修、耐震補強 | 完{number} |\n"));
    }
    let site = prepared(&format!(
        "-- content/2025/general/1-01.md --\n---\ntitle: 表\npillar: trust\nactions: []\n---\n{body}"
    ));
    let general = site.site.find_department("general").expect("a department");
    let goal = site.site.find_goal(year("2025"), general, "1-01").expect("a goal");
    for points in [18, 22, 26] {
        let pdf = make(&site, Subject::Goal(goal), Part::Both, points).expect("a booklet");
        let sheets: Vec<String> = sheets(&pdf.bytes).iter().map(|sheet| letters(&sheet.text())).collect();
        assert!(sheets.len() > 5);
        for number in 100..140 {
            let page = sheets.iter().position(|text| text.contains(&format!("第{number}橋"))).expect("a record");
            assert!(sheets[page].contains(&format!("完{number}")), "{points}: {number}");
        }
    }
}

#[test]
fn a_goal_that_does_not_fit_under_its_chapter_begins_a_page() {
    let mut moved = 0;
    // A goal's heading and its frame have room on a page, and not under three lines of a pillar's name.
    for (points, length) in
        [(18, 8), (18, 14), (18, 18), (22, 6), (22, 8), (22, 10), (22, 12), (26, 4), (26, 6), (26, 7)]
    {
        let text = "取組の内容をくわしく示す。".repeat(length);
        let site = prepared(&format!(
            "-- content/pillars/trust.md --\n---\nname: 市民から信頼され、満足度の高いサービスを提供する、開かれた、むだのない市役所づくり\nnumber: 1\n---\n\
             -- content/departments/new.md --\n---\nname: 新しい部\nsections: [担当課]\n---\n\
             -- content/2025/new/1-01.md --\n---\ntitle: 章の初めの目標\npillar: trust\nactions:\n  - {{ text: {text}, sections: [担当課] }}\n---\n"
        ));
        let pdf = make(&site, Subject::Year(year("2025")), Part::Goals, points).expect("a booklet");
        let sheets = sheets(&pdf.bytes);
        let page = |word: &str| {
            let heading = |sheet: &Sheet| {
                let large = |run: &&Run| run.size > f32::from(points) * 1.05 && !run.is_artifact;
                letters(&sheet.runs.iter().filter(large).map(|run| run.text.as_str()).collect::<String>())
            };
            sheets.iter().position(|sheet| heading(sheet).contains(word)).unwrap_or_else(|| panic!("{word}"))
        };
        let goal = page("章の初めの目標");
        let body = letters(&sheets[goal].text());
        assert!(body.contains("取組の内容をくわしく示す。"), "{points} points, {length} sentences");
        moved += usize::from(goal > page("新しい部"));
    }
    assert!(moved > 2, "{moved}");
}

#[test]
fn a_heading_is_never_on_a_page_before_its_frame() {
    let (mut whole, mut broken) = (0, 0);
    for points in [18, 22, 26] {
        // Around a page: with its headings above it the frame fits, or only without them, or not at all.
        let page = (297.0 - 55.0) * (210.0 - 50.0) / (f32::from(points) * 25.4 / 72.0).powi(2) / 1.75;
        for share in (50..110).step_by(6) {
            let length = (page * share as f32 / 100.0) as usize;
            let text: String = (0..length.div_ceil(10)).map(|index| format!("第{index:03}文で示す。")).collect();
            let action = format!("  - {{ text: {text}, sections: [末の課] }}\n");
            let site = prepared(&format!(
                "-- content/2025/planning/1-01.md --\n---\ntitle: 前の目標\npillar: trust\nactions: []\n---\n前の文。\n\
                 -- content/2025/planning/1-01.result.md --\n---\nupdated: 2026-06-25\nactions: []\n---\n結果。\n\
                 -- content/2025/planning/1-01.progress-2025-09-30.md --\n---\nactions: []\n---\n報告。\n\
                 -- content/2025/planning/2-01.md --\n---\ntitle: 一枚ほどの枠のある目標\npillar: finance\nactions:\n{action}---\n"
            ));
            let planning = site.site.find_department("planning").expect("a department");
            let goal = site.site.find_goal(year("2025"), planning, "2-01").expect("a goal");
            for subject in [Subject::Year(year("2025")), Subject::Goal(goal)] {
                let sheets = sheets(&make(&site, subject, Part::Goals, points).expect("a booklet").bytes);
                let page = |word: &str, times: f32| {
                    let large = |run: &&Run| run.size > f32::from(points) * times && !run.is_artifact;
                    let text = |sheet: &Sheet| {
                        letters(&sheet.runs.iter().filter(large).map(|run| run.text.as_str()).collect::<String>())
                    };
                    sheets.iter().rposition(|sheet| text(sheet).contains(word)).unwrap_or_else(|| panic!("{word}"))
                };
                let (first, last) = (page("第000文", 0.9), page("末の課", 0.9));
                let name = format!("{subject:?}, {length} letters, {points} points");
                if matches!(subject, Subject::Year(_)) {
                    assert_eq!(page("一枚ほどの枠のある目標", 1.05), first, "{name}");
                    // The pillar's name, which stands over the goal's.
                    let pillar = site.site.find_pillar("finance").map(|id| letters(&site.site.pillar(id).matter.name));
                    assert_eq!(page(&pillar.expect("a pillar"), 1.05), first, "{name}");
                } else {
                    assert_eq!(page("目標", 1.05), first, "{name}");
                }
                whole += usize::from(first == last);
                broken += usize::from(first < last);
            }
        }
    }
    assert!(whole > 10 && broken > 10, "{whole} on one page, {broken} broken");
}

#[test]
fn a_chapter_is_not_alone_at_the_foot_of_the_contents() {
    // Departments with one goal each, so that chapters stand at every place of a page.
    let mut more = String::new();
    for number in 10..46 {
        more.push_str(&format!(
            "-- content/departments/d{number}.md --\n---\nname: 第{number}部\nsections: [担当課]\n---\n"
        ));
        more.push_str(&format!(
            "-- content/2025/d{number}/1-01.md --\n---\ntitle: 目次の試し\npillar: trust\nactions: []\n---\n本文。\n"
        ));
    }
    let site = prepared(&more);
    let mut pages = 0;
    for points in [12, 18, 22, 26] {
        let pdf = make(&site, Subject::Year(year("2025")), Part::Both, points).expect("a booklet");
        for sheet in sheets(&pdf.bytes) {
            let lines: Vec<String> = sheet.lines().iter().map(|line| letters(line)).collect();
            // Body pages have the heading of a department and hardly an entry of contents.
            let entries = lines.iter().filter(|line| line.contains("目標1-1")).count();
            let Some(last) = lines.last().filter(|_| entries > 3) else { continue };
            pages += 1;
            assert!(!last.starts_with('第') && !last.contains("部"), "{points}: {last}");
        }
    }
    assert!(pages > 8, "{pages}");
}

// ---- Findings --------------------------------------------------------------------------------------------------------

#[test]
fn a_character_without_a_glyph_is_found_where_it_is() {
    let more = "\
-- content/2025/planning/1-01.md --
---
# 🎉 is not shown
title: 条例の検証
pillar: trust
actions:
  - { text: 委員会🎉, sections: [企画課] }
---
本文<!-- 🚀 -->の🎉と🎉です。
";
    let pdf = "\
-- site.yaml --
title: 青葉市 組織目標
organization: { name: 青葉市 }
scale:
  - { key: below, label: 計画未満 }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
pdf: { pages: [department], sizes: [22] }
";
    // The result has two rows.
    let more = more.replace(
        "  - { text: 委員会🎉, sections: [企画課] }\n",
        "  - { text: 委員会🎉, sections: [企画課] }\n  - { text: 公表 }\n",
    );
    let checked = prepare(city(&(more.clone() + pdf)));
    let found: Vec<_> = checked.diagnostics.iter().filter(|finding| finding.rule.name() == "missing-glyph").collect();
    assert_eq!(found.len(), 1, "{found:?}");
    let places = describe(&checked.value.sources, &checked.diagnostics);
    assert!(places.contains(&"content/2025/planning/1-01.md:6:16 missing-glyph \"🎉\"".to_owned()), "{places:?}");
    assert!(found[0].message.ja.contains("「🎉」（U+1F389）") && found[0].message.ja.contains("ほかに2か所"));
    // Without booklets the character does no harm.
    let checked = prepare(city(&more));
    assert_eq!(errors(&checked.diagnostics), [""; 0]);
}

#[test]
fn rare_kanji_of_names_are_printed() {
    let site = prepared(
        "-- content/2025/general/1-01.md --\n---\ntitle: 𠮷野さんと髙﨑さんと𡈽屋さん\npillar: trust\nactions: []\n---\n侉と①と㈱。\n",
    );
    let general = site.site.find_department("general").expect("a department");
    let goal = site.site.find_goal(year("2025"), general, "1-01").expect("a goal");
    let pdf = make(&site, Subject::Goal(goal), Part::Both, 22).expect("a booklet");
    let text = letters(&sheets(&pdf.bytes).iter().map(Sheet::text).collect::<String>());
    assert!(text.contains("𠮷野さんと髙﨑さんと𡈽屋さん") && text.contains("侉と①と㈱。"), "{text}");
    assert_eq!(failing_rules(&pdf.bytes, ValidationProfile::PdfUa1), [""; 0]);
}

#[test]
fn a_faulty_image_or_template_is_a_finding_with_its_place() {
    let finding = |sources: Sources| {
        let site = prepare(sources).value;
        let planning = site.site.find_department("planning").expect("a department");
        let goal = site.site.find_goal(year("2025"), planning, "1-01").expect("a goal");
        match make(&site, Subject::Goal(goal), Part::Both, 12) {
            Err(Failure::Finding(finding)) => describe(&site.sources, &[*finding]).remove(0),
            other => panic!("{other:?}"),
        }
    };
    let mut all = files(CITY);
    all.extend(files(&YEAR.replace("LONG", "短い")));
    all.insert("content/2025/planning/map.png".into(), b"no image".to_vec());
    assert_eq!(finding(Sources::from_memory(all.clone())), "content/2025/planning/map.png:1:1 booklet \"\"");
    all.insert("content/2025/planning/map.png".into(), DOT.to_vec());
    all.extend(files(
        "-- themes/own/theme.yaml --\ncontract: 1\n-- themes/own/print/goal.typ --\n#import \"text.typ\": *\n#let indicator-levels = none\n#let goal(it, head) = { let x = 1\n  read(\"/etc/passwd\") }\n",
    ));
    let site = String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    all.insert("site.yaml".into(), (site + "theme: own\n").into_bytes());
    let found = finding(Sources::from_memory(all));
    assert!(found.starts_with("themes/own/print/goal.typ:4:8 booklet"), "{found}");
}

/// A city whose theme has templates of booklets of its own.
fn with_templates(templates: &[(&str, &str)]) -> Output {
    let mut all = files(CITY);
    all.extend(files(&YEAR.replace("LONG", "短い")));
    all.insert("content/2025/planning/map.png".into(), DOT.to_vec());
    all.insert("themes/own/theme.yaml".into(), b"contract: 1\n".to_vec());
    for (name, text) in templates {
        all.insert(format!("themes/own/print/{name}"), text.as_bytes().to_vec());
    }
    let site = String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    all.insert("site.yaml".into(), (site + "theme: own\n").into_bytes());
    prepare(Sources::from_memory(all)).value
}

/// What is said of a goal's booklet whose template is this: the finding and its words.
fn refused(template: &str) -> Option<(String, String)> {
    let site = with_templates(&[("booklet.typ", template)]);
    let planning = site.site.find_department("planning").expect("a department");
    let goal = site.site.find_goal(year("2025"), planning, "1-01").expect("a goal");
    match make(&site, Subject::Goal(goal), Part::Both, 12) {
        Ok(_) => None,
        Err(Failure::Finding(finding)) => {
            Some((describe(&site.sources, &[(*finding).clone()]).remove(0), finding.message.en.to_string()))
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn loops_of_a_template_without_end_are_told_where_they_are() {
    // Takes most of the rounds at once, so that the rest are soon taken.
    const NEARLY: &str = "#for _ in range(50) { let numbers = range(99000) }\n";
    const LIST: &str = "(1,2,3,4,5,6,7,8,9,10)";
    let nested = |body: &str| {
        let open: String = (0..9).map(|index| format!("for x{index} in {LIST} {{ ")).collect();
        format!("{open}{body}{}", " }".repeat(9))
    };
    let mut wrong = Vec::new();
    for (template, place) in [
        (format!("市\n#{{ {} }}", nested("")), "3:"),
        (format!("#let f(x) = {{ {} }}\n\n#f(1)", nested("[a]")), "2:"),
        (format!("\n#eval(\"{}\")", nested("")), "3:7 "),
        ("\n\n#let g(n, way) = if n < 40 { g(n + 1, way + \"a\") ; g(n + 1, way + \"b\") }\n#g(0, \"\")".to_owned(), "4:7 "),
        ("#let y = (1, 2)\n#let x = range(2000000000)".to_owned(), "3:10 "),
        ("#let x = array.range(-2000000000, step: 3, 0)".to_owned(), "2:10 "),
        ("#let x = std.array.range(0, -2000000000, step: -3)".to_owned(), "2:10 "),
        ("#{ let a = 0; while true { let b = 0; while b < 9999 { let c = 0; while c < 9999 { c += 1 }; b += 1 }; if a > 1 { break } } }".to_owned(), "2:"),
        ("#let s = \"eval(s, scope: (s: s))\"\n#eval(s, scope: (s: s))".to_owned(), "3:7 "),
    ] {
        let (found, said) = refused(&format!("{NEARLY}{template}")).unwrap_or_default();
        if !found.starts_with(&format!("themes/own/print/booklet.typ:{place}"))
            || !said.ends_with("more than five million rounds of loops for one booklet")
        {
            wrong.push((template, found, said));
        }
    }
    assert!(!refused(NEARLY).unwrap_or_default().1.contains("rounds"), "what ends is not too much");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn templates_whose_rounds_are_counted_make_the_same() {
    let templates = [
        ("booklet.typ", include_str!("../../themes/default/print/booklet.typ")),
        ("goal.typ", include_str!("../../themes/default/print/goal.typ")),
        ("text.typ", include_str!("../../themes/default/print/text.typ")),
    ];
    let (counted, built_in) = (with_templates(&templates), with_templates(&[]));
    let print = |site: &Output| make(site, Subject::Year(year("2025")), Part::Both, 12).expect("a booklet");
    assert!(print(&counted).bytes == print(&built_in).bytes);
}

#[test]
fn a_booklet_has_a_photo_and_not_what_it_tells() {
    let [plain, told] = support::photos();
    let made = |photo: Vec<u8>| {
        let mut all = files(CITY);
        all.extend(files(&YEAR.replace("LONG", "短い").replace("map.png", "map.jpg")));
        all.insert("content/2025/planning/map.jpg".into(), photo);
        let site = prepare(Sources::from_memory(all)).value;
        let planning = site.site.find_department("planning").expect("a department");
        let goal = site.site.find_goal(year("2025"), planning, "1-01").expect("a goal");
        make(&site, Subject::Goal(goal), Part::Both, 12).expect("a booklet").bytes.clone()
    };
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    let points = plain[plain.len() - 40..].to_vec();
    let pdf = made(told.clone());
    assert!(has(&told, b"Aoba 12 Pro") && has(&pdf, &points) && !has(&pdf, b"Aoba 12 Pro"));
    assert!(!has(&pdf, &[35_u32, 1, 10, 1].map(u32::to_be_bytes).concat()));
}

// ---- Build -----------------------------------------------------------------------------------------------------------

/// The settings of a city; a test adds which booklets it wants.
const SETTINGS: &str = "\
-- site.yaml --
title: 青葉市 組織目標
organization: { name: 青葉市 }
scale:
  - { key: on-plan, label: 計画通り }
  - { key: below, label: 計画未満, needs: reason }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
";

#[test]
fn booklets_of_a_site_are_files_with_links_that_say_how_long_they_are() {
    let site = SETTINGS.to_owned()
        + "印刷用PDF: { ページ: [年度, 実績, department, 柱, goal], sizes: [22, 12, 18], 年度の範囲: [2025, 2025] }\n";
    let site = prepared(&site);
    let mut built = output(&site);
    let names: Vec<String> = built.keys().filter(|path| path.ends_with(".pdf")).cloned().collect();
    for path in ["2025/booklet.pdf", "2025/booklet-large.pdf", "2025/booklet-large-18.pdf", "2025/results-large.pdf"]
        .into_iter()
        .chain(["2025/planning/booklet-large.pdf", "2025/pillars/trust-large.pdf", "2025/planning/1-01-large-18.pdf"])
    {
        assert!(names.iter().any(|name| name == path), "{path} in {names:?}");
        let booklet = booklets::find(&site.site, path).expect(path);
        assert_eq!(booklets::path(&site.site, &booklet), path);
    }
    assert!(names.iter().all(|name| name.starts_with("2025/")), "{names:?}");
    assert_eq!(booklets::find(&site.site, "2026/booklet.pdf"), None);
    assert_eq!(booklets::find(&site.site, "2025/planning/1-01-large-26.pdf"), None);
    let page = String::from_utf8(built.remove("2025/planning/1-01.html").expect("a page")).expect("UTF-8");
    for (file, kind) in [("1-01.pdf", "印刷用PDF（"), ("1-01-large.pdf", "大きな文字（22ポイント）のPDF（")]
    {
        let pdf = &built[&format!("2025/planning/{file}")];
        let text = format!("{kind}{}ページ、{}キロバイト）", sheets(pdf).len(), pdf.len().div_ceil(1024));
        assert!(page.contains(&format!("<a href=\"{file}\">{text}</a>")), "{text} in {page}");
    }
}

#[test]
fn a_booklet_is_made_again_when_something_in_it_changed_and_only_then() {
    let settings = SETTINGS.to_owned() + "pdf: { pages: [department, goal], sizes: [22] }\n";
    let key = |more: &str, image: &[u8], paths: [&str; 3]| {
        let mut all = files(CITY);
        all.extend(files(&YEAR.replace("LONG", "短い")));
        all.extend(files(&(settings.clone() + more)));
        all.insert("content/2025/planning/map.png".into(), image.to_vec());
        let site = prepare(Sources::from_memory(all)).value;
        let keys = Keys::new(&site, 1);
        let routes: Vec<_> = site.routes().into_iter().map(|route| (site.path(route), keys.of(route))).collect();
        paths.map(|path| routes.iter().find(|(known, _)| known == path).unwrap_or_else(|| panic!("{path}")).1)
    };
    let paths = ["2025/planning/booklet-large.pdf", "2025/planning/1-01.html", "2025/general/booklet-large.pdf"];
    let first = key("", DOT, paths);
    assert!(first.iter().all(Option::is_some));
    assert_eq!(first, key("", DOT, paths));
    // The page says how large its booklet is.
    let image = key("", &[DOT, b" "].concat(), paths);
    assert!(image[0] != first[0] && image[1] != first[1] && image[2] == first[2]);
    let other = key(
        "-- content/2025/general/1-02.md --\n---\ntitle: 別\npillar: trust\nactions: []\n---\n本文。\n",
        DOT,
        paths,
    );
    assert!(other[0] == first[0] && other[1] == first[1] && other[2] != first[2]);
    // A thread shows what its goal is called in other years.
    let thread = "-- content/2026/planning/1-01.md --\n---\ntitle: 新しい題\npillar: 1\ncontinues: 2025/planning/1-01\nactions: []\n---\n";
    let thread = key(thread, DOT, paths);
    assert!(thread[0] != first[0] && thread[2] == first[2]);
}
