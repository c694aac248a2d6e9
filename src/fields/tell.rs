//! What people are told of fields: labels, what may be written, lists of keys.

use super::{Key, Map, Names, Needed, What};
use crate::text::language::Language;
use std::fmt::Write;

/// What a field is called in a form: 取組内容, "Revised target".
pub fn label(key: Key, language: Language) -> String {
    match language {
        Language::Japanese => key.ja.to_owned(),
        Language::English => {
            let words = key.en.replace('_', " ");
            let first = words.chars().next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(words.chars().skip(1)).collect()
        }
    }
}

/// What may be written, in Japanese: 「文」, 「1〜12」, 「`up` `増やす` / `down` `減らす`」.
pub fn written(what: &What) -> String {
    match what {
        What::Text(_) => "文".into(),
        What::Word(names) => named(*names).into(),
        What::Day => "日付".into(),
        What::Figure => "数".into(),
        What::Whole(from, to) => format!("{from}〜{to}"),
        What::Flag => "はい・いいえ".into(),
        What::Years => "`[2013, 2015]` か `[2016]`".into(),
        What::Choice(words) => {
            let one = |key: &Key| {
                if key.en == key.ja { format!("`{}`", key.en) } else { format!("`{}` `{}`", key.en, key.ja) }
            };
            words.iter().map(one).collect::<Vec<_>>().join(" / ")
        }
        What::Map(map) => format!("{}の項目", map.title.ja),
        What::List(item, true) if let What::Map(map) = &**item => {
            format!("{}の項目、またはそのリスト", map.title.ja)
        }
        What::List(item, _) => match &**item {
            What::Map(map) => format!("{}のリスト", map.title.ja),
            item => {
                let item = written(item);
                let blank = if item.ends_with('`') { " " } else { "" };
                format!("{item}{blank}のリスト")
            }
        },
        What::Either(all) => {
            let has_words = all.iter().any(|what| matches!(what, What::Choice(_)));
            let all = all.iter().map(|what| match what {
                What::Map(map) => map.title.ja.to_owned(),
                what => written(what),
            });
            all.collect::<Vec<_>>().join(if has_words { "、" } else { "か" })
        }
        What::Rules => "規則か組ごとの重さ".into(),
        What::Pairs => "`{ 父兄: 保護者 }` のような組".into(),
    }
}

fn named(names: Names) -> &'static str {
    match names {
        Names::Pillar => "柱のファイル名、番号、または名前",
        Names::PillarFile => "柱のファイル名",
        Names::Level => "段階の `key` か `label`",
        Names::Department => "部局のファイル名",
        Names::Section => "課の名前",
        Names::Goal => "`年度/部局/名前`",
        Names::Indicator => "指標の名称か `key`",
        Names::IndicatorKind => "指標の種別の `key` か `label`",
        Names::Theme | Names::Key => "名前",
        Names::Address => "`https://` からの住所",
        Names::Folder => "`https://` からの、フォルダーの住所（`index.html`、`?…`、`#…`、`localhost` はエラー）",
        Names::Mail => "メールアドレス",
        Names::Telephone => "番号",
        Names::PostalCode => "郵便番号",
        Names::Code => "全国地方公共団体コード6桁。`\"232106\"` のように引用符で囲む",
        Names::Zone => "[IANA の名前](https://www.iana.org/time-zones)（`Asia/Tokyo` など）",
        Names::Rule => "[規則](rules/README.md)か組の名前",
        Names::Paths => "ファイルかフォルダーの場所（`content/2016/*` など）",
        Names::Path => "`content/` からの場所",
        Names::Ending => "名前の終わり",
        Names::Font => "`fonts/` の中のファイル",
        Names::Text | Names::Reason => "文",
    }
}

/// The list of keys of a map, or of several one below the other, as a table of Markdown.
pub fn list(maps: &[&'static Map]) -> String {
    let mut table = String::from("| English | 日本語 | 値 | 意味 | meaning |\n|---|---|---|---|---|\n");
    for field in maps.iter().flat_map(|map| map.own) {
        let Key { en, ja, also } = field.key();
        let also = also.map(|name| format!(" `{name}`")).unwrap_or_default();
        let written = escaped(&written(&field.what()));
        let needed = if field.needed() == Needed::Always { " **必須**" } else { "" };
        let help = field.help();
        let (help_ja, help_en) = (escaped(help.ja), escaped(help.en));
        let _ = writeln!(table, "| `{en}`{also} | `{ja}` | {written}{needed} | {help_ja} | {help_en} |");
    }
    table
}

/// A text in a cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
