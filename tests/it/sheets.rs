//! Sheets as people write them: what is told of four hundred, and what `--fix` makes of them.

use crate::support::sheets::{ITEMS, NAMES, Sheets};
use crate::support::{prepare, prepare_with};
use kohyo::diagnostic::Severity;
use kohyo::fix;
use kohyo::report::human::{self, Style};
use kohyo::report::{self, Context, Format, readable};
use kohyo::source::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};
use unicode_normalization::UnicodeNormalization;

type Site = BTreeMap<String, Vec<u8>>;

/// What people read of four hundred sheets with every habit is no longer than what they can go through.
#[test]
fn what_is_told_of_four_hundred_sheets_can_be_read() {
    let checked = prepare(Sources::from_memory(Sheets::new(1).site(400)));
    let (sources, findings) = (&checked.value.sources, &checked.diagnostics);
    assert!(findings.len() > 4000, "every habit is in it: {}", findings.len());
    for habit in [
        "platform-character",
        "mixed-width",
        "half-width-kana",
        "plain-amount",
        "date-notation",
        "over-hundred",
        "broken-link",
    ] {
        assert!(findings.iter().any(|finding| finding.rule.name() == habit), "{habit}");
    }
    let text = readable::readable(findings, sources, Style::default());
    let lines = text.lines().count();
    assert!(lines < 2000, "{lines} lines of {} findings", findings.len());
    if std::env::var_os("KOHYO_SHEETS").is_some() {
        println!("{text}{lines} lines of {} findings", findings.len());
    }
    // Errors come first and whole, and no line is cut by a rule that is not so bad.
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert!(errors > 0 && text.starts_with("【エラー"), "{}", &text[..200]);
    assert_eq!(text.matches("エラー[broken-link]").count(), errors);
    let position = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(position("エラー[") < position("警告[") && position("警告[") < position("ヒント["));
    assert!(text.contains("--all") && text.contains("--report"), "the way to all of them");
    // All of it is there for whoever asks.
    let all = human::human(findings, sources, Style::default());
    let first = all.lines().find(|line| line.starts_with("■ ")).expect("a file");
    assert!(first.contains("エラー"), "files with errors first: {first}");
    let json = report::text(findings, sources, Format::Json, &Context::default());
    assert_eq!(json.matches("\"rule\":").count(), findings.len(), "every place");
    // Signs and ranges were read, and no list was taken for a sentence.
    for never in ["figure-mismatch", "impossible-figure", "long-sentence"] {
        let found: Vec<&str> = findings.iter().filter(|it| it.rule.name() == never).map(|it| &*it.message.ja).collect();
        assert_eq!(found, [""; 0], "{never}");
    }
}

/// The site when nothing is left to be mended, and after how many rounds.
fn mended(site: &Site) -> (Site, usize) {
    let mut files = site.clone();
    for round in 0.. {
        assert!(round < 12, "it comes to an end");
        let checked = prepare_with(Sources::from_memory(files.clone()), true);
        let changes = fix::plan(&checked.diagnostics);
        if changes.is_empty() {
            return (files, round);
        }
        for change in changes {
            let bytes = files.get_mut(checked.value.sources.path(change.file)).expect("a file");
            *bytes = change.apply(bytes).expect("bytes that are there");
        }
    }
    unreachable!("rounds have an end")
}

/// What a reader takes from a text: its letters, digits, signs and units, and the blanks that stand between names, numbers
/// of items and what they number. Everything that is only another way of writing the same is written in one way.
fn meaning(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\u{2460}'..='\u{2473}' => out += &format!("({})", c as u32 - 0x2460 + 1),
            '\u{200B}' | '\u{FEFF}' => {}
            // Half-width marks join with what stands before them, in whatever width.
            '\u{FF9E}' => out.push('\u{3099}'),
            '\u{FF9F}' => out.push('\u{309A}'),
            _ => out.push(c),
        }
    }
    let mut text: String = out.nfkc().collect();
    for (word, unit) in [("平方キロメートル", "km2"), ("立方メートル", "m3"), ("平方メートル", "m2"), ("No.", "No")]
    {
        text = text.replace(word, unit);
    }
    for (spread, word) in [
        ("日 時", "日時"),
        ("場 所", "場所"),
        ("お 知 ら せ", "お知らせ"),
        ("対 象", "対象"),
        ("定 員", "定員"),
        ("。。。", "。"),
        ("。。", "。"),
    ] {
        text = text.replace(spread, word);
    }
    for (date, written) in [("2026/6/25", "2026年6月25日"), ("R8.4.1", "令和8年4月1日")] {
        text = text.replace(date, written);
    }
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |index: usize| chars.get(index).is_some_and(char::is_ascii_digit);
    let separates = |index: usize| {
        chars[index] == ',' && index > 0 && is_digit(index - 1) && (1..=3).all(|more| is_digit(index + more))
    };
    (0..chars.len()).filter(|index| !separates(*index)).map(|index| chars[index]).collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// Over real sentences with names, numbers of items, units and signs: no reader's meaning changes.
#[test]
fn safe_fixes_leave_what_a_reader_understands() {
    let (mut changed, mut rounds) = (0, 0);
    for seed in 0..many() {
        let before = Sheets::new(100 + seed as u64).site(40);
        let (after, took) = mended(&before);
        rounds = rounds.max(took);
        for (path, bytes) in &before {
            let (old, new) = (text(bytes), text(&after[path]));
            changed += usize::from(old != new);
            for (old, new) in old.lines().zip(new.lines()) {
                assert_eq!(meaning(new), meaning(old), "{path}, seed {seed}:\n{old}\n{new}");
            }
            assert_eq!(old.lines().count(), new.lines().count(), "{path}");
            // Where names and numbers of items stand, their blanks stay as they were typed.
            for words in NAMES.iter().chain(&ITEMS) {
                let blanks: Vec<&str> = words.split([' ', '\u{3000}']).collect();
                let blanks = blanks.len() - 1;
                let typed = |text: &str| text.matches(words).count();
                let kept = typed(new) + new.matches(&*narrow(words)).count() * usize::from(narrow(words) != **words);
                assert!(blanks == 0 || kept >= typed(old), "{path}: {words}");
            }
        }
        // A fix makes no mistake of its own.
        let worst = |site: &Site| -> BTreeSet<String> {
            let checked = prepare_with(Sources::from_memory(site.clone()), true);
            let bad = checked.diagnostics.into_iter().filter(|it| it.severity == Severity::Error);
            bad.map(|it| format!("{} {}", it.rule.name(), it.message.ja)).collect()
        };
        assert_eq!(worst(&after), worst(&before), "seed {seed}");
    }
    assert!(changed > 50, "something was mended: {changed}");
    println!("{changed} files changed, at most {rounds} rounds");
}

fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '０'..='９') { char::from(b'0' + (c as u32 - 0xFF10) as u8) } else { c })
        .collect()
}

/// One document of the small city when nothing is left to be mended.
fn mended_text(matter: &str, body: &str) -> String {
    const PATH: &str = "content/2026/planning/1-02.md";
    let mut site = crate::support::files(crate::support::CITY);
    let text = format!("---\ntitle: 見学会\npillar: trust\n{matter}---\n{body}");
    site.insert(PATH.into(), text.into_bytes());
    let (after, _) = mended(&site);
    text_of(&after[PATH])
}

fn text_of(bytes: &[u8]) -> String {
    text(bytes).to_owned()
}

#[test]
fn what_could_mean_something_else_is_left_alone() {
    for same in [
        // Names, numbers of items, lists.
        "ア　国が持つ資料、イ　海の安全。",
        "課長　小川　光 等、室長：林　恵、原　理。",
        "国　県　市と、事　業　名。",
        // Two kinds of numbers would become one.
        "(1) 受付のうち①と②。",
        "①受付と⑴審査。",
        // Digits and letters would run together, and marks would become markup.
        "3①、3㋀、第1⒈、A㎏。",
        "[計画]①の案。",
        "㋐国の資料。",
        "キロ㎡、3m㎡、k㎥。",
        "１. 目的と2回と3回。",
        "0566ｰ00ｰ0000。",
        "第2026-6-25号。",
        "00012000円。",
        "一行目\u{2028}二行目。",
        "\u{A0}- 受付。",
    ] {
        let body = format!("{same}\n");
        assert!(
            mended_text("actions: []\n", &body).ends_with(&format!("---\n{body}")),
            "{same}: {}",
            mended_text("actions: []\n", &body)
        );
    }
    for (before, after) in [
        ("16ｋ㎡と5㎡と10㎥。", "16平方キロメートルと5平方メートルと10立方メートル。"),
        ("㍻30年の㈱青葉、№5、5㌔。", "平成30年の（株）青葉、No.5、5キロ。"),
        ("日　時は未定、場 所：市役所。", "日時は未定、場所：市役所。"),
        ("カﾞイドとﾊﾟﾝﾌﾚｯﾄ、あﾞ。", "ガイドとパンフレット、あ゛。"),
        ("①受付、②審査。", "(1)受付、(2)審査。"),
        ("２回と3回と4回。", "2回と3回と4回。"),
        ("\u{200B}見学会\u{A0}を開く。", "見学会 を開く。"),
    ] {
        assert!(mended_text("actions: []\n", &format!("{before}\n")).ends_with(&format!("---\n{after}\n")), "{before}");
    }
    // In a value a comma, a blank or a digit may end it or make it something else.
    for (before, after) in [
        ("{ text: 予算は12000円 }", "{ text: 予算は12000円 }"),
        ("{ text: \"予算は12000円\" }", "{ text: \"予算は12,000円\" }"),
        ("text: 予算は12000円", "text: 予算は12,000円"),
        ("text: 見学会\u{A0}#1", "text: 見学会\u{A0}#1"),
        ("text: 題:\u{A0}見学会", "text: 題:\u{A0}見学会"),
        ("text: ５\n    criterion: 3回と4回", "text: ５\n    criterion: 3回と4回"),
    ] {
        let text = mended_text(&format!("actions:\n  - {before}\n"), "");
        assert!(text.contains(&format!("  - {after}\n")), "{before}: {text}");
    }
}

/// How many sites are made: a few in every run of the tests, `KOHYO_SHEETS` of them by hand.
fn many() -> usize {
    std::env::var("KOHYO_SHEETS").ok().and_then(|count| count.parse().ok()).unwrap_or(3)
}

/// Whoever runs `--fix` once need not run it again.
#[test]
fn one_run_of_fix_leaves_nothing_for_a_second() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in Sheets::new(7).site(60) {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    // Three slips in one word, of which each hides the next: a width, a voiced mark, an amount.
    let knot = dir.path().join("content/2025/planning/knot.md");
    fs::write(&knot, "---\ntitle: 見本を直す\npillar: main\nactions: []\n---\n費用は１２３4500円、カﾞイド、か\u{3099}㎡日　時\u{200B}か\u{3099}。10回と11回と12回\n")
        .expect("a file");
    let fix = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        command.args(["check", "--fix", "--yes"]).current_dir(dir.path()).env_clear().env("LANG", "ja_JP.UTF-8");
        command.stdin(Stdio::null()).output().expect("kohyo runs")
    };
    let first = String::from_utf8_lossy(&fix().stdout).into_owned();
    assert!(first.contains("を直しました。"), "{first}");
    let again = String::from_utf8_lossy(&fix().stdout).into_owned();
    assert!(again.starts_with("--fix で直せる指摘はありません。"), "{again}");
    assert_eq!(
        fs::read_to_string(knot).expect("there").lines().last(),
        Some("費用は1,234,500円、ガイド、が平方メートル日時が。10回と11回と12回")
    );
}
