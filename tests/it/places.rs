//! Place exactness: each kind of slip, planted at a random place of a real document of this repository, is found at its
//! very line and column.

use crate::support;

use kohyo::diagnostic::{Checked, Diagnostic};
use kohyo::source::Sources;
use kohyo::text::span::Lines;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::prepare;

/// The repository's own site, read once.
static SITE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let sources = support::own_site();
    let file = |(id, file): (_, &kohyo::source::File)| {
        (file.path.to_string(), sources.whole(id).expect("readable").into_owned())
    };
    let mut files: BTreeMap<String, Vec<u8>> = sources.iter().map(file).collect();
    // Its city has no levels, so its results have none, and avoids no words; and what a booklet's fonts lack would be told by another rule.
    let settings = String::from_utf8(files["site.yaml"].clone()).expect("UTF-8");
    let levels = "scale:\n  - { key: unassessable, label: 評価不能, shape: dash, color: neutral, needs: reason }\n";
    let words = "checks:\n  missing-evaluation: off\n  avoided-word: { level: warning, words: { 父兄: 保護者 } }\n";
    let tuned = settings.replace("scale: []\n", levels).replace("years: [2017]", "years: [2030]") + words;
    assert_eq!(tuned.matches("unassessable").count() + tuned.matches("2030").count(), 2);
    files.insert("site.yaml".into(), tuned.into_bytes());
    files
});

/// Goals and results: documents with many keys and a body.
static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let in_years =
        |path: &&String| path.starts_with("content/20") && path.ends_with(".md") && !path.ends_with("index.md");
    SITE.keys().filter(in_years).cloned().collect()
});

/// What is planted, and the rule that must find it.
#[derive(Clone, Copy, Debug)]
enum Slip {
    MisspeltKey,
    UnknownKey,
    SecondKey,
    BadDate,
    BadFigure,
    BadFlag,
    ListForText,
    FullWidthColon,
    TabInIndent,
    OpenQuote,
    OpenBracket,
    Indent,
    ColonInValue,
    AfterQuote,
    Alias,
    BrokenLink,
    BrokenAnchor,
    UnsafeLink,
    MissingAlt,
    UnknownComment,
    LostText,
    UnknownPillar,
    UnknownSection,
    UnknownGoal,
    UnknownLevel,
    MissingReason,
    CopiedResult,
    FigureMismatch,
    IncompleteCorrection,
    InBody(usize),
}

/// Paragraphs that have something to point at: the text, the rule, and where the finding starts.
const PARAGRAPHS: &[(&str, &str, &str)] = &[
    ("図は ![橋の様子](ない図.png) のとおり。", "broken-link", "ない図.png"),
    ("計画は[計画の全文](ない計画.pdf)にある。", "broken-link", "ない計画.pdf"),
    ("図は ![図1](/policy-relation.svg) のとおり。", "weak-alt", "![図1"),
    ("図は ![IMG_2034.jpg](/policy-relation.svg) のとおり。", "weak-alt", "![IMG"),
    ("詳しくは[こちら](/)。", "vague-link", "[こちら"),
    ("詳しくは[](/)を見る。", "vague-link", "[]"),
    ("案内は[https://www.example.jp/](https://www.example.jp/)。", "url-as-text", "[https"),
    ("|  |  |\n|---|---|\n| 甲 | 乙 |", "headerless-table", "|  |"),
    ("| 会場 | 定員 |\n| 大ホール | 300人 |", "broken-table", "| 会場"),
    ("会場\t定員\n大ホール\t300人", "broken-table", "会場\t"),
    ("ここで<hr>区切る。", "raw-html", "<hr"),
    ("## 計画の見直し\n\n次のとおり。\n\n#### 計画の細目\n\n以上。", "skipped-heading", "####"),
    ("㈱青葉と行う。", "platform-character", "㈱"),
    ("広さは30㎡とする。", "platform-character", "㎡"),
    ("次は①のとおりとする。", "platform-character", "①"),
    ("これはﾃｽﾄとする。", "half-width-kana", "ﾃｽﾄ"),
    ("日　時は未定とする。", "spaced-word", "日　時"),
    ("2017.6.25に行う。", "date-notation", "2017"),
    ("会場は未定、2017/6/25に行う。", "date-notation", "2017"),
    ("予算は1200000円とする。", "plain-amount", "1200000"),
    ("次は10～12時に行う。", "spoken-sign", "～"),
    ("費用の1/2を補助する。", "spoken-sign", "1/2"),
    ("評価は（○）とする。", "spoken-sign", "○"),
    ("平成29年2月30日に行う。", "impossible-date", "平成"),
    ("平成29年6月26日（火）に行う。", "impossible-date", "火"),
    ("次は平成29年（2016年）に行う。", "impossible-date", "2016"),
    ("次は「前の計画を見直す。", "unclosed-bracket", "「"),
    ("前の計画」を見直す。", "unclosed-bracket", "」"),
    ("計画を見直す。。", "doubled-character", "。。"),
    ("計画をを見直す。", "doubled-character", "をを"),
    ("計画を\u{200b}見直す。", "invisible-character", "\u{200b}"),
    ("計画を\u{a0}見直す。", "invisible-character", "\u{a0}"),
    ("か\u{3099}くしゅうを行う。", "decomposed-text", "か"),
    ("次は４回行い、その次は5回行う。", "mixed-width", "４"),
    ("見学会を開く🎉", "unprintable-character", "🎉"),
    ("次は\u{e000}とする。", "unprintable-character", "\u{e000}"),
    ("文字が\u{fffd}になった。", "unprintable-character", "\u{fffd}"),
    ("父兄が集まる。", "avoided-word", "父兄"),
    (
        "はじめに述べる。この文は\
         とても長くて市民の声を聞きながら計画を少しずつ見直して地区ごとの集まりに職員が出向き\
         そこで出た意見をまとめて次の年の取組に生かすとともに広報で市民に知らせてさらに意見を求め\
         その結果を部局の会議で話し合って計画に入れるかどうかを決めてから議会に示すことにして\
         いるので読む人は息が続かない。",
        "long-sentence",
        "この文",
    ),
];

/// Every kind of slip.
static SLIPS: LazyLock<Vec<Slip>> = LazyLock::new(|| {
    let others = [
        Slip::LostText,
        Slip::UnknownPillar,
        Slip::UnknownSection,
        Slip::UnknownGoal,
        Slip::UnknownLevel,
        Slip::MissingReason,
        Slip::CopiedResult,
        Slip::FigureMismatch,
        Slip::IncompleteCorrection,
        Slip::BrokenLink,
        Slip::BrokenAnchor,
        Slip::UnsafeLink,
        Slip::MissingAlt,
        Slip::UnknownComment,
    ];
    let paragraphs = (0..PARAGRAPHS.len()).map(Slip::InBody);
    READABLE.into_iter().chain(UNREADABLE).chain(others).chain(paragraphs).collect()
});

/// Mistakes of one entry that leave the text YAML.
const READABLE: [Slip; 7] = [
    Slip::MisspeltKey,
    Slip::UnknownKey,
    Slip::SecondKey,
    Slip::BadDate,
    Slip::BadFigure,
    Slip::BadFlag,
    Slip::ListForText,
];

/// Mistakes after which the text is no YAML.
const UNREADABLE: [Slip; 8] = [
    Slip::FullWidthColon,
    Slip::TabInIndent,
    Slip::OpenQuote,
    Slip::OpenBracket,
    Slip::Indent,
    Slip::ColonInValue,
    Slip::AfterQuote,
    Slip::Alias,
];

/// A document with a slip: its text, the rule, and the byte at which the finding must point.
#[allow(clippy::too_many_lines, reason = "a table of cases, and one story")]
fn plant(path: &str, text: &str, slip: Slip, pick: usize) -> Option<(String, &'static str, usize)> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let fence = lines.iter().skip(1).position(|line| line.trim_end() == "---")? + 1;
    let offset = |line_index: usize| lines[..line_index].iter().map(|line| line.len()).sum::<usize>();
    let choose = |wanted: &dyn Fn(&str) -> bool, from: usize, to: usize| -> Option<usize> {
        let fitting: Vec<usize> = (from..to).filter(|index| wanted(lines[*index])).collect();
        fitting.get(pick.checked_rem(fitting.len())?).copied()
    };
    // A line `key: value` of the settings, at the top or deeper, whose value is a plain text on that line.
    let plain = |line: &str| {
        let value = line.split_once(": ").map(|(_, value)| value.trim());
        value.is_some_and(|value| {
            !value.is_empty()
                && !value.starts_with(['{', '[', '"', '\'', '>', '|', '#', '&', '*'])
                && !value.contains(" #")
        }) && !line.trim_start().starts_with('#')
    };
    let top = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(": ");
    // Between two top-level keys of the settings: the line before which a new one can stand.
    let between = || choose(&|line| line.starts_with(|c: char| c.is_ascii_lowercase()), 1, fence);
    let insert = |index: usize, new: &str, rule: &'static str, mark: &str| {
        let at = offset(index);
        let text = format!("{}{new}\n{}", &text[..at], &text[at..]);
        Some((text, rule, at + new.find(mark)?))
    };
    // A paragraph of its own at the start of some paragraph of the body, or at the end.
    let in_body = |new: &str, rule: &'static str, mark: &str| {
        let fitting: Vec<usize> = (fence + 1..lines.len())
            .filter(|index| lines[index - 1].trim().is_empty() && !lines[*index].starts_with([' ', '\t', '|']))
            .chain([lines.len()])
            .collect();
        let index = fitting[pick % fitting.len()];
        let at = offset(index);
        let start = if text[..at].ends_with('\n') { "\n" } else { "\n\n" };
        let text = format!("{}{start}{new}\n\n{}", &text[..at], &text[at..]);
        Some((text, rule, at + start.len() + new.find(mark)?))
    };
    match slip {
        Slip::MisspeltKey => {
            let index = choose(&|line| top(line) && line.find(':').is_some_and(|at| at > 5), 1, fence)?;
            let at = offset(index);
            // Two letters change places: never another key's name.
            let key = lines[index].split_once(':')?.0;
            let swapped: String = [&key[..2], &key[3..4], &key[2..3], &key[4..]].concat();
            let text = format!("{}{swapped}{}", &text[..at], &text[at + key.len()..]);
            (swapped != key).then_some((text, "unknown-key", at))
        }
        Slip::UnknownKey => insert(between()?, "メモ書き: あとで直す", "unknown-key", "メモ"),
        Slip::SecondKey => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            let after = (index + 1..=fence)
                .find(|next| lines[*next].starts_with(|c: char| c.is_ascii_lowercase() || c == '-'))?;
            let line = lines[index].trim_end();
            insert(after, line, "duplicate-key", line)
        }
        Slip::BadDate => replace(
            text,
            &lines,
            choose(&|line| line.starts_with("updated: "), 1, fence)?,
            "令和8年6月31日",
            "bad-date",
        ),
        // Only goals have an order.
        Slip::BadFigure if !text.contains("\npillar: ") => None,
        Slip::BadFigure => insert(between()?, "order: 約３", "bad-figure", "約"),
        Slip::BadFlag => {
            replace(text, &lines, choose(&|line| line.starts_with("sample: "), 1, fence)?, "そうです", "bad-value")
        }
        Slip::ListForText => {
            // Several goals may be continued.
            let is_one = |line: &str| top(line) && plain(line) && !line.starts_with("continues: ");
            let index = choose(&is_one, 1, fence)?;
            replace(text, &lines, index, "[一つ, 二つ]", "wrong-type")
        }
        Slip::FullWidthColon => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            let at = offset(index) + lines[index].find(": ")?;
            Some((format!("{}：{}", &text[..at], &text[at + 2..]), "yaml-syntax", at))
        }
        Slip::TabInIndent => {
            let index = choose(&|line| line.starts_with("    ") && line.contains(": "), 1, fence)?;
            let at = offset(index);
            Some((format!("{}\t{}", &text[..at], &text[at + 4..]), "yaml-syntax", at))
        }
        Slip::OpenQuote => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            let at = offset(index) + lines[index].find(": ")? + 2;
            Some((format!("{}\"{}", &text[..at], &text[at..]), "yaml-syntax", at))
        }
        Slip::OpenBracket => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            let at = offset(index) + lines[index].find(": ")? + 2;
            Some((format!("{}[{}", &text[..at], &text[at..]), "yaml-syntax", at))
        }
        Slip::Indent => {
            let index =
                choose(&|line| line.starts_with("    ") && !line.starts_with("     ") && plain(line), 1, fence)?;
            let at = offset(index);
            Some((format!("{} {}", &text[..at], &text[at..]), "yaml-syntax", at))
        }
        Slip::ColonInValue => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            replace(text, &lines, index, "第2期: 見直し", "yaml-syntax")
        }
        Slip::AfterQuote => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            let (text, rule, at) = replace(text, &lines, index, "\"見直し\"の年", "yaml-syntax")?;
            Some((text, rule, at + "\"見直し\"".len()))
        }
        Slip::Alias => {
            let index = choose(&|line| top(line) && plain(line), 1, fence)?;
            replace(text, &lines, index, "*重要", "yaml-syntax")
        }
        Slip::BrokenLink => {
            in_body("これまでの{計画|けいかく}と[前の計画](ない計画.md)を見直す。", "broken-link", "ない計画.md")
        }
        Slip::BrokenAnchor => {
            in_body("詳しくは[この節](#どこにもない見出し)。", "broken-anchor", "#どこにもない見出し")
        }
        Slip::UnsafeLink => in_body("**「重要」**な[案内](javascript:x)。", "unsafe-link", "javascript:x"),
        Slip::MissingAlt => in_body("図は ![](/policy-relation.svg) のとおり。", "missing-alt", "/policy"),
        Slip::InBody(index) => {
            let (new, rule, mark) = PARAGRAPHS[index];
            in_body(new, rule, mark)
        }
        Slip::LostText => {
            let index = choose(&|line| line.starts_with("title: ") && plain(line), 1, fence)?;
            let at = offset(index) + lines[index].trim_end().len();
            Some((format!("{} #2{}", &text[..at], &text[at..]), "lost-text", at + 1))
        }
        Slip::UnknownPillar => {
            let index = choose(&|line| line.starts_with("pillar: "), 1, fence)?;
            replace(text, &lines, index, "ない柱", "unknown-pillar")
        }
        Slip::UnknownSection => {
            let index = choose(&|line| line.trim_start().starts_with("sections: ["), 1, fence)?;
            let (text, rule, at) = replace(text, &lines, index, "[ない課]", "unknown-section")?;
            Some((text, rule, at + 1))
        }
        Slip::UnknownGoal => {
            let index = choose(&|line| line.starts_with("continues: "), 1, fence)?;
            replace(text, &lines, index, "2015/planning-finance/9-99", "unknown-goal")
        }
        Slip::UnknownLevel if path.ends_with(".result.md") => {
            insert(between()?, "evaluation: すばらしい", "unknown-level", "すば")
        }
        Slip::MissingReason if path.ends_with(".result.md") && !text.contains("reason: ") => {
            insert(between()?, "evaluation: 評価不能", "missing-reason", "評価不能")
        }
        Slip::IncompleteCorrection if path.ends_with(".result.md") && !text.contains("\ncorrections:") => {
            let correction = "corrections: [{ date: 2017-09-01, was: \"2\", now: \"3\" }]";
            insert(between()?, correction, "incomplete-correction", "{")
        }
        Slip::UnknownLevel | Slip::MissingReason | Slip::IncompleteCorrection => None,
        Slip::CopiedResult => {
            let goal = goal_of(path)?;
            let action = goal.lines().find_map(|line| line.strip_prefix("  - text: "))?;
            let index = (1..fence).find(|index| lines[*index].starts_with("  - result: "))?;
            let is_long = action.chars().count() >= 10 && !action.starts_with(['"', '>', '|']);
            is_long.then(|| replace(text, &lines, index, action, "copied-result"))?
        }
        Slip::FigureMismatch => {
            let goal = goal_of(path)?;
            let unit = goal.lines().find_map(|line| line.trim_start().strip_prefix("unit: "))?;
            let index = choose(&|line| line.starts_with("    actual: "), 2, fence)?;
            let figure = lines[index].trim_start().strip_prefix("actual: ")?.trim();
            let said = lines[index - 1].strip_prefix("  - result: ")?;
            let stated = format!("{figure}{unit}");
            // One figure of that unit, and nothing else that could be meant.
            if goal.matches("unit: ").count() != 1 || said.matches(unit).count() != 1 || !said.contains(&stated) {
                return None;
            }
            let at = offset(index - 1) + lines[index - 1].find(&stated)?;
            let (text, rule, _) = replace(text, &lines, index, "9876", "figure-mismatch")?;
            Some((text, rule, at))
        }
        Slip::UnknownComment => in_body("<!-- kohyo: 見逃して -->", "bad-exception", "見逃して"),
    }
}

/// The goal of a result.
fn goal_of(path: &str) -> Option<&'static str> {
    let goal = format!("{}.md", path.strip_suffix(".result.md")?);
    std::str::from_utf8(SITE.get(&goal)?).ok()
}

/// The value of a line replaced by another.
fn replace(
    text: &str,
    lines: &[&str],
    index: usize,
    value: &str,
    rule: &'static str,
) -> Option<(String, &'static str, usize)> {
    let start: usize = lines[..index].iter().map(|line| line.len()).sum();
    let at = start + lines[index].find(": ")? + 2;
    let end = start + lines[index].trim_end().len();
    Some((format!("{}{value}{}", &text[..at], &text[end..]), rule, at))
}

/// Findings of the repository's site with one document replaced.
fn found(path: &str, text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut all = SITE.clone();
    all.insert(path.to_owned(), text.as_bytes().to_vec());
    let Checked { value, diagnostics } = prepare(Sources::from_memory(all));
    let sources = value.sources.clone();
    drop(value);
    (std::sync::Arc::try_unwrap(sources).unwrap_or_else(|_| Sources::from_memory([("", "")])), diagnostics)
}

/// Plants, and tells what is wrong with the answer.
fn judge(path: &str, text: &str, slip: Slip, pick: usize) -> Result<bool, String> {
    let Some((planted, rule, at)) = plant(path, text, slip, pick) else { return Ok(false) };
    let lines = Lines::new(&planted);
    let wanted = format!("{}:{} {rule}", lines.place(at).line, lines.place(at).column);
    let (_, findings) = found(path, &planted);
    let said: Vec<String> = findings
        .iter()
        .map(|finding| {
            let place = lines.place(finding.place.span.start as usize);
            format!("{}:{} {}", place.line, place.column, finding.rule.name())
        })
        .collect();
    match said[..] == [wanted.clone()] {
        true => Ok(true),
        false => Err(format!("{slip:?} in {path}: wanted {wanted}, found {said:?}\n{planted}")),
    }
}

/// The lines of the entry of the settings in which a byte stands.
fn entry(text: &str, at: usize) -> std::ops::Range<usize> {
    let is_key = |line: &str| line.starts_with(|c: char| c.is_alphanumeric()) || line.starts_with("---");
    let (mut start, mut found) = (0, 0..text.len());
    for line in text.split_inclusive('\n') {
        if is_key(line) && start <= at {
            found.start = start;
        } else if is_key(line) {
            found.end = start;
            break;
        }
        start += line.len();
    }
    found
}

/// Plants two mistakes in different entries of a document; `None` where they touch each other.
fn judge_two(path: &str, text: &str, slips: (Slip, Slip), picks: (usize, usize)) -> Option<Result<(), String>> {
    let (readable, unreadable) = slips;
    let (once, rule, at_once) = plant(path, text, readable, picks.0)?;
    let (twice, syntax, syntax_at) = plant(path, &once, unreadable, picks.1)?;
    let same = once.bytes().zip(twice.bytes()).take_while(|(a, b)| a == b).count();
    let at = if at_once >= same { at_once + twice.len() - once.len() } else { at_once };
    // The second slip may have taken the place of the first.
    if once[at_once..].lines().next() != twice.get(at..).and_then(|rest| rest.lines().next()) {
        return None;
    }
    let (first, second) = (entry(&twice, at), entry(&twice, syntax_at));
    let key = |range: &std::ops::Range<usize>| twice[range.clone()].split([':', '：']).next().map(str::to_owned);
    if first == second || key(&first) == key(&second) {
        return None;
    }
    let lines = Lines::new(&twice);
    let mut wanted = [(at, rule), (syntax_at, syntax)];
    wanted.sort_unstable();
    let line = |at: usize, rule: &str| format!("{}:{} {rule}", lines.place(at).line, lines.place(at).column);
    let wanted = wanted.map(|(at, rule)| line(at, rule));
    let (sources, findings) = found(path, &twice);
    let said: Vec<String> =
        findings.iter().map(|finding| line(finding.place.span.start as usize, finding.rule.name())).collect();
    drop(sources);
    Some(match said[..] == wanted {
        true => Ok(()),
        false => Err(format!("{slips:?} in {path}: wanted {wanted:?}, found {said:?}\n{twice}")),
    })
}

/// The text as other programs would have saved it.
fn saved(text: &str, way: usize) -> String {
    match way {
        1 => text.replace('\n', "\r\n"),
        2 => format!("\u{feff}{text}"),
        3 => format!("\u{feff}{}", text.replace('\n', "\r\n")),
        _ => text.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_slip_is_found_where_it_is(
        document in any::<prop::sample::Index>(),
        slip in prop::sample::select(&SLIPS[..]),
        pick in 0usize..1000,
        way in 0usize..4,
    ) {
        let path = document.get(&DOCUMENTS);
        let text = saved(std::str::from_utf8(&SITE[path]).expect("UTF-8"), way);
        if let Err(wrong) = judge(path, &text, slip, pick) {
            prop_assert!(false, "{wrong}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_slip_of_yaml_hides_no_other_mistake(
        document in any::<prop::sample::Index>(),
        slips in (prop::sample::select(&READABLE[..]), prop::sample::select(&UNREADABLE[..])),
        picks in (0usize..1000, 0usize..1000),
        way in 0usize..4,
    ) {
        let path = document.get(&DOCUMENTS);
        let text = saved(std::str::from_utf8(&SITE[path]).expect("UTF-8"), way);
        if let Some(Err(wrong)) = judge_two(path, &text, slips, picks) {
            prop_assert!(false, "{wrong}");
        }
    }
}

#[test]
fn every_pair_of_mistakes_fits_somewhere() {
    for slips in READABLE.iter().flat_map(|first| UNREADABLE.iter().map(|second| (*first, *second))) {
        let fits = DOCUMENTS.iter().any(|path| {
            let text = std::str::from_utf8(&SITE[path]).expect("UTF-8");
            let mut judged = (0..4).filter_map(|pick| judge_two(path, text, slips, (0, pick)));
            judged.next().map(|it| it.unwrap_or_else(|wrong| panic!("{wrong}"))).is_some()
        });
        assert!(fits, "{slips:?} fit in no document");
    }
}

#[test]
fn every_kind_of_slip_fits_somewhere() {
    let mut wrong = Vec::new();
    for slip in SLIPS.iter().copied() {
        let mut judged = DOCUMENTS.iter().flat_map(|path| {
            let text = std::str::from_utf8(&SITE[path]).expect("UTF-8");
            (0..3).map(move |pick| judge(path, text, slip, pick))
        });
        match judged.find(|it| !matches!(it, Ok(false))) {
            Some(Err(why)) => wrong.push(why),
            Some(_) => {}
            None => wrong.push(format!("{slip:?} fits in no document: the test above would prove nothing about it")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What happens to files: a slip in the first entry of the settings, an end that never comes, nothing left, Word.
fn broken(text: &str) -> [Vec<u8>; 5] {
    let (before, settings) = text.split_at(if text.starts_with("---") { 4 } else { 0 });
    let wide = format!("{before}{}", settings.replacen(": ", "：", 1));
    let quoted = format!("{before}{}", settings.replacen(": ", ": \"", 1));
    let unfenced = text.replacen("\n---\n", "\n----\n", 1);
    let word = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00".to_vec();
    [wide.into_bytes(), quoted.into_bytes(), unfenced.into_bytes(), Vec::new(), word]
}

#[test]
fn a_file_that_cannot_be_read_blames_no_other() {
    let mut wrong = Vec::new();
    // Of goals and results, which are many and alike, every eighth.
    let alike: Vec<&String> =
        DOCUMENTS.iter().enumerate().filter(|(index, _)| index % 8 != 0).map(|(_, it)| it).collect();
    let is_file = |path: &String| (path.ends_with(".md") && !alike.contains(&path)) || path == "site.yaml";
    for (path, bytes) in SITE.iter().filter(|(path, _)| path.starts_with("content/") || *path == "site.yaml") {
        if !is_file(path) {
            continue;
        }
        for (index, planted) in broken(std::str::from_utf8(bytes).expect("UTF-8")).into_iter().enumerate() {
            if planted == *bytes || (path == "site.yaml" && index == 3) {
                continue;
            }
            let mut all = SITE.clone();
            all.insert(path.clone(), planted);
            let Checked { value, diagnostics } = prepare(Sources::from_memory(all));
            let others: Vec<String> = support::describe(&value.sources, &diagnostics)
                .into_iter()
                .filter(|said| !said.starts_with(&format!("{path}:")))
                .collect();
            if !others.is_empty() {
                wrong.push(format!("{path} ({index}): {others:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_entry_of_the_settings_that_cannot_be_read_blames_no_document() {
    let settings = std::str::from_utf8(&SITE["site.yaml"]).expect("UTF-8");
    let mut at = 0;
    for line in settings.split_inclusive('\n') {
        let key = line.split(':').next().unwrap_or("");
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let rest = line[key.len() + 1..].trim_start_matches(' ');
            let planted = format!("{}{key}：{rest}{}", &settings[..at], &settings[at + line.len()..]);
            let (sources, findings) = found("site.yaml", &planted);
            drop(sources);
            let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.name()).collect();
            assert_eq!(rules, ["yaml-syntax"], "{key}");
        }
        at += line.len();
    }
}
