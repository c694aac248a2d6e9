//! Figures in sentences: 「検証委員会を3回開いた」 states 3 of 回.
//!
//! Reads what a person would compare at a glance, and leaves out what means something else: dates, ordinals,
//! differences, parts, and figures of other years.

use crate::value::figure::{self, Figure};
use std::ops::Range;

/// A figure with its unit in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// The figure.
    pub(super) figure: Figure,
    /// Where it stands, its unit included.
    pub(super) at: Range<usize>,
    /// Whether it is the most that may be: 以内, 以下, 未満.
    pub(super) is_most: bool,
}

/// What things are counted in.
pub(super) const COUNTERS: &[&str] = &[
    "回", "件", "人", "名", "か所", "箇所", "カ所", "ヶ所", "団体", "世帯", "校", "園", "社", "店", "台", "部", "冊",
    "枚", "戸", "棟", "本", "基", "路線", "地区", "区域", "講座", "種類", "項目",
];

/// Every figure of this unit that a text states as such; 「1億2,500万円」 is 12500 of 万円.
pub(super) fn stated(text: &str, unit: &str) -> Vec<Stated> {
    let mut found = Vec::new();
    let (zeros, counted) = figure::zeros(unit);
    if !names(text, counted) {
        return found;
    }
    let mut at = 0;
    while let Some(start) = next_digit(text, at) {
        let number = &text[start..];
        let length =
            number.find(|c: char| !(is_digit(c) || matches!(c, ',' | '.' | '，' | '．'))).unwrap_or(number.len());
        at = start + length.max(1);
        let Some((figure, after)) = Figure::read(number) else { continue };
        at = at.max(text.len() - after.len());
        let rest = after.trim_start_matches([' ', '\u{3000}']);
        let Some(spelled) = spellings(counted).find(|spelled| rest.starts_with(*spelled)) else { continue };
        let stop = text.len() - rest.len() + spelled.len();
        if is_something_else(&text[..start], &text[stop..]) {
            continue;
        }
        let Some(figure) = figure.in_unit(zeros) else { continue };
        let is_most = ["以内", "以下", "未満", "まで"].iter().any(|word| text[stop..].starts_with(word));
        found.push(Stated { figure, at: start..stop, is_most });
    }
    found
}

/// Whether a text has the unit at all.
pub(super) fn names(text: &str, unit: &str) -> bool {
    spellings(unit).any(|spelled| text.contains(spelled))
}

/// Where the next digit stands, from a boundary on; by bytes, as most texts have few.
fn next_digit(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        at += bytes.get(at..)?.iter().position(|byte| byte.is_ascii_digit() || *byte == 0xEF)?;
        if bytes[at] != 0xEF || matches!(bytes[at..], [_, 0xBC, 0x90..=0x99, ..]) {
            return Some(at);
        }
        at += 3;
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// A unit as different people write it.
fn spellings(unit: &str) -> impl Iterator<Item = &str> {
    let same: &[&str] = match unit {
        "%" | "％" | "パーセント" => &["%", "％", "パーセント"],
        "か所" | "箇所" | "カ所" | "ヶ所" | "ヵ所" => &["か所", "箇所", "カ所", "ヶ所", "ヵ所"],
        "人" | "名" => &["人", "名"],
        _ => &[],
    };
    same.iter().copied().chain(std::iter::once(unit)).filter(|spelled| !spelled.is_empty())
}

/// Whether the words around a figure make it another thing than the whole.
fn is_something_else(before: &str, after: &str) -> bool {
    const BEFORE: [&str; 21] = [
        "第",
        "約",
        "およそ",
        "ほぼ",
        "うち",
        "各",
        "毎",
        "年",
        "月",
        "週",
        "目標",
        "目標の",
        "目標は",
        "計画",
        "計画の",
        "前年",
        "昨年",
        "前年度",
        "昨年度",
        "前回",
        "従来",
    ];
    const AFTER: [&str; 21] = [
        "目", "増", "減", "多", "少な", "上回", "下回", "超え", "長く", "短", "早", "遅", "ずつ", "ごと", "余", "程度",
        "ほど", "前後", "分の", "中", "単位",
    ];
    let before = before.trim_end_matches([' ', '\u{3000}', '（', '(', 'に', 'の', 'は', 'が', '、'].as_slice());
    let after_trimmed =
        after.strip_prefix("以上").unwrap_or(after).trim_start_matches(['も', 'は', 'が', 'の'].as_slice());
    BEFORE.iter().any(|word| before.ends_with(word))
        || AFTER.iter().any(|word| after.starts_with(word) || after_trimmed.starts_with(word))
}

/// The sum of whole numbers; `None` where one has a fraction or there is only one.
pub(super) fn sum(stated: &[Stated]) -> Option<Figure> {
    if stated.len() < 2 {
        return None;
    }
    let sum = stated.iter().try_fold(0u64, |sum, it| sum.checked_add(it.figure.as_str().parse().ok()?))?;
    Figure::parse(&sum.to_string())
}

/// Whether a rate of this name is a part of a whole, and so at most 100 %. Rates of growth, of achievement or of use may
/// be more.
pub(super) fn is_share(name: &str) -> bool {
    const SHARES: [&str; 25] = [
        "割合",
        "出席率",
        "回答率",
        "回収率",
        "受診率",
        "受検率",
        "収納率",
        "徴収率",
        "普及率",
        "満足度",
        "認知度",
        "参加率",
        "実施率",
        "整備率",
        "接種率",
        "合格率",
        "加入率",
        "水洗化率",
        "耐震化率",
        "有収率",
        "就職率",
        "接続率",
        "在宅率",
        "投票率",
        "定着率",
    ];
    SHARES.iter().any(|share| name.ends_with(share))
}

/// Whether a count of this name is a difference.
pub(super) fn may_be_negative(name: &str) -> bool {
    ["増減", "差", "収支", "比", "変化", "推移", "超過", "増加", "減少", "伸び"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str, unit: &str) -> Vec<String> {
        stated(text, unit).into_iter().map(|it| text[it.at].to_owned()).collect()
    }

    #[test]
    fn figures_are_read_with_their_unit() {
        assert_eq!(figures("検証委員会を3回開き、1,200人が来た", "回"), ["3回"]);
        assert_eq!(figures("検証委員会を3回開き、1,200人が来た", "人"), ["1,200人"]);
        assert_eq!(figures("開催 ３回", "回"), ["３回"]);
        assert_eq!(figures("収納率が97％となった", "%"), ["97％"]);
        assert_eq!(figures("2箇所を直した", "か所"), ["2箇所"]);
        assert_eq!(figures("売上額 1億2,500万円以上", "円"), ["1億2,500万円"]);
        assert_eq!(figures("売上額 1億2,500万円以上", "回"), [""; 0]);
    }

    #[test]
    fn amounts_are_counted_in_the_unit() {
        for (text, unit, figure) in [
            ("売上額 1億2,500万円以上", "万円", "12500"),
            ("売上額 1億2,500万円以上", "円", "125000000"),
            ("売上額 1億2,500万円以上", "千円", "125000"),
            ("売上額 1億2,500万円以上", "億円", "1.25"),
            ("来館者 1万2千人", "人", "12000"),
            ("売上額 12,500 万円", "万円", "12500"),
        ] {
            let found: Vec<_> = stated(text, unit).into_iter().map(|it| it.figure.to_string()).collect();
            assert_eq!(found, [figure], "{text} in {unit}");
        }
    }

    #[test]
    fn what_is_no_total_is_left_out() {
        for text in [
            "第3回の委員会",
            "3回目の委員会",
            "目標の3回に対して",
            "前年度より3回増えた",
            "うち3回は休日",
            "約3回",
            "各3回",
            "3回ずつ",
            "3回以上増えた",
            "月3回",
            "目標（3回）",
            "前年度の3回",
        ] {
            assert_eq!(figures(text, "回"), [""; 0], "{text}");
        }
    }

    #[test]
    fn parts_make_a_sum() {
        let sum_of = |text: &str| sum(&stated(text, "回")).map(|sum| sum.to_string());
        assert_eq!(sum_of("春に2回、秋に1回開いた").as_deref(), Some("3"));
        assert_eq!(sum_of("3回開いた"), None);
    }

    #[test]
    fn shares_are_told_from_other_rates() {
        assert!(is_share("市税の収納率") && is_share("満足と答えた人の割合"));
        assert!(!is_share("達成率") && !is_share("前年度比") && !is_share("利用率"));
    }
}
