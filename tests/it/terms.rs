//! What a city calls things: its terms stand wherever kohyo's own would, on every page and in every booklet.

use crate::support;

use kohyo::source::Sources;
use std::collections::BTreeMap;
use support::{describe, files, output, pages, prepare};

/// A city with something of everything. No author of it uses a word that is a term.
const SITE: &str = r#"
-- content/index.md --
ABC.
-- content/pages/about.md --
---
title: DEF
---
GHI.
-- content/pillars/p.md --
---
number: 1
name: JKL
---
-- content/pillars/q.md --
---
name: MNO
---
-- content/departments/d.md --
---
name: PQR
sections: [STU, VWX]
years: [2025]
contact: { telephone: 0566-00-0000 }
---
-- content/departments/c.md --
---
name: YZA
years: [2024, 2024]
becomes: [d]
---
-- content/2024/index.md --
BCD.
-- content/2024/c/1-01.md --
---
title: EFG
pillar: p
updated: 2024-10-01
actions:
  - { text: HIJ, criterion: KLM, indicator: { name: NOP, unit: QRS, baseline: 10, target: 12000 } }
  - { text: TUV }
---
WXY.
-- content/2024/c/1-01.result.md --
---
evaluation: bad
reason: ZAB.
actions: [ { result: CDE, actual: 11500, evaluation: bad }, { result: FGH } ]
corrections: [ { date: 2026-02-03, item: NOP, was: "11,400", now: "11,500", why: IJK } ]
updated: 2025-12-01
---
LMN.
-- content/2024/c/1-01.progress-2025-03-31.md --
---
actions: [ { result: OPQ, actual: 5000 }, { result: RST } ]
---
-- content/2024/c/1-02.md --
---
title: UVX
pillar: p
updated: 2024-10-01
actions: [ { text: YAB } ]
---
-- content/2025/d/index.md --
---
head: CDF
---
GIJ.
-- content/2025/d/1-01.md --
---
title: KLN
pillar: p
updated: 2025-10-01
continues: 2024/c/1-01
actions:
  - { text: OPR, sections: [STU], criterion: QST, indicator: { name: UVW, unit: XYZ, baseline: 1000, target: 1307200, revised_target: 1400000 } }
  - { text: ACE, sections: [VWX], indicator: { name: GIK, unit: MOQ, baseline: 90, target: 80, direction: down } }
---
SUW[^1].

[^1]: YAC.
-- content/2025/d/q-01.md --
---
title: EGI
pillar: q
updated: 2025-10-01
actions: []
---
KMO.
-- themes/own/theme.yaml --
contract: CONTRACT
extends: default
"#;

const SETTINGS: &str = "\
title: ZZZ
base_url: https://www.example.jp/
organization: { name: ZYX }
contact: { office: WVU }
calendar: { results: 1 }
scale:
  - { key: good, label: TSR, shape: circle, color: success }
  - { key: bad, label: QPO, shape: cross, color: danger, needs: reason }
columns: [ { key: code, label: NML, on: action } ]
pdf: { pages: [year, results, department, pillar, goal], sizes: [12, 22] }
";

const JAPANESE: (&str, &str, &[&str]) = (
    "language: ja
用語: { 公表するもの: ア事業評価, 実績: イ結果, 目標: ウ事業, 取組: エ内容, 柱: オ政策, 部局: カ部, 課等: キ課 }
",
    // Words that hold letters of terms and are others: what is measured, and when it is enough.
    "criterion: ク
target: ケ
target_first: コ
target_revised: サ
target_note: （シ{a}）
actual: ス
indicator_of_actual: '{a}セ'
figures_text: ソ{a}{b}{c}
figures_all_met: タ{a}
missed_heading: 'チ{goal}'
result: ツ
",
    &["目標", "実績", "取組", "柱", "部局", "課等"],
);

const ENGLISH: (&str, &str, &[&str]) = (
    "language: en
terms:
  record: fable review
  results: { one: upshot, many: upshots }
  goal: { one: élan quest, many: élan quests }
  action: { one: stride, many: strides }
  pillar: { one: area, many: areas }
  department: { one: guild, many: guilds }
  section: { one: crew, many: crews }
",
    "result: Ending\n",
    &["goal", "result", "priorit", "pillar", "department", "section", "action"],
);

fn site(language: (&str, &str, &[&str])) -> Sources {
    let (settings, words, _) = language;
    let mut all = files(&SITE.replace("CONTRACT", &kohyo::view::CONTRACT.to_string()));
    all.insert("site.yaml".into(), format!("{SETTINGS}theme: own\n{settings}").into());
    let name = if settings.contains("language: ja") { "ja" } else { "en" };
    all.insert(format!("themes/own/words/{name}.yaml"), words.into());
    Sources::from_memory(all)
}

/// All that readers of a page see or hear: texts, and attributes that are read out or shown elsewhere.
fn told(html: &str) -> String {
    let mut told = String::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        for name in ["aria-label", "title", "alt", "content"] {
            if let Some((_, rest)) = tag.split_once(&format!(" {name}=\"")) {
                told.push_str(rest.split('"').next().unwrap_or_default());
                told.push('\n');
            }
        }
        told.push_str(text);
        told.push('\n');
    }
    told
}

fn left(name: &str, told: &str, terms: &[&str]) -> Vec<String> {
    let mut lower = told.to_lowercase();
    // Addresses are made of kohyo's names, and the IDs of pages of addresses.
    for name in ["pillars", "departments", "results"] {
        lower =
            lower.replace(&format!("/{name}"), "").replace(&format!("-{name}"), "").replace(&format!("{name}-"), "");
        for before in ["page id\n", "page id\n\n", "page id "] {
            lower = lower.replace(&format!("{before}{name}"), "");
        }
    }
    let found = lower.lines().filter(|line| terms.iter().any(|term| line.contains(term)));
    found.map(|line| format!("{name}: {line}")).collect()
}

#[test]
fn no_other_term_is_left_on_any_page() {
    for language in [JAPANESE, ENGLISH] {
        let made = prepare(site(language));
        let found = describe(&made.value.sources, &made.diagnostics);
        let strange: Vec<&String> =
            found.iter().filter(|it| it.contains("site.yaml") || it.contains("themes/")).collect();
        assert_eq!(strange, [""; 0]);
        let mut all = String::new();
        for (path, bytes) in output(&made.value).into_iter().filter(|(path, _)| path.ends_with(".html")) {
            let html = String::from_utf8(bytes).expect("UTF-8");
            let told = if language == JAPANESE { html } else { told(&html) };
            assert_eq!(left(&path, &told, language.2), [""; 0]);
            all.push_str(&told);
        }
        let own: &[&str] = if language == JAPANESE {
            &[
                "令和6年度のア事業評価",
                "令和6年度のイ結果",
                "2のオ政策",
                "エ内容",
                "ウ事業1-1",
                "2<span class=\"unit\">件</span>",
                "1<span class=\"unit\">カ部</span>",
                "オ政策1",
                "キ課",
            ]
        } else {
            &[
                "Fable review for fiscal year",
                "Upshots for fiscal year",
                "2 areas",
                "Élan quest 1-1",
                "Stride 1 of 2",
                "Choose by guild and area",
                "\u{a0}guild\n",
                "\u{a0}élan quests\n",
                "1 upshot\n",
                "Crew",
            ]
        };
        for words in own {
            assert!(all.contains(words), "{words}");
        }
    }
}

#[test]
fn terms_that_say_the_same_change_no_byte() {
    let same = "用語: { 公表するもの: 組織重点目標, 目標: 目標, 部局: 部局, 課等: 課等 }\n";
    let with = |more: &str| {
        let mut all = files(&SITE.replace("CONTRACT", &kohyo::view::CONTRACT.to_string()));
        all.insert("site.yaml".into(), format!("{SETTINGS}{more}").into());
        let all = output(&prepare(Sources::from_memory(all)).value);
        all.into_iter().filter(|(path, _)| path.ends_with(".html")).collect::<BTreeMap<_, _>>()
    };
    let plain = with("");
    assert_eq!(with(same), plain);
    assert_eq!(with("terms: {}\n"), plain);
    let one = with("terms: { pillar: 政策 }\n");
    let page = |site: &BTreeMap<String, Vec<u8>>| String::from_utf8_lossy(&site["pillars/p.html"]).into_owned();
    assert_eq!(page(&one), page(&plain).replace('柱', "政策"));
}

#[test]
fn a_term_is_a_text() {
    let city = files(support::CITY);
    let settings = String::from_utf8_lossy(&city["site.yaml"]).into_owned();
    let site = |terms: &str| {
        let mut all = city.clone();
        all.insert("site.yaml".into(), format!("{settings}\nterms: {terms}\n").into());
        Sources::from_memory(all)
    };
    // Signs of HTML are signs.
    let page = &pages(site("{ goal: 'A<B&約束', pillar: { one: 政策, many: 政策 } }"))["2025/index.html"];
    assert!(page.contains("A&lt;B&amp;約束"), "{page}");
    assert!(!page.contains("A<B"), "{page}");
    for (terms, told) in [
        ("{ goal: '事業{a}' }", "16 bad-value"),
        ("{ goal: 事業|諸事業 }", "16 bad-value"),
        ("{ goal: [事業] }", "16 wrong-type"),
        ("{ goals: 事業 }", "10 unknown-key"),
        ("{ goal: { one: 事業 } }", "16 missing-field"),
        ("{ goal: { one: 事業, many: 諸事業, some: 事業 } }", "38 unknown-key"),
        ("{ 目標: 事業, goal: 約束 }", "18 duplicate-key"),
        ("事務事業", "8 wrong-type"),
    ] {
        let made = prepare(site(terms));
        let found = describe(&made.value.sources, &made.diagnostics);
        let line = settings.lines().count() + 2;
        let is_it = |it: &String| it.starts_with(&format!("site.yaml:{line}:{told} "));
        assert!(found.len() == 1 && found.iter().all(is_it), "{terms}: {found:?}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn no_other_term_is_left_in_any_booklet() {
    use support::pdf::{letters, unpacked};
    for language in [JAPANESE, ENGLISH] {
        let made = output(&prepare(site(language)).value);
        let booklets = made.iter().filter(|(path, _)| path.ends_with(".pdf"));
        let mut count = 0;
        for (path, bytes) in booklets {
            count += 1;
            let mut texts: Vec<String> = support::pdf::sheets(bytes).iter().map(|sheet| sheet.text()).collect();
            if language == JAPANESE {
                texts.push(String::from_utf8_lossy(&unpacked(bytes)).into_owned());
            }
            for text in texts {
                let text = if language == JAPANESE { letters(&text) } else { text };
                assert_eq!(left(path, &text, language.2), [""; 0]);
            }
        }
        assert!(count >= 10, "{count}");
    }
}
