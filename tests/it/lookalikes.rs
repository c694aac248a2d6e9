//! Promises about letters that only look like others: told wherever they stand, mended only where nobody could mean them.

use crate::support;

use kohyo::diagnostic::{Diagnostic, Safety};
use kohyo::output::Output;
use kohyo::source::Sources;
use support::{CITY, describe, files, prepare};

fn site(more: &str) -> (Output, Vec<Diagnostic>) {
    let mut all = files(CITY);
    all.extend(files(more));
    let checked = prepare(Sources::from_memory(all));
    (checked.value, checked.diagnostics)
}

/// What is said of a text in the title of a goal, and what `--fix` makes of it.
fn told(text: &str, settings: &str) -> (Vec<String>, String) {
    let city = String::from_utf8(files(CITY)["site.yaml"].clone()).expect("UTF-8");
    let goal = format!("---\ntitle: \"{text}\"\npillar: trust\nactions: []\n---\n本文です。\n");
    let more = format!("-- site.yaml --\n{city}{settings}-- content/2026/planning/1-02.md --\n{goal}");
    let (site, findings) = site(&more);
    let file = site.sources.find("content/2026/planning/1-02.md").expect("a goal");
    let own: Vec<Diagnostic> = findings.into_iter().filter(|finding| finding.place.file == file).collect();
    let mut changes: Vec<_> =
        own.iter().filter_map(|it| it.fix.clone()).filter(|fix| fix.safety == Safety::Safe).collect();
    changes.sort_by_key(|fix| std::cmp::Reverse(fix.place.span.start));
    let mut mended = goal;
    for fix in changes {
        mended.replace_range(fix.place.span.start as usize..fix.place.span.end as usize, &fix.text);
    }
    let title = mended.lines().nth(1).unwrap_or_default().trim_start_matches("title: ").trim_matches('"').to_owned();
    (describe(&site.sources, &own), title)
}

#[test]
fn letters_that_only_look_like_others_are_told_and_mended() {
    let lookalike = |text: &str| format!("content/2026/planning/1-02.md:2:9 lookalike-character {text:?}");
    for (written, mended) in [
        ("⽣⽤⽔", "生用水"),
        ("⻑⻄⺠⻘⻩⻲⻭⻤⻯", "長西民青黄亀歯鬼竜"),
        ("⼾", "戸"),
        ("⿊", "黒"),
        ("\u{F967}\u{F9F7}", "不立"),
        ("\u{FB01}\u{FB02}", "fifl"),
        ("\u{212A}", "K"),
    ] {
        for settings in ["", "language: en\n"] {
            let (found, title) = told(&format!("{written}の点検"), settings);
            assert!(found.contains(&lookalike(written)), "{written} {settings}: {found:?}");
            assert_eq!(title, format!("{mended}の点検"));
        }
    }
    // Where the form may mean something, a person decides; also among others.
    for written in ["⻝", "𝐒𝐃𝐆", "⻝⽣"] {
        let (found, title) = told(&format!("{written}の点検"), "");
        assert_eq!(found, [lookalike(written)]);
        assert_eq!(title, format!("{written}の点検"));
    }
    // A text about a radical; letters of names, in their own right or as forms of others; ordinary letters.
    let names = "checks: { japanese: { names: [部首「⽣」, 神\u{FA19}] } }\n";
    for (written, settings) in [
        ("部首「⽣」", names),
        ("神\u{FA19}さん", names),
        ("\u{FA0E}\u{FA0F}\u{FA11}\u{FA13}\u{FA14}\u{FA1F}\u{FA21}\u{FA23}\u{FA24}\u{FA27}\u{FA28}\u{FA29}さん", ""),
        ("葛\u{E0100}城と髙さん", ""),
    ] {
        let (found, title) = told(written, settings);
        assert_eq!((found, title), (Vec::new(), written.to_owned()));
    }
    // Another form of a letter: a hint, and nothing that `--fix` does.
    for written in ["\u{FA19}", "\u{FA10}", "\u{F91D}", "\u{2F81A}"] {
        let (found, title) = told(&format!("{written}さん"), "");
        assert_eq!(found, [format!("content/2026/planning/1-02.md:2:9 platform-character {written:?}")]);
        assert_eq!(title, format!("{written}さん"));
    }
}

#[test]
fn names_of_files_and_settings_have_no_lookalikes() {
    let city = String::from_utf8(files(CITY)["site.yaml"].clone()).expect("UTF-8");
    let more = format!(
        "-- site.yaml --\n{}-- content/2026/planning/計画⽣.csv --\n日,会場\n-- content/2026/planning/1-02.md --\n---\n\
         title: 見学会を開く\npillar: trust\nactions: []\n---\n[計画の表](計画⽣.csv)に、⽇程を載せます。\n\n\
         - **強い⽉**と{{⽕曜|かよう}}と[題](計画⽣.csv \"⽔曜の題\")\n",
        city.replace("青葉市 組織目標", "⻘葉市 組織目標")
    );
    let (site, findings) = site(&more);
    let found = describe(&site.sources, &findings);
    let expect = [
        "content/2026/planning/1-02.md:6:18 lookalike-character \"⽇\"",
        "content/2026/planning/1-02.md:8:7 lookalike-character \"⽉\"",
        "content/2026/planning/1-02.md:8:12 lookalike-character \"⽕\"",
        "content/2026/planning/1-02.md:8:33 lookalike-character \"⽔\"",
        "content/2026/planning/1-02.md:8:33 unshown-text \"⽔曜の題\"",
        "content/2026/planning/計画⽣.csv:1:1 lookalike-character \"\"",
        "site.yaml:1:8 lookalike-character \"⻘\"",
    ];
    assert_eq!(found, expect);
}
