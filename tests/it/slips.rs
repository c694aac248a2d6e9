//! Slips of the keyboard in settings, days and names that used to pass without a word: each is told, and its neighbours
//! that are right are not.

use crate::support;

use kohyo::diagnostic::{Checked, Severity};
use kohyo::fix;
use kohyo::source::Sources;
use std::fs;
use support::{CITY, city_with, describe, files, findings, prepare};

const GOAL: &str = "content/2026/planning/1-02.md";

/// A goal with more in its settings.
fn goal(more: &str) -> String {
    format!("-- {GOAL} --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n{more}---\n")
}

#[test]
fn what_no_browser_shows_is_no_picture() {
    let page = |target: &str, more: &str| {
        let files =
            "-- content/pages/plan.pdf --\nx\n-- content/pages/a.ico --\n\0\0\u{1}\0\n-- content/pages/map.png --\nx\n";
        findings(&format!(
            "-- content/pages/about.md --\n---\ntitle: 案内\n{more}---\n![市の概要を示す図]({target})\n{files}"
        ))
    };
    let told = |target: &str, more: &str| {
        let found = page(target, more).into_iter().filter(|it| it.starts_with("content/pages/about.md"));
        found.collect::<Vec<String>>()
    };
    for target in ["plan.pdf", "a.ico", "../2026/planning/1-01.md", "/2026/", "/plan.pdf", "about.md"] {
        let found = told(target, "");
        assert!(found.len() == 1 && found[0].contains(" unshowable-image "), "{target}: {found:?}");
    }
    // Before its day as well.
    let found = told("plan.pdf", "draft: true\n");
    assert!(found.len() == 1 && found[0].contains(" unshowable-image "), "{found:?}");
    for target in ["map.png", "map.png#a"] {
        assert_eq!(told(target, ""), [""; 0], "{target}");
    }
    // What a city allowed is still no picture.
    let allowed = CITY.replace("scale:\n", "attachments: { allow: [heic], reason: 保存のため }\nscale:\n");
    let mut all = files(&allowed);
    all.extend(files("-- content/pages/about.md --\n---\ntitle: 案内\n---\n![会議を写した写真](a.heic)\n-- content/pages/a.heic --\nheic\n"));
    let Checked { value, diagnostics } = prepare(Sources::from_memory(all));
    assert_eq!(describe(&value.sources, &diagnostics), ["content/pages/about.md:4:13 unshowable-image \"a.heic\""]);
    // Kinds that are no attachment are told once, where they lie.
    let found = findings(
        "-- content/pages/about.md --\n---\ntitle: 案内\n---\n![会議を写した写真](a.heic)\n-- content/pages/a.heic --\nheic\n",
    );
    assert_eq!(found, ["content/pages/a.heic:1:1 unknown-attachment \"\""]);
}

#[test]
fn a_year_that_cannot_be_meant_is_an_error() {
    for (key, date) in [
        ("publish_at", "0026-12-25"),
        ("updated", "0026-06-25"),
        ("updated", "1026-06-25"),
        ("publish_at", "20226-12-25"),
        ("publish_at", "226-12-25"),
        ("publish_at", "9999-12-25"),
    ] {
        let found = findings(&goal(&format!("{key}: {date}\n")));
        assert_eq!(found.len(), 1, "{date}: {found:?}");
        assert!(found[0].ends_with(&format!(" bad-date {date:?}")), "{found:?}");
    }
    let Checked { diagnostics, .. } = prepare(city_with(&goal("publish_at: 0026-12-25\n")));
    assert!(diagnostics[0].help.as_ref().is_some_and(|it| it.ja.contains("2026-12-25")), "{diagnostics:?}");
    assert_eq!(diagnostics[0].severity, Severity::Error);
    let correction = "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions: [ { result: 3回, actual: 3 } ]\ncorrections: [ { date: 0026-07-01, item: 数, was: 2, now: 3, why: 誤り } ]\n---\n";
    assert!(findings(correction)[0].ends_with(" bad-date \"0026-07-01\""));
    // In names: no such folder is a year, no such report has a day.
    for path in ["content/0026/planning/1-02.md", "content/20226/planning/1-02.md", "content/226/planning/1-02.md"] {
        let found = findings(&goal("").replace(GOAL, path));
        assert!(found.len() == 1 && found[0].contains(" misplaced-file "), "{found:?}");
    }
    let report = "-- content/2026/planning/1-01.progress-0026-09-30.md --\n---\nactions: [ { result: 集めた } ]\n---\n";
    assert!(findings(report)[0].contains(" bad-name "));
}

#[test]
fn a_day_far_from_its_year_is_told() {
    let distant = |more: &str| {
        let found = findings(more);
        assert!(found.iter().all(|it| it.contains(" distant-date ")), "{found:?}");
        found.len()
    };
    for (more, count) in [
        ("publish_at: 2025-12-25\n", 1),
        ("publish_at: 2016-06-25\n", 1),
        ("updated: 2025-06-25\n", 1),
        ("publish_at: 2025-06-25\nupdated: 2025-06-25\n", 2),
        ("publish_at: 2027-12-25\n", 1),
        ("publish_at: 2026-02-01\n", 0),
        ("updated: 2025-11-01\npublish_at: 2026-03-01\n", 0),
        ("publish_at: 2026-12-25\n", 0),
    ] {
        assert_eq!(distant(&goal(more)), count, "{more}");
    }
    let result = |more: &str| {
        format!(
            "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions: [ {{ result: 3回開いた, actual: 3 }} ]\n{more}---\n点検を終えました。\n"
        )
    };
    assert_eq!(distant(&result("publish_at: 2025-06-25\n")), 1);
    assert_eq!(distant(&result("updated: 2024-06-25\n")), 1);
    assert_eq!(distant(&result("publish_at: 2026-03-20\nupdated: 2026-03-20\n")), 0);
    assert_eq!(distant(&result("corrections: [ { date: 2016-07-01, item: 数, was: 2, now: 3, why: 誤り } ]\n")), 1);
    let report = |date: &str| {
        format!("-- content/2026/planning/1-01.progress-{date}.md --\n---\nactions: [ {{ result: 集めた }} ]\n---\n")
    };
    assert_eq!((distant(&report("2025-09-30")), distant(&report("2026-09-30"))), (1, 0));
    let foreword =
        |date: &str| format!("-- content/2026/index.md --\n---\npublish_at: {date}\n---\n今年度の目標です。\n");
    assert_eq!((distant(&foreword("2016-04-01")), distant(&foreword("2026-04-01"))), (1, 0));
    let page =
        |date: &str| format!("-- content/pages/about.md --\n---\ntitle: 案内\nupdated: {date}\n---\n案内です。\n");
    assert_eq!((distant(&page("1926-04-01")), distant(&page("2006-04-01"))), (1, 0));
    // The folder itself.
    let ahead = goal("").replace("content/2026", "content/2062");
    assert_eq!(distant(&ahead), 1);
}

#[test]
fn the_address_of_a_page_is_no_address_of_a_site() {
    let told = |address: &str| {
        let text = CITY.replace("https://www.example.jp/goals/", address);
        let Checked { value, diagnostics } = prepare(Sources::from_memory(files(&text)));
        let changes = fix::plan(&diagnostics);
        let mended = changes.first().and_then(|it| it.apply(&files(&text)["site.yaml"]));
        let mended = mended.map(|it| String::from_utf8(it).expect("UTF-8").lines().nth(1).unwrap_or("").to_owned());
        (describe(&value.sources, &diagnostics), mended)
    };
    let goals = Some("base_url: https://www.example.jp/goals/".to_owned());
    for (address, mended) in [
        ("https://www.example.jp/goals/index.html", goals.clone()),
        ("https://www.example.jp/goals/#a", goals.clone()),
        ("https://user:word@www.example.jp/goals/", goals),
        ("https://www.example.jp/goals/?x=1", None),
        ("https://www.example.jp/goals/top.php", None),
        ("www.example.jp/goals/", None),
        ("http://localhost:8000/", None),
        ("http://127.0.0.1/", None),
    ] {
        let (found, fixed) = told(address);
        assert_eq!(found, [format!("site.yaml:2:11 bad-value {address:?}")]);
        assert_eq!(fixed, mended, "{address}");
    }
    assert_eq!(told("https://www.example.jp/goals").0, [""; 0]);
}

#[test]
fn a_year_named_by_its_end_has_one_name_on_every_page() {
    let named = |calendar: &str, language: &str| {
        let text = CITY.replace("scale:\n", &format!("language: {language}\ncalendar: {{ {calendar} }}\nscale:\n"));
        let Checked { value, .. } = prepare(Sources::from_memory(files(&text)));
        let pages = support::output(&value).into_iter().filter(|(path, _)| path.ends_with(".html"));
        pages.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>()
    };
    let pages = named("year_starts: 4, named_by: end", "ja");
    assert!(pages.contains("令和9年度（2027年度）") && pages.contains("令和8年度（2026年度）"));
    for wrong in ["令和8年度（2027年度）", "令和9年度（2026年度）", "令和7年度", "2025年度"] {
        assert!(!pages.contains(wrong), "{wrong}");
    }
    let pages = named("year_starts: 10, named_by: end, era: none", "ja");
    assert!(pages.contains("2027年度") && !pages.contains("2025年度") && !pages.contains("令和8年度"));
    let pages = named("year_starts: 10, named_by: end", "en");
    assert!(pages.contains("2027") && !pages.contains("Fiscal year 2025") && !pages.contains("FY 2025"));
}

#[test]
fn a_name_that_no_disk_takes_is_told_by_check() {
    let told = |path: String| findings(&goal("").replace(GOAL, &path));
    for (letter, most) in [('𠮷', 61), ('目', 80), ('a', 80)] {
        let path = |count: usize| format!("content/2026/planning/{}.md", String::from(letter).repeat(count));
        assert_eq!(told(path(most)), [""; 0], "{letter}");
        let found = told(path(most + 1));
        assert!(found.len() == 1 && found[0].contains(" bad-name "), "{letter}: {found:?}");
    }
    let page = format!("-- content/pages/{}.md --\n---\ntitle: 案内\n---\n案内です。\n", "𠮷".repeat(62));
    assert!(findings(&page)[0].contains(" bad-name "));
}

#[test]
fn a_colon_in_a_value_is_told_in_the_keys_of_its_file() {
    let theme = |manifest: &str, settings: &str| {
        let all = format!(
            "-- site.yaml --\n{settings}theme: mine\norganization: {{ name: y }}\n-- content/index.md --\nz\n\
             -- themes/mine/theme.yaml --\ncontract: 1\n{manifest}"
        );
        let Checked { value, diagnostics } = prepare(Sources::from_memory(files(&all)));
        let helps = diagnostics.iter().map(|it| it.help.as_ref().map_or("", |help| &help.ja).to_owned());
        (describe(&value.sources, &diagnostics), helps.collect::<String>())
    };
    let (found, help) = theme("", "title: 青葉市: 計画\n");
    assert_eq!(found, ["site.yaml:1:8 yaml-syntax \"青葉市: 計画\""]);
    assert!(help.contains("値の全体を \" \" で囲みます"), "{help}");
    let (found, help) = theme("description: 青葉市: 緑\n", "title: x\n");
    assert_eq!(found, ["themes/mine/theme.yaml:2:14 yaml-syntax \"青葉市: 緑\""]);
    assert!(help.contains("値の全体を \" \" で囲みます"), "{help}");
    let (found, help) = theme("", "title: x\ncontact: office: 企画課\n");
    assert_eq!(found, ["site.yaml:2:10 yaml-syntax \"office: 企画課\""]);
    assert!(help.contains("「office: …」は、次の行に書きます"), "{help}");
    // The keys of a document mean nothing in the settings of a site.
    let (_, help) = theme("", "title: x\nnotice: criterion: 3回\n");
    assert!(!help.contains("次の行に書きます"), "{help}");
}

/// A name from a ZIP that was made in Windows.
#[cfg(target_os = "linux")]
#[test]
fn a_name_in_another_encoding_is_told_as_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files(CITY) {
        let at = folder.path().join(path);
        fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
        fs::write(at, bytes).expect("written");
    }
    let planning = folder.path().join("content/2026/planning");
    let names = [b"\x8C\x76\x89\xE6.pdf".as_slice(), b"\xB7\xD7\xB2\xE8.md", b"\x8C\x76\x89\xE6", b"\xFF\x8C.pdf"];
    for name in names {
        if fs::write(planning.join(OsStr::from_bytes(name)), "x").is_err() {
            // A disk that takes UTF-8 alone has no such names.
            return;
        }
    }
    let Checked { diagnostics, .. } = prepare(Sources::read(folder.path()).expect("a site"));
    let told: Vec<&str> = diagnostics.iter().map(|it| it.message.ja.as_str()).collect();
    assert_eq!(told.len(), names.len(), "{told:?}");
    assert!(diagnostics.iter().all(|it| it.rule.name() == "unreadable" && it.severity == Severity::Error), "{told:?}");
    assert_eq!(told.iter().filter(|it| it.contains("「計画.pdf」のようです")).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|it| it.contains("「計画.md」のようです")).count(), 1, "{told:?}");
    assert!(told.iter().all(|it| it.contains("ファイルの名前が、UTF-8 ではない")), "{told:?}");
}
