//! Sites in one string, and what they become. `-- path --` starts a file.

pub mod browser;
pub mod dice;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(unix)]
pub mod planting;
pub mod sheets;
pub mod soak;

use kohyo::diagnostic::{Checked, Diagnostic};
use kohyo::output::{Content, Output};
use kohyo::pipeline;
use kohyo::plan::Route;
use kohyo::prepared::Options;
use kohyo::source::Sources;
use kohyo::text::span::Lines;
use kohyo::value::calendar::Date;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A small city: two departments, two pillars, a scale; tests add what they are about.
pub const CITY: &str = r#"
-- site.yaml --
title: 青葉市 組織目標
base_url: https://www.example.jp/goals/
organization: { name: 青葉市 }
contact: { office: 企画課, telephone: 000-000-0000 }
scale:
  - { key: above, label: 計画以上, shape: double-circle, color: success }
  - { key: on-plan, label: 計画通り, shape: circle, color: info }
  - { key: below, label: 計画未満, shape: triangle, color: warning, needs: reason }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
-- content/index.md --
目標と実績の記録です。
-- content/pillars/trust.md --
---
number: 1
name: 信頼される市役所
short: 信頼
---
-- content/pillars/finance.md --
---
number: 2
name: 健全な財政
---
-- content/departments/planning.md --
---
name: 企画部
order: 1
years: [2020]
sections: [企画課, 財政課]
---
-- content/departments/general.md --
---
name: 総務部
order: 2
years: [2020, 2025]
becomes: [planning]
---
-- content/2025/planning/1-01.md --
---
title: 条例の検証
pillar: trust
updated: 2025-06-25
actions:
  - text: 委員会を開く
    sections: [企画課]
    criterion: 開催 3回
    indicator: { name: 開催回数, unit: 回, target: 3 }
    ordinance: [29]
---
市民とともに**「点検」**します。
-- content/2025/planning/1-01.result.md --
---
evaluation: on-plan
updated: 2026-06-25
actions:
  - { result: 3回開いた, actual: 3 }
---
点検を終えました。
-- content/2026/planning/1-01.md --
---
title: 条例の見直し
pillar: 1
updated: 2026-06-25
continues: 2025/planning/1-01
actions:
  - { text: 案をまとめる, sections: [企画課], criterion: 案の公表 }
---
"#;

/// What a file of the one letter `x`, or of words in brackets, stands for: the start of one of its kind, so that it is
/// what its ending says.
fn sample(path: &str, text: &str) -> Option<&'static [u8]> {
    let (_, ending) = path.rsplit_once('.').filter(|_| text.trim() == "x" || text.starts_with('（'))?;
    match ending {
        "pdf" => Some(b"%PDF-1.7\n"),
        "png" => Some(b"\x89PNG\r\n\x1A\n"),
        _ => None,
    }
}

/// A photo of two points, as a program writes it: the head of a JPEG, and all behind it.
const PHOTO: (&[u8], &[u8]) = (
    &[0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
    &[
        0xFF, 0xDB, 0x00, 0x43, 0x00, 0x50, 0x37, 0x3C, 0x46, 0x3C, 0x32, 0x50, 0x46, 0x41, 0x46, 0x5A, 0x55, 0x50,
        0x5F, 0x78, 0xC8, 0x82, 0x78, 0x6E, 0x6E, 0x78, 0xF5, 0xAF, 0xB9, 0x91, 0xC8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0, 0x00,
        0x0B, 0x08, 0x00, 0x01, 0x00, 0x02, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xC4, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0xFF, 0xC4, 0x00, 0x19,
        0x10, 0x00, 0x01, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
        0x00, 0x01, 0x33, 0x72, 0xB1, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00, 0x29, 0xA7, 0x25,
        0x9F, 0x57, 0xFF, 0xD9,
    ],
);

/// A photo, and the same as a telephone writes it: lying on its side, with place and device.
pub fn photos() -> [Vec<u8>; 2] {
    let mut notes = b"MM\0\x2A\0\0\0\x08\0\x03".to_vec();
    // The device at 54, which way up, and the list of places at 66; in it the latitude at 84.
    notes.extend(b"\x01\x10\0\x02\0\0\0\x0C\0\0\0\x36\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    notes.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x42\0\0\0\0\0\0\0\0Aoba 12 Pro\0");
    notes.extend(b"\0\x01\0\x02\0\x05\0\0\0\x03\0\0\0\x54\0\0\0\0");
    notes.extend([35_u32, 1, 10, 1, 27, 1].iter().flat_map(|number| number.to_be_bytes()));
    let length = (notes.len() as u16 + 8).to_be_bytes();
    let (head, rest) = PHOTO;
    [[head, rest].concat(), [head, b"\xFF\xE1", &length, b"Exif\0\0", &notes, rest].concat()]
}

/// Splits `-- path --` sections into files.
pub fn files(text: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = None;
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, &path) {
            (Some(name), _) => {
                files.insert(name.to_owned(), String::new());
                path = Some(name.to_owned());
            }
            (None, Some(path)) => files.entry(path.clone()).or_default().push_str(line),
            (None, None) => {}
        }
    }
    let bytes = |path: &str, text: String| sample(path, &text).map_or_else(|| text.into_bytes(), <[u8]>::to_vec);
    files.into_iter().map(|(path, text)| (path.clone(), bytes(&path, text))).collect()
}

/// The small city with files replaced or added.
pub fn city_with(more: &str) -> Sources {
    let mut all = files(CITY);
    all.extend(files(more));
    Sources::from_memory(all)
}

/// The day on which tests look at a site.
pub const TODAY: Date = Date::constant(2026, 11, 23);

/// Prepares a site as it may be seen on [`TODAY`].
pub fn prepare(sources: Sources) -> Checked<Output> {
    prepare_with(sources, false)
}

/// Prepares a site, with drafts or without.
pub fn prepare_with(sources: Sources, drafts: bool) -> Checked<Output> {
    pipeline::prepare(
        Arc::new(sources),
        Options { as_of: TODAY, today: TODAY, drafts, base_url: None, asked: Default::default(), published: None },
    )
}

/// Every file of a site.
pub fn output(prepared: &Output) -> BTreeMap<String, Vec<u8>> {
    let bytes = |route: Route| match prepared.render(route) {
        Ok(Content::Bytes(bytes)) => bytes,
        Ok(Content::File(file)) => prepared.sources.bytes(file).expect("readable").into_owned(),
        Err(failure) => panic!("{route:?}: {failure:?}"),
    };
    prepared.routes().into_iter().map(|route| (prepared.path(route), bytes(route))).collect()
}

/// The pages of a site that has no findings.
pub fn pages(sources: Sources) -> BTreeMap<String, String> {
    let Checked { value, diagnostics } = prepare(sources);
    assert_eq!(describe(&value.sources, &diagnostics), Vec::<String>::new());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    output(&value).into_iter().filter(|(path, _)| path.ends_with(".html")).map(|(p, b)| (p, text(b))).collect()
}

/// Findings as `path:line:column rule "marked text"`.
pub fn describe(sources: &Sources, findings: &[Diagnostic]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let text = sources.text_lossy(finding.place.file);
            let at = Lines::new(&text).place(finding.place.span.start as usize);
            let marked = finding.place.span.slice(&text).lines().next().unwrap_or("").to_owned();
            let path = sources.path(finding.place.file);
            format!("{path}:{}:{} {} {marked:?}", at.line, at.column, finding.rule.name())
        })
        .collect()
}

/// The findings of the small city with files replaced or added.
pub fn findings(more: &str) -> Vec<String> {
    let Checked { value, diagnostics } = prepare(city_with(more));
    describe(&value.sources, &diagnostics)
}

/// The repository's own site; without the setting for booklets in a program that has none.
pub fn own_site() -> Sources {
    let own = Sources::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    if cfg!(feature = "pdf") {
        return own;
    }
    let whole = |id| own.whole(id).expect("readable").into_owned();
    let mut all: BTreeMap<String, Vec<u8>> = own.iter().map(|(id, file)| (file.path.to_string(), whole(id))).collect();
    let settings = String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    let settings = settings.split_once("\npdf:\n").map_or(&*settings, |(before, _)| before);
    all.insert("site.yaml".into(), settings.into());
    Sources::from_memory(all)
}
