//! Promises about letters and notes in booklets: the form that was written is shown, what the letters lack is readable or
//! told, and no note is lost, wherever in a document it stands.

use crate::support;

use kohyo::diagnostic::Diagnostic;
use kohyo::output::Output;
use kohyo::plan::booklets::{Booklet, Subject};
use kohyo::render::Failure;
use kohyo::source::Sources;
use kohyo::value::booklet::{Paper, Part, Size};
use kohyo::value::calendar::FiscalYear;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::collections::BTreeMap;
use support::pdf::{Sheet, letters, sheets};
use support::{CITY, describe, files, prepare};

/// A font of three squares: 葛 and 𠮷, and a form of each that no other font here has (U+E010F, U+E0100).
const FORMS: &[u8] = include_bytes!("support/forms.ttf");

fn site(more: &str, own: &[(&str, &[u8])]) -> (Output, Vec<Diagnostic>) {
    let mut all = files(CITY);
    all.extend(files(more));
    all.extend(own.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())));
    let checked = prepare(Sources::from_memory(all));
    (checked.value, checked.diagnostics)
}

/// The booklet of one goal: what is read of it, what the glyphs are for, and the file.
fn booklet(site: &Output, points: u8) -> (String, Vec<u8>) {
    let (read, _, bytes) = drawn(site, points);
    (read, bytes)
}

fn drawn(site: &Output, points: u8) -> (String, String, Vec<u8>) {
    let year = FiscalYear::parse("2026").expect("a year");
    let planning = site.site.find_department("planning").expect("a department");
    let goal = site.site.find_goal(year, planning, "1-02").expect("a goal");
    let size = Size::new(points).expect("a size");
    let wanted = Booklet { subject: Subject::Goal(goal), part: Part::Both, size, paper: Paper::A4 };
    let pdf = site.booklet(&wanted).unwrap_or_else(|fault| panic!("{points}: {fault:?}"));
    let sheets = sheets(&pdf.bytes);
    let text: String = sheets.iter().map(Sheet::text).collect();
    let drawn: String = sheets.iter().flat_map(|sheet| &sheet.runs).map(|run| run.drawn.as_str()).collect();
    (letters(&text), drawn, pdf.bytes.clone())
}

#[track_caller]
fn conforms(bytes: &[u8]) {
    for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA2a] {
        let report = validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)).expect("a verdict");
        let failures: Vec<_> = report.failures.iter().map(|it| (&it.rule_id, &it.message)).collect();
        assert!(failures.is_empty(), "{failures:?}");
    }
}

/// A goal whose text stands in every place that a booklet has for texts.
fn everywhere(text: &str) -> String {
    format!(
        "-- content/2026/planning/1-02.md --\n---\ntitle: \"題{text}。\"\npillar: trust\nactions:\n  - text: \"取組{text}。\"\n    criterion: \
         \"基準{text}。\"\n---\n本文{text}。\n\n## 見出し{text}。\n\n- 項{text}。\n\n> 引用{text}。\n\n表: 説明{text}。\n\n|頭{text}。|\n|-|\n|升{text}。|\n\n\
         **強い{text}。**と[先{text}。](https://www.example.jp/)と注[^1]。\n\n[^1]: 注{text}。\n"
    )
}

const PLACES: [&str; 13] =
    ["題", "取組", "基準", "本文", "見出し", "項", "引用", "説明", "頭", "升", "強い", "先", "注"];

#[test]
fn the_form_that_was_written_is_shown_wherever_it_stands() {
    // One letter in two forms beside each other, and in none; marks that make one letter with what is before them, also
    // where there is no such letter.
    let text =
        "葛\u{E0100}城と葛\u{E0101}城と葛城、辻\u{E0100}、神\u{FE00}と神、か\u{309A}、カ\u{309A}、カ\u{301}、☎\u{FE0F}";
    let (site, findings) = site(&everywhere(text), &[]);
    assert!(findings.iter().all(|finding| finding.rule.name() != "missing-glyph"), "{findings:?}");
    for points in [12, 22] {
        let (read, drawn, bytes) = drawn(&site, points);
        for place in PLACES {
            assert!(read.contains(&letters(&format!("{place}{text}。"))), "{points} {place}: {read}");
        }
        // A glyph is named for the first writing that it stands for; only U+E0100 asks for this one.
        for form in ["葛\u{E0100}", "辻\u{E0100}"] {
            assert!(drawn.matches(form).count() >= PLACES.len(), "{points} {form}: {drawn}");
        }
        conforms(&bytes);
    }
}

#[test]
fn letters_of_two_characters_are_read_as_they_were_written() {
    for (text, expect) in [("か\u{3099}き\u{3099}", "がぎ"), ("cafe\u{301}", "café")] {
        assert_eq!(missing(text, "", &[]), [""; 0]);
        let (site, _) = site(&everywhere(text), &[]);
        let (read, _) = booklet(&site, 22);
        for place in PLACES {
            let [written, composed] = [text, expect].map(|text| letters(&format!("{place}{text}。")));
            assert!(read.contains(&written) || read.contains(&composed), "{place}: {read}");
        }
    }
}

const WITH_PDF: &str = "\
-- site.yaml --
title: 青葉市 組織目標
base_url: https://www.example.jp/goals/
organization: { name: 青葉市 }
contact: { office: 企画課, telephone: 000-000-0000 }
scale:
  - { key: on-plan, label: 計画通り }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
pdf: { pages: [goal], FONTS }
";

fn missing(text: &str, fonts: &str, own: &[(&str, &[u8])]) -> Vec<String> {
    let (site, findings) = site(&(WITH_PDF.replace("FONTS", fonts) + &everywhere(text)), own);
    let found: Vec<_> = findings.into_iter().filter(|it| it.rule.name() == "missing-glyph").collect();
    describe(&site.sources, &found)
}

#[test]
fn a_form_that_no_font_has_is_told_where_it_is() {
    for letter in ["𠮷\u{E0100}", "葛\u{E010F}", "市\u{FE02}", "𠮷\u{309A}", "の\u{20DD}", "\u{1112}\u{1161}"] {
        let found = missing(letter, "", &[]);
        assert_eq!(found, [format!("content/2026/planning/1-02.md:2:10 missing-glyph {letter:?}")]);
    }
}

#[test]
fn a_font_of_the_city_shows_the_form_that_others_lack() {
    let own: &[(&str, &[u8])] = &[("fonts/forms.ttf", FORMS)];
    let text = "葛\u{E010F}と𠮷\u{E0100}と葛と葛\u{E0100}と𠮷";
    assert_eq!(missing(text, "fonts: [fonts/forms.ttf]", own), [""; 0]);
    // Known letters in a form that even this one lacks.
    assert_eq!(missing("葛\u{E010E}", "fonts: [fonts/forms.ttf]", own).len(), 1);
    let (site, _) = site(&(WITH_PDF.replace("FONTS", "fonts: [fonts/forms.ttf]") + &everywhere(text)), own);
    for points in [12, 22] {
        let (read, bytes) = booklet(&site, points);
        for place in PLACES {
            assert!(read.contains(&letters(&format!("{place}{text}。"))), "{points} {place}: {read}");
        }
        let document = lopdf::Document::load_mem(&bytes).expect("a PDF");
        let has_forms = document.objects.values().filter_map(|object| object.as_dict().ok()).any(|font| {
            font.get(b"BaseFont").and_then(|name| name.as_name()).is_ok_and(|name| name.ends_with(b"KohyoTestForms"))
        });
        assert!(has_forms, "{points}");
        conforms(&bytes);
    }
}

#[test]
fn signs_that_the_letters_lack_are_readable_or_told() {
    // What is written, and what a booklet says.
    let pairs: BTreeMap<&str, &str> = [
        ("衛⽣と⽤⽔、市⻑、神⼾", "衛生と用水、市長、神戸"),
        ("CO₂とH₂O", "CO₂とH₂O"),
        ("10⁶件、x⁻¹", "10⁶件、x⁻¹"),
        ("森林3㏊", "森林3ha"),
        ("取組➁➓", "取組②⑩"),
        ("㈠と㋀", "（一）と1月"),
        ("3⅝", "35/8"),
        ("✔と➔", "✓と→"),
        ("不\u{F967}", "不不"),
        ("e\u{2011}Tax\u{2003}へ", "e-Taxへ"),
        ("①⑳㊿㈱№℃㎡㍑", "①⑳㊿㈱№℃㎡㍑"),
    ]
    .into();
    let written: Vec<&str> = pairs.keys().copied().collect();
    let text = written.join("、");
    assert_eq!(missing(&text, "", &[]), [""; 0]);
    let (site, _) = site(&(WITH_PDF.replace("FONTS", "") + &everywhere(&text)), &[]);
    for points in [12, 22] {
        let (read, bytes) = booklet(&site, points);
        let read = read.replace('\u{2010}', "-");
        for (written, printed) in &pairs {
            let times = read.matches(&letters(printed)).count();
            assert!(times >= PLACES.len(), "{points}: {written} {times}: {read}");
        }
        conforms(&bytes);
    }
    // Pages have what was written.
    let pages = support::output(&site);
    let page = String::from_utf8_lossy(&pages["2026/planning/1-02.html"]);
    assert!(written.iter().all(|written| page.contains(written)), "{page}");
    // The form of a name is no other form; a picture of a letter has no plain one.
    for letter in ["\u{FA1B}\u{E0101}", "\u{2F800}", "\u{E000}", "🎉"] {
        assert_eq!(missing(letter, "", &[]).len(), 1, "{letter}");
    }
}

#[test]
fn figures_side_by_side_stay_apart() {
    let (site, _) = site(&(WITH_PDF.replace("FONTS", "") + &everywhere("3⅝と㏠1と2㏠")), &[]);
    let (_, bytes) = booklet(&site, 12);
    let text: String = sheets(&bytes).iter().map(Sheet::text).collect();
    assert!(text.contains("3 5/8") && text.contains("2 1日") && text.contains("1日1"), "{text}");
}

/// Every place where a text may refer to a note.
#[test]
fn a_note_is_called_and_told_wherever_it_is_referred_to() {
    let places = [
        "## 見出し@\n",
        "### [先](https://www.example.jp/)@の**強い@見出し**\n",
        "表: 説明@\n\n|甲|\n|-|\n|乙|\n",
        "表: **強い**説明と[先](https://www.example.jp/)@\n\n||甲|\n|-|-|\n|乙|丙|\n",
        "|甲@|\n|-|\n|乙@|\n",
        "||甲|\n|-|-|\n|乙@|丙|\n",
        "- 項@\n  - 中@\n",
        "1. 番号@\n\n   二つ目の段@\n",
        "- [x] 済@\n",
        "> 引用@\n",
        "> [!NOTE]\n> 補足@\n",
        "**強い@**と*弱い@*と~~消した~~@\n",
        "[先](https://www.example.jp/)@と{漢字|かんじ}@\n",
        "文[^n]。\n\n[^n]: 注の注@\n",
    ];
    let (mut body, mut notes) = (String::new(), String::new());
    let mut count = 0;
    for place in places {
        let mut parts = place.split('@');
        body.push_str(parts.next().unwrap_or_default());
        for part in parts {
            count += 1;
            body.push_str(&format!("[^{count}]{part}"));
            notes.push_str(&format!("[^{count}]: 注その{count:02}の文です。\n\n"));
        }
        body.push('\n');
    }
    let more = format!(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 注の多い目標\npillar: trust\nactions: []\n---\n{body}\n{notes}"
    );
    let (site, findings) = site(&more, &[]);
    assert!(findings.iter().all(|finding| finding.rule.name() != "unshown-text"), "{findings:?}");
    let page = String::from_utf8_lossy(&support::output(&site)["2026/planning/1-02.html"]).into_owned();
    for points in [12, 22] {
        let (read, bytes) = booklet(&site, points);
        for number in 1..=count {
            let note = format!("注その{number:02}の文です。");
            assert!(page.contains(&note) && read.matches(&note).count() == 1, "{points}: {note} {read}");
        }
        // As many marks as notes; one of them is called by another note.
        for number in 1..=count + 1 {
            assert!(read.contains(&format!("（注{number}）")), "{points}: {number} {read}");
        }
        conforms(&bytes);
    }
}

// ---- Pictures ---------------------------------------------------------------------------------------------------------

/// Eight by six dots each: a photo in colours of printers; grey with 16 bits and transparency; two that move; AVIF.
const CMYK: &[u8] = include_bytes!("support/pictures/cmyk.jpg");
const GREY: &[u8] = include_bytes!("support/pictures/grey.png");
const MOVING: [&[u8]; 2] =
    [include_bytes!("support/pictures/moving.gif"), include_bytes!("support/pictures/moving.webp")];
const AVIF: &[u8] = include_bytes!("support/pictures/still.avif");

/// A goal with a picture in normal type: the booklet, or what is said instead; and what a check says.
fn pictured(name: &str, bytes: &[u8]) -> (Result<Vec<u8>, String>, Vec<String>) {
    let goal = format!(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 図のある目標\npillar: trust\nactions: []\n---\n![会場の図]({name})\n"
    );
    let path = format!("content/2026/planning/{name}");
    let (site, findings) = site(&(WITH_PDF.replace("FONTS", "") + &goal), &[(&path, bytes)]);
    let year = FiscalYear::parse("2026").expect("a year");
    let planning = site.site.find_department("planning").expect("a department");
    let goal = site.site.find_goal(year, planning, "1-02").expect("a goal");
    let size = Size::new(12).expect("a size");
    let made = match site.booklet(&Booklet { subject: Subject::Goal(goal), part: Part::Both, size, paper: Paper::A4 }) {
        Ok(pdf) => Ok(pdf.bytes.clone()),
        Err(Failure::Finding(finding)) => Err(describe(&site.sources, &[*finding]).remove(0)),
        Err(other) => panic!("{other:?}"),
    };
    (made, describe(&site.sources, &findings))
}

/// How many pictures a PDF has.
fn pictures_of(bytes: &[u8]) -> usize {
    let document = lopdf::Document::load_mem(bytes).expect("a PDF");
    let kinds = document.objects.values().filter_map(|object| object.as_stream().ok()?.dict.get(b"Subtype").ok());
    kinds.filter(|kind| kind.as_name().is_ok_and(|kind| kind == b"Image")).count()
}

#[test]
fn every_picture_of_a_page_is_set_or_told_with_its_place() {
    let base64 = |bytes: &[u8]| -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let letter = |bits: u32, at: u32| char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]);
        let threes = bytes.chunks(3).map(|three| {
            let bits = three.iter().enumerate().fold(0, |bits, (at, byte)| bits | u32::from(*byte) << (16 - 8 * at));
            (0..4).map(|at| if at <= three.len() as u32 { letter(bits, at) } else { '=' }).collect::<String>()
        });
        threes.collect()
    };
    let drawing = |inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"60\">{inside}</svg>").into_bytes()
    };
    let photo = drawing(&format!("<image width=\"8\" height=\"6\" href=\"data:image/jpeg;base64,{}\"/>", base64(CMYK)));
    for (name, bytes) in [
        ("cmyk.jpg", CMYK),
        ("cmyk-upper.JPEG", CMYK),
        ("grey.png", GREY),
        ("moving.gif", MOVING[0]),
        ("moving.webp", MOVING[1]),
        ("photo.svg", &photo),
        ("words.svg", &drawing("<text y=\"20\" font-family=\"Meiryo\">会場 A</text>")),
    ] {
        let (made, findings) = pictured(name, bytes);
        let pdf = made.unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(name == "words.svg" || pictures_of(&pdf) >= 1, "{name}");
        assert_eq!(findings, [""; 0], "{name}");
        conforms(&pdf);
    }
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 20].to_vec();
    for (name, bytes, rule) in [
        ("cut.jpg", cut(CMYK), "booklet"),
        ("cut.png", cut(GREY), "booklet"),
        ("cut.webp", cut(MOVING[1]), "booklet"),
        ("words.svg", drawing("<text>서울</text>"), "missing-glyph"),
    ] {
        assert_eq!(pictured(name, &bytes).0, Err(format!("content/2026/planning/{name}:1:1 {rule} \"\"")));
    }
    let (made, findings) = pictured("still.avif", AVIF);
    let told = "content/2026/planning/1-02.md:6:1 booklet-picture \"![会場の図](still.avif)\"";
    assert!(made.is_ok() && findings == [told], "{findings:?}");
}
