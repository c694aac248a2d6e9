//! Nothing is lost on paper: sites with long everything, at every size, on every paper.
//!
//! `cargo test` sets a few booklets and reads them as objects of a PDF. `KOHYO_BOOKLETS=2000 cargo test --test it paper::
//! -- --nocapture` sets so many, reads each finished file with poppler's `pdftotext`, and says how many sentences it found.

use crate::support;

use kohyo::diagnostic::Severity;
use kohyo::output::Output;
use kohyo::plan::booklets::{Booklet, Subject};
use kohyo::render::Failure;
use kohyo::source::Sources;
use kohyo::value::booklet::{Paper, Part, Size};
use kohyo::value::calendar::FiscalYear;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use support::dice::Dice;
use support::pdf::{Sheet, sheets};
use support::{CITY, describe, files, prepare};

const SIZES: [u8; 4] = [12, 18, 22, 26];
const PAPERS: [Paper; 5] = [Paper::A4, Paper::A3, Paper::B5, Paper::Letter, Paper::Legal];

// ---- Sites with long everything ----------------------------------------------------------------------------------------

/// A site, and every sentence in it.
struct Written {
    files: BTreeMap<String, Vec<u8>>,
    sentences: Vec<String>,
}

struct Writer {
    dice: Dice,
    is_english: bool,
    sentences: Vec<String>,
    files: BTreeMap<String, Vec<u8>>,
}

const CLAUSES: [&str; 12] = [
    "窓口の待ち時間を短くし、",
    "市民の八割以上から分かりやすいという答えを得て、",
    "申込みの受付をページに移し、",
    "地域の集まりに出向いて市の仕事を説明し、",
    "三か月ごとに対応の状況をまとめて公表し、",
    "「まちのきまり」を条文ごとに点検し、",
    "延べ1,234,567人（うち市外から89,012人）に知らせ、",
    "二酸化炭素の量を前の年度の12.5％下まで減らし、",
    "欠席した人には資料を届け、",
    "道路・橋・公園のいたみを調べて、",
    "ＬＥＤの明かりに取りかえ、",
    "マイナンバーカードを持つ人の割合を高め、",
];
const WORDS: [&str; 16] = [
    "the",
    "department",
    "publishes",
    "its",
    "annual",
    "responsibilities",
    "together",
    "with",
    "measurable",
    "results",
    "for",
    "neighbourhoods",
    "of",
    "approximately",
    "1,234,567",
    "residents",
];
/// Nothing breaks in the middle of these by itself.
const LONG_WORDS: [&str; 10] = [
    "kikakuseisakusuishin-joho.tantou@shiminkyodo.city.aoba.example.lg.jp",
    "https://www.city.aoba.example.lg.jp/kurashi/kosodate_hoiku/1003456/1009876543210.html?year=2025&page_no=1004489",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "WWWWWWWWWWMMMMMMMMMMWWWWWWWWWWMMMMMMMMMMWWWWWWWWWWMMMMMMMMMM",
    "1,234,567,890,123,456,789,012,345,678,901",
    "・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・・",
    "……………………………………………………………………",
    "ーーーーーーーーーーーーーーーーーーーーーーーーーーーーーー",
    "C:\\共有\\very_long_file_name_of_a_municipal_document_2025_final_revised.xlsx",
    "e-application_municipality_service_for_residents_and_businesses_v2",
];

impl Writer {
    /// A sentence that is nowhere else, of about so many letters.
    fn sentence(&mut self, letters: usize) -> String {
        let number = self.sentences.len();
        let mut text = String::new();
        if self.is_english {
            let _ = write!(text, "No. {number:05}");
            while text.len() < letters {
                let _ = write!(text, " {}", self.dice.one_of(&WORDS));
            }
            text.push('.');
        } else {
            let _ = write!(text, "第{number:05}の文として");
            while text.chars().count() < letters {
                text.push_str(CLAUSES[self.dice.below(CLAUSES.len())]);
            }
            text.push_str("これを示す。");
        }
        if self.dice.below(24) == 0 {
            text.insert_str(0, LONG_WORDS[self.dice.below(LONG_WORDS.len())]);
        }
        self.sentences.push(text.clone());
        text
    }

    /// A sentence without its end.
    fn heading(&mut self, letters: usize) -> String {
        let text = self.sentence(letters);
        let text = text.trim_end_matches(['。', '.']).to_owned();
        self.sentences.pop();
        self.sentences.push(text.clone());
        text
    }

    /// Sentences of many lengths: mostly short, sometimes longer than a page.
    fn text(&mut self) -> String {
        let count = *self.dice.one_of(&[1, 1, 1, 1, 2, 2, 3, 5, 9]);
        let mut texts = Vec::new();
        for _ in 0..count {
            let letters = *self.dice.one_of(&[12, 20, 30, 45, 70, 120]);
            texts.push(self.sentence(letters));
        }
        texts.join(if self.is_english { " " } else { "" })
    }

    /// A name of one line or several.
    fn name(&mut self) -> String {
        let letters = *self.dice.one_of(&[8, 8, 12, 12, 20, 40]);
        let number = self.sentences.len();
        let name = if self.is_english {
            let mut name = format!("Name {number:05}");
            while name.len() < letters {
                let _ = write!(name, " {}", self.dice.one_of(&WORDS));
            }
            name
        } else {
            let long = "市民協働と情報公開を進める仕事の割合と件数をまとめて示すための長い名前".chars();
            format!("名{number:05}{}", long.take(letters).collect::<String>())
        };
        self.sentences.push(name.clone());
        name
    }

    fn figure(&mut self) -> String {
        let figures = ["3", "12.5", "1,200", "61.25", "1,234,567", "12,345,678.9", "0.04"];
        (*self.dice.one_of(&figures)).to_owned()
    }

    fn number(&mut self) -> String {
        self.figure().replace(',', "")
    }

    fn file(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text.into_bytes());
    }

    // ---- Documents ----

    fn action(&mut self, out: &mut String, columns: &[String], has_result: bool, result: &mut String, levels: usize) {
        let _ = write!(out, "  - text: {}\n    sections: [", quoted(&self.text()));
        for index in 0..1 + self.dice.below(5) {
            let name = self.name();
            let _ = write!(out, "{}{}", if index > 0 { ", " } else { "" }, quoted(&name));
        }
        out.push_str("]\n");
        let measured = self.dice.below(2) == 0;
        if self.dice.below(3) > 0 || !measured {
            let _ = writeln!(out, "    criterion: {}", quoted(&self.text()));
        }
        if measured {
            let unit = *self.dice.one_of(&["件", "%", "人", "パーセントポイント", "points out of one hundred"]);
            let name = if has_result { self.name() } else { "割合".to_owned() };
            let _ = writeln!(out, "    indicator:\n      name: {}\n      unit: {}", quoted(&name), quoted(unit));
            let _ = writeln!(out, "      baseline: {}\n      target: {}", self.number(), self.number());
        }
        for (index, _) in columns.iter().enumerate() {
            let _ = writeln!(out, "    own{index}: {}", quoted(&self.text()));
        }
        if has_result {
            let _ = writeln!(result, "  - result: {}", quoted(&self.text()));
            if measured {
                let _ = writeln!(result, "    actual: {}", self.number());
            }
            let _ = writeln!(result, "    evaluation: l{}", self.dice.below(levels));
        }
    }

    fn goal(&mut self, folder: &str, number: usize, columns: &[String], levels: usize) {
        let has_result = self.dice.below(4) > 0;
        let length = *self.dice.one_of(&[10, 20, 40, 80, 200]);
        let title = self.heading(length);
        let mut out = format!("---\ntitle: {}\npillar: trust\nupdated: 2025-06-25\n", quoted(&title));
        let mut result = "---\nupdated: 2026-06-25\n".to_owned();
        let count = self.dice.below(4);
        if count == 0 {
            out.push_str("actions: []\n");
            result.push_str("actions: []\n");
        } else {
            out.push_str("actions:\n");
            result.push_str("actions:\n");
        }
        for _ in 0..count {
            self.action(&mut out, columns, has_result, &mut result, levels);
        }
        out.push_str("---\n");
        self.body(&mut out, folder, &format!("g{number}"));
        if self.dice.below(2) == 0 {
            result.push_str("corrections:\n");
            for _ in 0..1 + self.dice.below(2) {
                let _ = writeln!(result, "  - date: 2026-0{}-12", 7 + self.dice.below(3));
                for key in ["item", "was", "now", "why"] {
                    let text = if key == "item" { self.name() } else { self.text() };
                    let _ = writeln!(result, "    {key}: {}", quoted(&text));
                }
            }
        }
        if count == 0 || self.dice.below(2) == 0 {
            let _ = writeln!(result, "---\n{}", self.sentence(40));
        } else {
            let _ = writeln!(result, "reason: {}\n---", quoted(&self.text()));
        }
        self.file(&format!("{folder}/1-{number:02}.md"), out);
        if has_result {
            self.file(&format!("{folder}/1-{number:02}.result.md"), result);
        } else {
            // What is only in the result is not written.
            self.forget(&result);
        }
        if self.dice.below(4) == 0 {
            let mut report = "---\n".to_owned();
            if count == 0 {
                report.push_str("actions: []\n");
            } else {
                report.push_str("actions:\n");
                for _ in 0..count {
                    let _ = writeln!(report, "  - result: {}", quoted(&self.text()));
                }
            }
            let _ = writeln!(report, "---\n{}", self.text());
            self.file(&format!("{folder}/1-{number:02}.progress-2025-09-30.md"), report);
        }
    }

    fn forget(&mut self, text: &str) {
        for sentence in &mut self.sentences {
            // In settings a backslash is written twice, in a body once.
            if text.contains(quoted(sentence).trim_matches('"')) || text.contains(&**sentence) {
                sentence.clear();
            }
        }
    }

    fn body(&mut self, out: &mut String, folder: &str, name: &str) {
        let mut notes = String::new();
        for part in 0..self.dice.below(6) {
            match self.dice.below(9) {
                0 => {
                    let length = *self.dice.one_of(&[10, 30, 120]);
                    let _ = writeln!(out, "## {}\n", self.heading(length));
                    let _ = writeln!(out, "{}\n", self.text());
                }
                1 => self.list(out, 0),
                2 => {
                    let _ = writeln!(out, "> [!NOTE]\n> {}\n>\n> {}\n", self.text(), self.text());
                    let mut inside = String::new();
                    self.table(&mut inside);
                    let mark = *self.dice.one_of(&["> > ", "> ", "- ", "1. "]);
                    for (index, line) in inside.lines().enumerate() {
                        let mark = if index > 0 && !mark.starts_with('>') { "   " } else { mark };
                        let _ = writeln!(out, "{}", format!("{mark}{line}").trim_end());
                    }
                    out.push('\n');
                }
                3 | 4 => self.table(out),
                5 => {
                    let (wide, high) =
                        *self.dice.one_of(&[(8, 8), (300, 20), (20, 900), (1, 500), (600, 1), (210, 297)]);
                    let file = format!("{name}-{part}.png");
                    self.files.insert(format!("{folder}/{file}"), picture(wide, high));
                    let _ = writeln!(out, "![絵]({file} \"{}\")\n", self.text());
                }
                6 => {
                    let label = format!("{name}n{part}");
                    let _ = writeln!(out, "{}[^{label}]\n", self.sentence(30));
                    let text = self.text();
                    let _ = writeln!(notes, "[^{label}]: {text}\n");
                }
                7 => {
                    let _ = writeln!(out, "```\n{}\n```\n", self.sentence(60));
                }
                _ => {
                    let _ = writeln!(out, "{}\n", self.text());
                }
            }
        }
        out.push_str(&notes);
        if !out.ends_with("\n\n") {
            let _ = writeln!(out, "{}", self.sentence(20));
        }
    }

    fn list(&mut self, out: &mut String, depth: usize) {
        let indent = "    ".repeat(depth);
        for number in 1..=1 + self.dice.below(3) {
            let mark = if depth.is_multiple_of(2) { "- ".to_owned() } else { format!("{number}. ") };
            let _ = writeln!(out, "{indent}{mark}{}", self.text());
            if depth < 6 && self.dice.below(2) == 0 {
                self.list(out, depth + 1);
            }
        }
        if depth == 0 {
            out.push('\n');
        }
    }

    fn table(&mut self, out: &mut String) {
        let columns = *self.dice.one_of(&[2, 3, 4, 5, 7, 10, 14, 20]);
        let rows = 1 + self.dice.below(if columns > 5 { 3 } else { 8 });
        let is_of_figures = self.dice.below(2) == 0;
        let _ = writeln!(out, "表: {}\n", self.heading(20));
        let cells = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let heads = (0..columns).map(|index| if index < 2 { self.name() } else { format!("令和{index}年度") });
        let heads: Vec<String> = heads.collect();
        out.push_str(&cells(heads));
        out.push_str(&cells(vec!["---".to_owned(); columns]));
        for _ in 0..rows {
            let row = (0..columns).map(|index| match (index, is_of_figures) {
                (0, _) | (1, false) => self.text().replace('|', "／"),
                (_, true) => self.figure(),
                _ => self.name(),
            });
            let row: Vec<String> = row.collect();
            out.push_str(&cells(row));
        }
        out.push('\n');
    }

    fn department(&mut self, number: usize, columns: &[String], levels: usize) {
        let name = self.name();
        self.file(
            &format!("content/departments/d{number}.md"),
            format!("---\nname: {}\norder: {number}\nyears: [2020]\n---\n", quoted(&name)),
        );
        let folder = format!("content/2025/d{number}");
        if self.dice.below(2) == 0 {
            let mut text = format!("---\nhead: {}\n---\n{}\n\n", quoted("部長"), self.text());
            self.body(&mut text, &folder, "s");
            self.file(&format!("{folder}/index.md"), text);
        }
        for goal in 1..=1 + self.dice.below(3) {
            self.goal(&folder, goal, columns, levels);
        }
    }
}

/// A text as YAML: every string of JSON is one.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

/// A grey picture.
fn picture(width: usize, height: usize) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let row: Vec<u8> = std::iter::once(0).chain((0..width).map(|x| (x % 7 * 30) as u8)).collect();
    (0..height).for_each(|_| packed.write_all(&row).expect("written"));
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    let mut part = |kind: &[u8], bytes: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(bytes);
        out.extend((bytes.len() as u32).to_be_bytes());
        out.extend([kind, bytes].concat());
        out.extend(sum.sum().to_be_bytes());
    };
    let head = [&(width as u32).to_be_bytes()[..], &(height as u32).to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    part(b"IHDR", &head);
    part(b"IDAT", &packed.finish().expect("packed"));
    part(b"IEND", b"");
    out
}

fn write(seed: u64) -> Written {
    let mut dice = Dice::new(seed);
    let is_english = dice.below(4) == 0;
    let mut writer = Writer { dice, is_english, sentences: Vec::new(), files: BTreeMap::new() };
    let (title, organization, office) = (writer.name(), writer.name(), writer.name());
    // The title is said on every page, and cut where it is too long for its head.
    writer.sentences.retain(|sentence| *sentence != title);
    let mut site = format!(
        "title: {}\nlanguage: {}\norganization: {{ name: {} }}\n",
        quoted(&title),
        if is_english { "en" } else { "ja" },
        quoted(&organization)
    );
    if writer.dice.below(2) == 0 {
        site.push_str("base_url: https://www.city.aoba.example.lg.jp/shisei/gyosei/mokuhyo_jisseki/\n");
    }
    let _ = writeln!(
        site,
        "contact:\n  office: {}\n  telephone: 000-000-0000\n  email: {}\n  form_url: {}",
        quoted(&office),
        LONG_WORDS[0],
        quoted(LONG_WORDS[1])
    );
    if writer.dice.below(3) == 0 {
        let _ = writeln!(site, "notice: {}", quoted(&writer.text()));
    }
    let levels = 3;
    site.push_str("scale:\n");
    for (level, shape) in ["double-circle", "circle", "triangle"].into_iter().enumerate() {
        let labels: &[&str] = if is_english {
            &["On plan", "Below", "Considerably better than was planned"]
        } else {
            &["計画通り", "計画を大きく上回る成果があった", "おおむね計画のとおりに進んだ"]
        };
        let label = format!("{}{level}", writer.dice.one_of(labels));
        let _ = writeln!(site, "  - {{ key: l{level}, label: {}, shape: {shape} }}", quoted(&label));
    }
    let columns: Vec<String> = (0..writer.dice.below(3)).map(|_| writer.name()).collect();
    if !columns.is_empty() {
        site.push_str("columns:\n");
        for (index, label) in columns.iter().enumerate() {
            let _ = writeln!(site, "  - {{ key: own{index}, label: {}, on: action }}", quoted(label));
        }
    }
    writer.file("site.yaml", site);
    writer.file("content/index.md", "記録です。\n".to_owned());
    let pillar = writer.name();
    writer.file("content/pillars/trust.md", format!("---\nnumber: 1\nname: {}\n---\n", quoted(&pillar)));
    for number in 1..=1 + writer.dice.below(2) {
        writer.department(number, &columns, levels);
    }
    let written: String = writer.files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    // A column is named where some action has it.
    let has_actions = written.contains("own0:");
    writer.sentences.retain(|sentence| !sentence.is_empty() && (has_actions || !columns.contains(sentence)));
    Written { files: writer.files, sentences: writer.sentences }
}

// ---- What is read ------------------------------------------------------------------------------------------------------

/// The pages of a file as letters, by a program that has not set it.
fn read_with_poppler(bytes: &[u8]) -> Vec<String> {
    let mut program = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext of poppler-utils");
    let mut input = program.stdin.take().expect("an entry");
    let bytes = bytes.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let output = program.wait_with_output().expect("its text");
    writing.join().expect("joined").expect("written");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.trim_end_matches('\u{c}').split('\u{c}').map(letters).collect()
}

/// Letters as they are compared: spaces and hyphens are the typesetter's.
fn letters(text: &str) -> String {
    let is_seen = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}' | '\u{200B}' | '\u{AD}' | '\u{2060}');
    text.chars().filter(is_seen).collect()
}

/// Whether a sentence is on the pages: in one piece, or in a row that goes on, of which each page has a part.
fn is_there(sentence: &str, pages: &[String], all: &str) -> bool {
    let wanted = letters(sentence);
    if all.contains(&wanted) {
        return true;
    }
    (0..pages.len()).any(|first| {
        let mut rest = &wanted[..];
        for page in pages[first..].iter().take(4 + wanted.chars().count() / 40) {
            let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
            let count = ends.partition_point(|end| page.contains(&rest[..*end]));
            rest = &rest[count.checked_sub(1).map_or(0, |last| ends[last])..];
            if rest.is_empty() {
                return true;
            }
        }
        false
    })
}

/// Runs of text outside their page, or over the number at its foot.
fn outside(sheets: &[Sheet]) -> Vec<String> {
    let millimetre = 72.0 / 25.4;
    let mut wrong = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        for run in sheet.runs.iter().filter(|run| !run.text.trim().is_empty()) {
            let side = 15.0 * millimetre - run.size * 0.55;
            let foot = if run.is_artifact { 5.0 } else { 21.5 } * millimetre;
            let is_inside = run.x >= side
                && run.x + run.width <= sheet.width - side
                && run.y >= foot
                && run.y + run.size * 0.7 <= sheet.height - 5.0 * millimetre;
            if !is_inside {
                wrong.push(format!("page {}: {run:?}", index + 1));
            }
        }
    }
    wrong
}

fn site_of(seed: u64) -> (Output, Written) {
    let written = write(seed);
    if let Ok(folder) = std::env::var("KOHYO_WRITTEN") {
        for (path, bytes) in &written.files {
            let path = std::path::Path::new(&folder).join(format!("{seed}")).join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
    }
    let checked = prepare(Sources::from_memory(written.files.clone()));
    let errors: Vec<_> = checked.diagnostics.into_iter().filter(|it| it.severity == Severity::Error).collect();
    assert_eq!(describe(&checked.value.sources, &errors), [""; 0], "seed {seed}");
    (checked.value, written)
}

/// What is wrong with a booklet, and how many sentences are in it.
fn judge(site: &Output, written: &Written, points: u8, paper: Paper, by_poppler: bool) -> (Vec<String>, usize) {
    let subject = Subject::Year(FiscalYear::parse("2025").expect("a year"));
    let size = Size::new(points).expect("a size");
    let pdf = match site.booklet(&Booklet { subject, part: Part::Both, size, paper }) {
        Ok(pdf) => pdf,
        Err(Failure::Finding(finding)) => {
            let place = describe(&site.sources, &[(*finding).clone()]).remove(0);
            return (vec![format!("{place}: {}", finding.message.en)], 0);
        }
        Err(other) => return (vec![format!("{other:?}")], 0),
    };
    let sheets = if by_poppler { Vec::new() } else { sheets(&pdf.bytes) };
    let pages = if by_poppler {
        read_with_poppler(&pdf.bytes)
    } else {
        sheets.iter().map(|sheet| letters(&sheet.text())).collect()
    };
    let mut wrong = outside(&sheets);
    if pages.len() != pdf.pages {
        wrong.push(format!("{} pages are read of {}", pages.len(), pdf.pages));
    }
    let all = pages.concat();
    wrong.extend(
        written.sentences.iter().filter(|sentence| !is_there(sentence, &pages, &all)).map(|it| format!("lost: {it}")),
    );
    (wrong, written.sentences.len())
}

#[test]
fn nothing_is_lost_whatever_is_long_at_any_size_on_any_paper() {
    let wanted: usize = std::env::var("KOHYO_BOOKLETS").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let first: u64 = std::env::var("KOHYO_FIRST").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let (count, by_poppler) = if wanted > 0 { (wanted, true) } else { (5, false) };
    let (booklets, sentences) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let seeds = count.div_ceil(SIZES.len() * PAPERS.len()) as u64;
    let wrong: Vec<String> = (first..first + seeds)
        .into_par_iter()
        .flat_map_iter(|seed| {
            let (site, written) = site_of(seed);
            let mut wrong = Vec::new();
            for (index, (points, paper)) in
                SIZES.into_iter().flat_map(|size| PAPERS.map(|paper| (size, paper))).enumerate()
            {
                // A short run takes every size and every paper once.
                if count < SIZES.len() * PAPERS.len() && index % PAPERS.len() % SIZES.len() != index / PAPERS.len() {
                    continue;
                }
                let (faults, found) = judge(&site, &written, points, paper, by_poppler);
                booklets.fetch_add(1, Ordering::Relaxed);
                sentences.fetch_add(found, Ordering::Relaxed);
                for fault in &faults {
                    let fault = format!("seed {seed}, {points} points, {}: {fault}", paper.name());
                    if by_poppler {
                        eprintln!("{fault}");
                    }
                    wrong.push(fault);
                }
            }
            if by_poppler && seed % 5 == 0 {
                let (booklets, sentences) = (booklets.load(Ordering::Relaxed), sentences.load(Ordering::Relaxed));
                eprintln!("{booklets} booklets, {sentences} sentences so far");
            }
            wrong
        })
        .collect();
    let (booklets, sentences) = (booklets.into_inner(), sentences.into_inner());
    if by_poppler {
        eprintln!("{booklets} booklets, {sentences} sentences, {} faults", wrong.len());
    }
    assert!(booklets >= count && sentences > booklets * 20, "{booklets} booklets, {sentences} sentences");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_judge_sees_what_is_missing() {
    let (site, mut written) = site_of(1);
    written.sentences.push("この文はどこにも書かれていない。".to_owned());
    let (wrong, _) = judge(&site, &written, 12, Paper::A4, false);
    assert_eq!(wrong, ["lost: この文はどこにも書かれていない。"]);
}

// ---- Booklets broken on purpose -----------------------------------------------------------------------------------------

const TEMPLATES: [(&str, &str); 3] = [
    ("booklet.typ", include_str!("../../themes/default/print/booklet.typ")),
    ("goal.typ", include_str!("../../themes/default/print/goal.typ")),
    ("text.typ", include_str!("../../themes/default/print/text.typ")),
];

/// What a city may write that fills some pages.
fn city(paragraphs: usize) -> BTreeMap<String, Vec<u8>> {
    let mut all = files(CITY);
    let long = "一つの行に入りきらない取組の説明を、行から行へと続けて書く。".repeat(60);
    let body: String = (0..paragraphs)
        .map(|number| {
            format!(
                "第{number}段落の文を、二つの行にわたるほど長く、終わりまで書いておく。その次の文も書いておく。\n\n"
            )
        })
        .collect();
    for department in ["planning", "general"] {
        all.extend(files(&format!(
            "-- content/2025/{department}/1-01.md --\n---\ntitle: 条例の検証\npillar: trust\nactions:\n  - {{ text: {long}, criterion: 開催 3回 }}\n---\n{body}## 見直しの見出し\n{body}\n\
             -- content/2025/{department}/1-01.result.md --\n---\nevaluation: below\nupdated: 2026-06-25\nreason: 資料がそろわなかったため\nactions:\n  - {{ result: 二回開いた }}\n---\n結果の文。\n"
        )));
    }
    all
}

/// What is said of a year's booklet with one line of the templates changed: place, message and the line of the template.
fn changed(mut all: BTreeMap<String, Vec<u8>>, line: &str, into: &str, points: u8) -> Option<(String, String)> {
    assert_eq!(TEMPLATES.iter().map(|(_, text)| text.matches(line).count()).sum::<usize>(), 1, "{line}");
    all.insert("themes/own/theme.yaml".into(), b"contract: 1\n".to_vec());
    for (name, text) in TEMPLATES {
        all.insert(format!("themes/own/print/{name}"), text.replace(line, into).into_bytes());
    }
    let site = String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    all.insert("site.yaml".into(), (site + "theme: own\n").into_bytes());
    let site = prepare(Sources::from_memory(all)).value;
    let subject = Subject::Year(FiscalYear::parse("2025").expect("a year"));
    let size = Size::new(points).expect("a size");
    match site.booklet(&Booklet { subject, part: Part::Both, size, paper: Paper::A4 }) {
        Ok(_) => None,
        Err(Failure::Finding(finding)) => {
            let place = describe(&site.sources, &[(*finding).clone()]).remove(0);
            Some((place, finding.message.en.to_string()))
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_booklet_that_is_broken_on_purpose_is_refused_with_the_place_of_the_text() {
    for (line, into, points, said, place) in [
        // A frame of fixed height that cuts.
        (
            "value-par(action.text)",
            "block(height: 20pt, clip: true, value-par(action.text))",
            12,
            "cut off by the frame",
            "1-01.md:5:",
        ),
        // A row that does not break: the fault that lost sentences.
        ("breakable: row-breaks(height))", "breakable: false)", 12, "runs out of the area", "1-01.md:5:"),
        // Beside the sheet.
        ("par(w.print_see)", "place(dx: 600pt, w.print_see)", 12, "runs out of the area", "print/booklet.typ:"),
        (
            "value-par(action.text)",
            "place(dx: -300pt, box(width: 200pt, action.text))",
            12,
            "runs out of the area",
            "1-01.md:5:",
        ),
        // Lines over each other.
        ("{ par(inlines(node.c)) }", "{ par(inlines(node.c)); v(-2.4em) }", 22, "lies under another line", "1-01.md:"),
        // A value that a template does not show.
        (
            "    pairs(((w.reason, it.reason), (w.ended, it.ended)))",
            "    pairs(((w.reason, none),))",
            22,
            "`資料がそろわなかったため` is on no page",
            "1-01.result.md:4:9",
        ),
        ("{ par(inlines(node.c)) }", "{ par(inlines(node.c.slice(1))) }", 12, "is on no page", "1-01.md:"),
        // A heading without what is under it.
        (
            "outlined: false, whole-line(node.s, node.at(\"c\", default: ()))) }",
            "outlined: false, node.s); colbreak() }",
            12,
            "`見直しの見出し` is a heading alone",
            "1-01.md:",
        ),
    ] {
        let (found, message) = changed(city(3), line, into, points).unwrap_or_else(|| panic!("{into} passes"));
        assert!(message.contains(said) && found.contains(place), "{into}: {found}: {message}");
    }
    assert_eq!(changed(city(3), "par(w.print_see)", "par( w.print_see)", 12), None, "what is whole passes");
}

#[test]
fn a_long_booklet_is_looked_at_chapter_by_chapter_too() {
    let long = || city(400);
    assert_eq!(changed(long(), "par(w.print_see)", "par( w.print_see)", 12), None);
    let lost =
        changed(long(), "    pairs(((w.reason, it.reason), (w.ended, it.ended)))", "    []", 12).unwrap_or_default();
    assert!(lost.1.contains("is on no page"), "{lost:?}");
    let over = changed(long(), "par(w.print_see)", "place(dx: 600pt, w.print_see)", 12).unwrap_or_default();
    assert!(over.1.contains("runs out of the area") && over.1.contains("themes/own/print/booklet.typ"), "{over:?}");
}
