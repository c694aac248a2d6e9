//! The embargo: a secret is planted wherever a text or a name can stand in what waits for its day, and in every copy of
//! it, and searched for in every byte of every output, in all ways in which a byte can be written.
//!
//! Where texts can stand is told by the table of keys: a key that is new is planted by itself.

use crate::support;

use kohyo::diagnostic::{Checked, Severity};
use kohyo::document::{self, Kind};
use kohyo::fields::{DOCUMENTS, maps_of};
use kohyo::source::Sources;
use kohyo::text::place::FileId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use support::{CITY, files, output, prepare, prepare_with};

/// What every secret has in it: letters that need no encoding, and such that do.
const MARKS: [&str; 2] = ["gokuhi", "極秘"];

fn secret(number: usize) -> String {
    format!("gokuhi{number}x極秘")
}

/// All the ways in which a mark can be written in a page, an address, a program's data or a PDF.
fn written(mark: &str) -> Vec<String> {
    let of_each = |form: &dyn Fn(char) -> String| mark.chars().map(form).collect::<String>();
    let percent = |upper: bool| {
        mark.bytes().fold(String::new(), |mut out, byte| {
            let _ = if upper { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") };
            out
        })
    };
    let hex: String = mark.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "{unit:04X}");
        out
    });
    vec![
        mark.to_owned(),
        percent(true),
        percent(false),
        of_each(&|c| format!("&#{};", c as u32)),
        of_each(&|c| format!("&#x{:x};", c as u32)),
        of_each(&|c| format!("&#x{:X};", c as u32)),
        of_each(&|c| format!("\\u{:04x}", c as u32)),
        of_each(&|c| format!("\\u{{{:x}}}", c as u32)),
        hex,
    ]
}

/// What bytes say, read in every way: as they are, and as the two-byte letters of PDFs.
fn readings(bytes: &[u8], is_pdf: bool) -> Vec<String> {
    let mut all = vec![String::from_utf8_lossy(bytes).into_owned()];
    if is_pdf {
        for from in 0..2 {
            let units = |read: fn([u8; 2]) -> u16| -> Vec<u16> {
                bytes[from.min(bytes.len())..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect()
            };
            all.extend([u16::from_be_bytes, u16::from_le_bytes].map(|read| String::from_utf16_lossy(&units(read))));
        }
    }
    all
}

/// Fails where a file of an output, or its name, has a mark in it.
#[track_caller]
fn is_clean(path: &str, bytes: &[u8]) {
    let mut all = readings(bytes, false);
    #[cfg(feature = "pdf")]
    if path.ends_with(".pdf") && bytes.len() > 1000 {
        all.extend(readings(&support::pdf::unpacked(bytes), true));
    }
    all.push(path.to_lowercase());
    for form in MARKS.iter().flat_map(|mark| written(mark)) {
        for text in &all {
            if let Some(at) = text.find(&form) {
                let (before, behind) = (text[..at].chars().rev().take(80), text[at..].chars().take(80));
                let before: String = before.collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{path} has {form}: …{before}{}…", behind.collect::<String>());
            }
        }
    }
}

/// Files by their paths.
type Site = BTreeMap<String, Vec<u8>>;

/// A kind of document that can wait for its day.
#[derive(Clone, Copy, Debug)]
struct Form {
    /// Where it lies; `{}` is a name.
    path: &'static str,
    /// Lists and maps below the top, by their key: what each of their entries has.
    levels: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// What it has at the top.
    top: &'static [(&'static str, &'static str)],
}

const FORMS: [Form; 7] = [
    Form { path: "content/index.md", levels: &[], top: &[] },
    Form { path: "content/pages/{}.md", levels: &[], top: &[("title", "題")] },
    Form { path: "content/2026/index.md", levels: &[], top: &[] },
    Form { path: "content/2026/planning/index.md", levels: &[], top: &[] },
    Form {
        path: "content/2026/planning/{}.md",
        levels: &[("actions", &[("text", "開く")]), ("indicator", &[("target", "3")])],
        top: &[("title", "題"), ("pillar", "trust")],
    },
    // A result and a report of goals that everybody may see.
    Form {
        path: "content/2025/planning/1-02.result.md",
        levels: &[
            ("actions", &[("result", "開いた")]),
            ("corrections", &[("date", "2026-07-01"), ("was", "1"), ("now", "2"), ("item", "数"), ("why", "誤り")]),
        ],
        top: &[("evaluation", "on-plan")],
    },
    Form {
        path: "content/2026/planning/1-01.progress-2026-09-30.md",
        levels: &[("actions", &[("result", "開いた")])],
        top: &[],
    },
];

/// A key with its value, at a level of a document; at the top where the level has no name.
type Plant = (&'static str, &'static str, String);

impl Form {
    fn path(&self, name: &str) -> String {
        self.path.replace("{}", name)
    }

    /// The document with these keys, which has one that was there already only once.
    fn text(&self, plants: &[Plant], fence: &str, body: &str) -> String {
        let entries = |level: &str, own: &[(&'static str, &'static str)], indent: &str| -> String {
            let mut all: BTreeMap<&str, String> = own.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
            all.extend(plants.iter().filter(|(at, ..)| *at == level).map(|(_, key, value)| (*key, value.clone())));
            all.iter().map(|(key, value)| format!("{indent}{key}: {value}\n")).collect()
        };
        let mut out = format!("---\n{fence}{}", entries("", self.top, ""));
        let own = |level: &str| self.levels.iter().find(|(name, _)| *name == level).map(|(_, own)| *own);
        for level in ["actions", "corrections"] {
            if let Some(own) = own(level) {
                let text = entries(level, own, "    ");
                let _ = write!(out, "{level}:\n  -{}", &text[3..]);
                if let Some(own) = own_indicator(level, self) {
                    let _ = write!(out, "    indicator:\n{}", entries("indicator", own, "      "));
                }
            }
        }
        out + "---\n" + body
    }
}

fn own_indicator(level: &str, form: &Form) -> Option<&'static [(&'static str, &'static str)]> {
    let found = form.levels.iter().find(|(name, _)| *name == "indicator").filter(|_| level == "actions");
    found.map(|(_, own)| *own)
}

/// The small city with a goal whose result waits, and columns of its own on goals too.
fn city() -> BTreeMap<String, Vec<u8>> {
    let city = CITY.replace("columns:\n", "columns:\n  - { key: plan, label: 計画名, on: goal, type: text }\n");
    let mut all = files(&city);
    all.extend(files(
        "-- content/2025/planning/1-02.md --
---
title: 見学会を開く
pillar: trust
actions: [ { text: 開く } ]
---
",
    ));
    all.remove("content/index.md");
    all
}

/// Which days and words keep a document back.
const FENCES: [&str; 2] = ["publish_at: 2027-04-01\n", "draft: true\n"];

/// Everything that a body can say, with secrets in all of it; `{n}` counts them up. The last ones are shown by no page.
const BODY: &str = "
段落{n}と**強調{n}**、~~取り消し{n}~~、`プログラム{n}`、{ruby|{n}}、[{n}]{lang=en}。<b>{n}</b>{n}<br>{n}

## 見出し{n} {#id-{n}}

[リンク{n}](https://example.jp/{n} \"題{n}\")と[添付{n}]({n}.pdf)と[次の{n}][行き先{n}]と<https://example.jp/auto/{n}>とhttps://example.jp/bare/{n} と<mail-{n}@example.jp>

![図{n}]({n}.png \"題{n}\")

表: 一覧{n}

| 列{n} | 数 |
|---|---|
| 行{n} | 1 |

- 項目{n}
  1. 番号{n}
- [x] 済み{n}

> 引用{n}

> [!NOTE]
> 注意{n}

```{n}
例{n}
```

    字下げ{n}

脚注[^{n}]。

[^{n}]: 注{n} [注の添付]({n}.csv)

[行き先{n}]: https://example.jp/{n}

<!-- 説明{n} [説明の添付]({n}.txt) -->

[^unshown{n}]: 出ない注{n} [出ない添付]({n}.docx)

[unused{n}]: {n}.xlsx
";

/// A body with a secret at each place, from a number on.
fn body(from: &mut usize) -> String {
    let mut out = String::new();
    for line in BODY.split_inclusive('\n') {
        // What belongs together, such as a note and its mark, has one number in its paragraph.
        let mut rest = line;
        while let Some(at) = rest.find("{n}") {
            out.push_str(&rest[..at]);
            let named = ["[^", "[行き先", "id-"].iter().any(|before| rest[..at].ends_with(before));
            if !named {
                *from += 1;
            }
            out.push_str(&if named { "gokuhi".to_owned() } else { secret(*from) });
            rest = &rest[at + 3..];
        }
        out.push_str(rest);
    }
    out
}

/// Every key of every kind of document.
fn keys() -> BTreeSet<&'static str> {
    maps_of(DOCUMENTS).iter().flat_map(|map| map.keys()).map(|key| key.en).collect()
}

/// Every key of every kind of document at every level, where it takes a text or a list of texts.
fn plants(next: &mut usize) -> Vec<(Form, Vec<Plant>, Vec<Plant>)> {
    let columns = ["ordinance", "条例", "plan", "計画名"];
    let keys: Vec<&'static str> = keys().into_iter().chain(columns).collect();
    let settings = kohyo::config::parse(FileId(0), &city()["site.yaml"]);
    let mut all = Vec::new();
    for form in FORMS {
        let (mut joined, mut alone) = (Vec::new(), Vec::new());
        for level in [""].into_iter().chain(form.levels.iter().map(|(level, _)| *level)) {
            for key in keys.iter().copied().collect::<BTreeSet<_>>() {
                *next += 1;
                for value in [secret(*next), format!("[{}]", secret(*next)), format!("{{ name: {} }}", secret(*next))] {
                    let plant: Plant = (level, key, value);
                    let text = form.text(std::slice::from_ref(&plant), "", "");
                    let kind = document::kind(&form.path("9-01")).expect("a document");
                    let columns = &settings.value.columns;
                    let found = document::parse(FileId(0), kind, text.as_bytes(), columns).diagnostics;
                    if found.iter().any(|it| ["unknown-key", "duplicate-key"].contains(&it.rule.name())) {
                        continue;
                    }
                    // A document with an error may be on no page at all, so each such key is planted in one of its own;
                    // and so is the name of something that is not there.
                    let is_name = ["pillar", "continues", "evaluation"].contains(&key);
                    match is_name || found.iter().any(|it| it.severity == Severity::Error) {
                        true => alone.push(plant),
                        false => {
                            joined.push(plant);
                            break;
                        }
                    }
                }
            }
        }
        joined.dedup_by_key(|(level, key, _)| (*level, *key));
        all.push((form, joined, alone));
    }
    all
}

/// Names under which a copy of a file can lie beside it.
fn copies(name: &str) -> Vec<String> {
    let (stem, ending) = name.rsplit_once('.').expect("an ending");
    let behind = [
        ".bak",
        ".orig",
        ".old",
        ".tmp",
        ".swp",
        ".swo",
        "~",
        ".save",
        ".save.1",
        ".rej",
        ".bak.txt",
        ".txt",
        ".1",
        "_old",
        " - コピー",
        ".~1~",
        ".BAK",
        ".backup",
        ".r12",
        ".mine",
        "___jb_tmp___",
        ".sb-12345678-abcdef",
        ",v",
        ".crdownload",
        "(1)",
        ".old.csv",
    ];
    let inside = [
        " - コピー",
        " - コピー (2)",
        "のコピー",
        " のコピー",
        "のコピー 2",
        " copy",
        " copy 2",
        "-copy",
        " - Copy",
        " (1)",
        " 2",
        "_old",
        "-old",
        "_bak",
        ".bak",
        ".orig",
        "（案）",
        "最終版",
        "_v2",
        "-DESKTOP-1A2B3C4",
        "旧",
        " (太郎 の競合コピー 2026-11-30)",
        " (conflicted copy 2026-11-30 120000)",
        ".sync-conflict-20261130-120000-ABCDEFG",
        " (Taro's conflicted copy 2026-11-30)",
        ".result",
        ".2026",
    ];
    let before =
        ["Copy of ", "コピー ～ ", "コピー (2) ～ ", ".#", "._", "~$", ".~lock.", ".goutputstream-", ".", "Backup of "];
    let mut all: Vec<String> = behind.iter().map(|it| format!("{name}{it}")).collect();
    all.extend(inside.iter().map(|it| format!("{stem}{it}.{ending}")));
    all.extend(before.iter().map(|it| format!("{it}{name}")));
    all.push(format!("#{name}#"));
    all.extend(
        ["bak", "old", "docx", "pdf", "txt", "csv", "html", "doc", "odt"].map(|ending| format!("{stem}.{ending}")),
    );
    all.retain(|copy| copy != name);
    all.sort();
    all.dedup();
    all
}

/// Secrets of an output that has all of them: which are there.
fn seen(output: &BTreeMap<String, Vec<u8>>, numbers: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let text = |(path, bytes): (&String, &Vec<u8>)| format!("{path} {}", String::from_utf8_lossy(bytes));
    let all: String = output.iter().map(text).collect();
    numbers.filter(|number| all.contains(&format!("gokuhi{number}x"))).collect()
}

/// A site in which everything that waits says a secret at every place; and which key has which number.
fn planted(fence: &str) -> (Site, Vec<(String, usize)>, usize) {
    let mut next = 0;
    let mut site = city();
    let mut keys = Vec::new();
    for (form, joined, alone) in plants(&mut next) {
        let number = |value: &str| -> usize {
            let digits = value.split("gokuhi").nth(1).and_then(|rest| rest.split('x').next());
            digits.and_then(|digits| digits.parse().ok()).expect("a number")
        };
        keys.extend(joined.iter().chain(&alone).map(|(_, key, value)| ((*key).to_owned(), number(value))));
        site.insert(form.path("gokuhi極秘"), form.text(&joined, fence, &body(&mut next)).into_bytes());
        // The others, each in a document of its own, where there can be more than one.
        if form.path.contains("{}") {
            for (index, plant) in alone.into_iter().enumerate() {
                let text = form.text(&[plant], fence, &secret(0));
                site.insert(form.path(&format!("gokuhi-{index}")), text.into_bytes());
            }
        }
    }
    // What bodies link to lies beside them.
    let mut beside = Vec::new();
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".md")) {
        let (folder, _) = path.rsplit_once('/').expect("a folder");
        for name in String::from_utf8_lossy(bytes).split(['(', ')', ' ', '\n']).filter(|it| it.starts_with("gokuhi")) {
            beside.push((format!("{folder}/{name}"), format!("{name} の中身").into_bytes()));
        }
    }
    site.extend(beside.into_iter().filter(|(path, _)| path.rsplit_once('.').is_some_and(|(_, end)| end.len() < 5)));
    (site, keys, next)
}

#[test]
fn what_waits_is_in_no_byte_of_any_output() {
    for fence in FENCES {
        let (site, keys, last) = planted(fence);
        for (path, bytes) in output(&prepare(Sources::from_memory(site.clone())).value) {
            is_clean(&path, &bytes);
        }
        // Each place is one where a text is shown once its day has come: this is what makes the silence worth something.
        let shown = seen(&output(&prepare_with(Sources::from_memory(site), true).value), 0..=last);
        let silent = |name: &str| !keys.iter().any(|(key, number)| key == name && shown.contains(number));
        let never: Vec<&str> = self::keys().into_iter().filter(|key| silent(key)).collect();
        // Days, numbers, choices, names of other documents, what excuses findings, and the keys of the ledgers, which wait
        // for no day.
        let known = [
            "menu",
            "order",
            "updated",
            "publish_at",
            "draft",
            "sample",
            "number",
            "name",
            "short",
            "years",
            "reading",
            "becomes",
            "under",
            "contact",
            "office",
            "postal_code",
            "address",
            "telephone",
            "fax",
            "email",
            "form_url",
            "pillar",
            "actions",
            "continues",
            "indicator",
            "key",
            "kind",
            "note",
            "expected",
            "from",
            "to",
            "direction",
            "baseline",
            "target",
            "revised_target",
            "actual",
            "evaluation",
            "corrections",
            "date",
            "exceptions",
            "rule",
        ];
        let new: Vec<&&str> = never.iter().filter(|key| !known.contains(key)).collect();
        assert!(new.is_empty(), "no page shows a text of {new:?}: plant it where one does, or name it here");
        assert!(shown.len() > 200, "{} places", shown.len());
    }
}

#[test]
fn no_copy_of_what_waits_is_in_any_output() {
    let page = format!("title: {0}\n---\n{0} [資料](gokuhi極秘.pdf)\n", secret(1));
    for fence in FENCES {
        let mut site = city();
        let documents = ["content/pages/gokuhi極秘.md", "content/2026/planning/gokuhi極秘.md"];
        let text = |path: &str| match path.contains("pages") {
            true => format!("---\n{fence}{page}"),
            false => format!("---\npillar: trust\nactions: []\n{fence}{page}"),
        };
        let mut originals: Vec<(String, String)> =
            documents.iter().map(|path| ((*path).to_owned(), text(path))).collect();
        // Its Word file, and what it shows.
        originals
            .extend(["pages", "2026/planning"].map(|folder| (format!("content/{folder}/gokuhi極秘.pdf"), secret(2))));
        let mut names = 0;
        for (path, text) in &originals {
            site.insert(path.clone(), text.clone().into_bytes());
            let (folder, name) = path.rsplit_once('/').expect("a folder");
            for copy in copies(name) {
                names += 1;
                site.entry(format!("{folder}/{copy}")).or_insert_with(|| text.clone().into_bytes());
            }
        }
        assert!(names > 250, "{names}");
        // Nor where a city has allowed such endings.
        let settings = String::from_utf8(site["site.yaml"].clone()).expect("UTF-8");
        let allowed = "attachments: { allow: [bak, old, orig, save, html, rej, backup], reason: 試し }\n";
        for settings in [settings.clone(), settings + allowed] {
            site.insert("site.yaml".into(), settings.into_bytes());
            for (path, bytes) in output(&prepare(Sources::from_memory(site.clone())).value) {
                is_clean(&path, &bytes);
            }
        }
        // Whoever links to one of an editor's copies does not publish it.
        let link = "---\ntitle: 案内\n---\n[前の文](gokuhi極秘.md.bak)と[前の資料](gokuhi極秘.pdf.orig)です。\n";
        site.insert("content/pages/links.md".into(), link.into());
        let made = prepare(Sources::from_memory(site.clone()));
        assert!(made.value.site.attachments.iter().all(|it| !it.path.contains(".bak") && !it.path.contains(".orig")));
        let told =
            made.diagnostics.iter().filter(|it| made.value.sources.path(it.place.file) == "content/pages/links.md");
        let told: Vec<&str> = told.map(|it| it.rule.name()).collect();
        assert_eq!(told.iter().filter(|rule| **rule == "broken-link").count(), 2, "{told:?}");
    }
}

#[test]
fn what_no_page_shows_publishes_no_file() {
    let places = [
        "本文。\n\n[^1]: [資料](gokuhi.csv)\n",
        "本文[^1]。\n\n[^1]: 注。\n\n[^2]: [資料](gokuhi.csv)\n",
        "本文[^1]。\n\n[^1]: 注。\n\n[^1]: 同じ札の注 [資料](gokuhi.csv)\n",
        "本文。\n\n[^1]: 注[^2]。\n\n[^2]: 注の注 [資料](gokuhi.csv)\n",
        "本文。\n\n[^1]: ![図の説明](gokuhi.png)\n",
        "本文。 <!-- [資料](gokuhi.csv) -->\n",
        "本文。\n\n<!--\n[資料](gokuhi.csv)\n-->\n",
        "`[資料](gokuhi.csv)`\n",
        "```\n[資料](gokuhi.csv)\n```\n",
        "本文。\n\n    [資料](gokuhi.csv)\n",
        "本文。\n\n[資料]: gokuhi.csv\n",
        "本文。\n\n[資料]: <gokuhi.csv> \"題\"\n",
        "![[資料](gokuhi.csv)](map.png)\n",
        "本文。\n\n[^1]: <a href=\"gokuhi.csv\">資料</a> [資料](./gokuhi.csv)\n",
    ];
    let made = |folder: &str, body: &str| {
        let mut all = city();
        let head = if folder == "pages" { "title: 案内" } else { "title: 案内\npillar: trust\nactions: []" };
        all.insert(format!("content/{folder}/about.md"), format!("---\n{head}\n---\n{body}").into_bytes());
        for name in ["gokuhi.csv", "gokuhi.png", "map.png"] {
            all.insert(format!("content/{folder}/{name}"), b"\x89PNG\r\n\x1A\n gokuhi".to_vec());
        }
        let Checked { value, .. } = prepare(Sources::from_memory(all));
        value.site.attachments.iter().filter(|it| it.path.contains("gokuhi")).map(|it| it.path.to_string()).collect()
    };
    for folder in ["pages", "2026/planning"] {
        for body in places {
            let name = if body.contains("gokuhi.png") { "gokuhi.png" } else { "gokuhi.csv" };
            let published: Vec<String> = made(folder, body);
            assert!(!published.iter().any(|path| path.ends_with(name)), "{folder}: {body}");
        }
        // Shown once, it is published.
        for body in [
            "[資料](gokuhi.csv)\n\n<!-- [資料](gokuhi.csv) -->\n",
            "本文[^1]。\n\n[^1]: [資料](gokuhi.csv)\n",
            "[資料]\n\n[資料]: gokuhi.csv\n",
        ] {
            assert!(made(folder, body).iter().any(|path: &String| path.ends_with("gokuhi.csv")), "{folder}: {body}");
        }
    }
}

#[test]
fn a_copy_is_published_only_where_somebody_meant_it() {
    let made = |more: &str| {
        let Checked { value, diagnostics } = prepare(support::city_with(more));
        let published: Vec<String> = value.site.attachments.iter().map(|it| it.path.to_string()).collect();
        (published, support::describe(&value.sources, &diagnostics))
    };
    let page = |body: &str| format!("-- content/pages/about.md --\n---\ntitle: 案内\n---\n{body}\n");
    for name in
        ["計画 - コピー.csv", "計画のコピー.csv", "計画 (1).csv", "Copy of 計画.csv", "計画-DESKTOP-1A2B3C4.csv"]
    {
        let file = format!("-- content/pages/{name} --\n年度,数\n");
        let (published, told) = made(&(page("本文です。") + &file));
        assert_eq!(published, [""; 0], "{name}");
        assert_eq!(told, [format!("content/pages/{name}:1:1 unused-attachment \"\"")]);
        // One that a document shows is meant.
        let (published, told) = made(&(page(&format!("[計画の表](<{name}>)")) + &file));
        assert_eq!((published, told), (vec![name.to_owned()], Vec::new()));
    }
    // A document and its copy would both be published.
    for name in ["about-コピー", "aboutのコピー", "about-copy", "about_コピー", "about-DESKTOP-1A2B3C4"] {
        let copy = page("本文です。").replace("about.md", &format!("{name}.md"));
        let (_, told) = made(&(page("本文です。") + &copy));
        assert_eq!(told, [format!("content/pages/{name}.md:1:1 bad-name \"\"")]);
        // Without an original it is a name like others.
        assert_eq!(made(&copy).1, [""; 0]);
    }
    for name in
        ["about - コピー", "about のコピー", "about (1)", "about 2", "about.bak", "about.sync-conflict-20261130-1-A"]
    {
        let (_, told) = made(&(page("本文です。") + &page("本文です。").replace("about.md", &format!("{name}.md"))));
        assert!(told.len() == 1 && told[0].contains(" bad-name "), "{told:?}");
    }
    assert_eq!(made(&page("本文です。").replace("about.md", "about-old.md")).1, [""; 0]);
}

#[test]
fn copies_in_a_theme_are_not_published() {
    let theme = "-- site.yaml --
title: x
theme: mine
organization: { name: y }
-- content/index.md --
z
-- themes/mine/theme.yaml --
contract: 1
-- themes/mine/assets/gokuhi.css.bak --
gokuhi
-- themes/mine/assets/gokuhi.css~ --
gokuhi
-- themes/mine/assets/old.orig/gokuhi.css --
a { color: red }
-- themes/mine/templates/screen/home.html.orig --
gokuhi
";
    let Checked { value, diagnostics } = prepare(Sources::from_memory(files(theme)));
    output(&value).iter().for_each(|(path, bytes)| is_clean(path, bytes));
    let told = support::describe(&value.sources, &diagnostics);
    assert!(told.len() == 3 && told.iter().all(|it| it.contains(" leftover-file ")), "{told:?}");
}

/// Every file below a folder, by its path from there.
fn below(folder: &Path, at: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => below(folder, &path, out),
            false => {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                out.insert(name, fs::read(&path).unwrap_or_default());
            }
        }
    }
}

/// The program itself, on a disk: nothing is in the published folder, in the folders beside it, or in a booklet.
#[test]
fn nothing_that_waits_lies_in_or_beside_the_published_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = city();
    let mut settings = String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    if cfg!(feature = "pdf") {
        settings += "pdf: { pages: [year, department, goal], sizes: [12, 22] }\n";
    }
    settings += "exceptions:\n  - { rule: unused-attachment, file: content/pages/, reason: gokuhi極秘 }\n";
    all.insert("site.yaml".into(), settings.into_bytes());
    let body = "極秘の本文 [極秘の資料](gokuhi極秘.pdf) ![極秘の図](gokuhi極秘.svg) 注[^1]\n\n[^1]: 極秘の注\n";
    let head = "publish_at: 2027-04-01\ntitle: gokuhi極秘の題\n";
    all.insert("content/pages/gokuhi極秘.md".into(), format!("---\n{head}---\n{body}").into_bytes());
    let goal = format!(
        "---\n{head}pillar: trust\nactions: [ {{ text: 極秘の取組, criterion: gokuhi, indicator: {{ name: 極秘の数, target: 3 }} }} ]\n---\n{body}"
    );
    all.insert("content/2026/planning/9-01.md".into(), goal.into_bytes());
    let result = "---\ndraft: true\nevaluation: on-plan\nactions: [ { result: gokuhi極秘 } ]\n---\n極秘\n";
    all.insert("content/2025/planning/1-02.result.md".into(), result.into());
    for place in ["content/pages", "content/2026/planning"] {
        all.insert(format!("{place}/gokuhi極秘.pdf"), b"%PDF-1.7\n% gokuhi\n".to_vec());
        let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"><title>極秘</title></svg>";
        all.insert(format!("{place}/gokuhi極秘.svg"), picture.into());
        // Copies that stop no build.
        for (name, text) in [("9-01.md", "極秘"), ("gokuhi極秘.pdf", "%PDF-1.7\n% gokuhi\n")] {
            let stops = |copy: &str| copy.ends_with(".md") || copy.contains(".md.txt");
            for copy in copies(name).into_iter().filter(|copy| !stops(copy)) {
                let is_left = document::kind(&format!("{place}/{copy}")) == Some(Kind::Leftover);
                let is_hidden = copy.starts_with('.') || copy.ends_with('~');
                let is_itself = copy.ends_with(".pdf") && text.starts_with('%');
                if is_left || is_hidden || is_itself {
                    all.insert(format!("{place}/{copy}"), text.as_bytes().to_vec());
                }
            }
        }
    }
    // A note that nobody refers to, in a page that everybody sees.
    let about = "---\ntitle: 案内\n---\n本文。\n\n[^1]: [資料のこと](gokuhi.txt)\n";
    all.insert("content/pages/about.md".into(), about.into());
    all.insert("content/pages/gokuhi.txt".into(), b"gokuhi".to_vec());
    for (path, bytes) in &all {
        let at = folder.path().join(path);
        fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
        fs::write(at, bytes).expect("written");
    }
    let run = |arguments: &[&str]| {
        let mut kohyo = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        let output = kohyo.args(arguments).current_dir(folder.path()).env_clear().output().expect("kohyo runs");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    };
    run(&["build", "--as-of", "2026-11-30"]);
    // With drafts elsewhere, and then again: what one run made is not in what another leaves.
    run(&["build", "--as-of", "2026-11-30", "--drafts", "--out", "drafts-out"]);
    run(&["build", "--as-of", "2026-11-30"]);
    let mut found = BTreeMap::new();
    below(folder.path(), folder.path(), &mut found);
    assert!(found.keys().any(|path| path.starts_with("public/")), "{:?}", found.keys());
    let drafts = found.iter().filter(|(path, _)| path.starts_with("drafts-out/"));
    let drafts: String = drafts.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(drafts.contains("極秘の取組") && drafts.contains("gokuhi極秘の題"));
    for (path, bytes) in found {
        let is_of_the_project = path == "site.yaml" || path.starts_with("content/");
        if !is_of_the_project && !path.contains("drafts-out") {
            is_clean(&path, &bytes);
        }
    }
}
