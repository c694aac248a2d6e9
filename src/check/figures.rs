//! Figures in sentences: 「検証委員会を3回開いた」 states 3 of 回.
//!
//! Reads what a person would compare at a glance, and leaves out what means something else: dates, ordinals,
//! differences, parts, and figures of other years.

use crate::value::figure::{self, Figure};
use std::ops::Range;

/// A figure with its unit in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// The figure, with its sign; of a range, where it begins.
    pub(super) figure: Figure,
    /// Where a range ends: 90～95％.
    pub(super) to: Option<Figure>,
    /// Where it stands, sign and unit included.
    pub(super) at: Range<usize>,
    /// Whether it is the most that may be: 以内, 以下, 未満.
    pub(super) is_most: bool,
}

impl Stated {
    /// Whether it says this figure, or a range in which it lies.
    pub(super) fn covers(&self, figure: &Figure) -> bool {
        match &self.to {
            None => self.figure.compare(figure).is_eq(),
            Some(to) => self.figure.compare(figure).is_le() && to.compare(figure).is_ge(),
        }
    }

    /// Whether it says this figure without its sign: 「△5％」 of what is reduced by 5.
    pub(super) fn is_negative_of(&self, figure: &Figure) -> bool {
        self.figure.as_str().starts_with('-') && self.figure.absolute().compare(figure).is_eq()
    }
}

/// What things are counted in.
pub(super) const COUNTERS: &[&str] = &[
    "回", "件", "人", "名", "か所", "箇所", "カ所", "ヶ所", "団体", "世帯", "校", "園", "社", "店", "台", "部", "冊",
    "枚", "戸", "棟", "本", "基", "路線", "地区", "区域", "講座", "種類", "項目",
];

/// Every figure of this unit that a text states as such; 「1億2,500万円」 is 12500 of 万円, 「△5％」 is -5, and 「90～95％」 a
/// range.
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
        let Some(first) = Amount::read(text, start, counted) else { continue };
        at = at.max(first.end);
        let (first, second) = match range_end(text, &first, counted) {
            None => (first, None),
            Some(second) => (first.like(&second, text), Some(second)),
        };
        let last = second.as_ref().unwrap_or(&first);
        if let Some(second) = &second {
            at = second.end;
        }
        if !last.has_unit || is_something_else(&text[..first.start], &text[last.end..]) {
            continue;
        }
        let counted_in = |amount: &Amount| amount.counted_in(zeros);
        let (Some(figure), Ok(to)) =
            (counted_in(&first), second.as_ref().map(counted_in).map_or(Ok(None), |to| to.map(Some).ok_or(())))
        else {
            continue;
        };
        let words = ["以内", "以下", "未満", "まで"];
        let is_most = to.is_none() && words.iter().any(|word| text[last.end..].starts_with(word));
        let (figure, to) = match (first.sign, to) {
            (Sign::Either, None) => (figure.negative(), Some(figure)),
            (_, to) => (figure, to),
        };
        found.push(Stated { figure, to, at: first.start..last.end, is_most });
    }
    found
}

/// What stands before a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
    /// ±
    Either,
}

/// A number in a text, with its sign, and with its unit if that follows.
struct Amount {
    figure: Figure,
    sign: Sign,
    start: usize,
    end: usize,
    /// Where its digits begin, and where the words for its zeros end.
    number: Range<usize>,
    has_unit: bool,
}

impl Amount {
    /// The number whose digits start there.
    fn read(text: &str, start: usize, counted: &str) -> Option<Self> {
        let (figure, after) = Figure::read(&text[start..])?;
        let (sign, length) = sign(&text[..start]);
        let end = text.len() - after.len();
        let mut amount = Self { figure, sign, start: start - length, end, number: start..end, has_unit: false };
        let rest = after.trim_start_matches([' ', '\u{3000}']);
        let behind = text.len() - rest.len();
        if let Some(spelled) = spellings(counted).find(|spelled| rest.starts_with(*spelled)) {
            (amount.end, amount.has_unit) = (behind + spelled.len(), true);
        } else if let Some((tenth, length)) = tenths(&amount.figure, rest).filter(|_| is_percent(counted)) {
            (amount.figure, amount.end, amount.has_unit) = (tenth, behind + length, true);
        }
        Some(amount)
    }

    /// The same, counted as the end of its range is: 500～600万円, 7～8割.
    fn like(self, second: &Self, text: &str) -> Self {
        let digits = |amount: &Self| text[amount.number.clone()].trim_end_matches(|c: char| !is_digit(c)).len();
        let words = &text[second.number.start + digits(second)..second.number.end];
        let has_words = self.number.start + digits(&self) < self.number.end;
        if self.has_unit || has_words {
            return self;
        }
        let is_tenths = text[second.number.end..second.end].contains('割');
        let read = match words.is_empty() {
            false => Figure::read(&format!("{}{words}", &text[self.number.clone()])).map(|(figure, _)| figure),
            true => is_tenths.then(|| self.figure.tenfold()),
        };
        Self { figure: read.unwrap_or_else(|| self.figure.clone()), ..self }
    }

    fn counted_in(&self, zeros: u32) -> Option<Figure> {
        let figure = self.figure.in_unit(zeros)?;
        Some(if self.sign == Sign::Minus { figure.negative() } else { figure })
    }
}

/// 9割5分 in per cent, and how many bytes of words that takes.
fn tenths(figure: &Figure, rest: &str) -> Option<(Figure, usize)> {
    let after = rest.strip_prefix('割').filter(|after| !after.starts_with(['引', '合', '高', '安', '弱', '強']))?;
    let part = Figure::read(after).and_then(|(part, behind)| Some((part, behind.strip_prefix('分')?)));
    let digit = |part: &Figure| part.as_str().len() == 1 && figure.is_whole();
    match part.filter(|(part, _)| digit(part)) {
        Some((part, behind)) => Some((Figure::parse(&format!("{figure}{part}"))?, rest.len() - behind.len())),
        None => Some((figure.tenfold(), rest.len() - after.len())),
    }
}

/// The sign before a number, and how many bytes it takes. A hyphen behind a word or a number joins, and is none.
fn sign(before: &str) -> (Sign, usize) {
    const SIGNS: [(&str, Sign); 6] = [
        ("マイナス", Sign::Minus),
        ("△", Sign::Minus),
        ("▲", Sign::Minus),
        ("minus", Sign::Minus),
        ("±", Sign::Either),
        ("プラスマイナス", Sign::Either),
    ];
    let near = before.trim_end_matches([' ', '\u{3000}']);
    let word = SIGNS.iter().rev().find(|(word, _)| near.ends_with(word));
    if let Some((word, sign)) = word {
        return (*sign, before.len() - near.len() + word.len());
    }
    let Some(mark) = before.chars().next_back().filter(|c| matches!(c, '-' | '−' | '－' | '‐' | '–' | '+' | '＋'))
    else {
        return (Sign::Plus, 0);
    };
    let head = before[..before.len() - mark.len_utf8()].chars().next_back();
    let joins = head.is_some_and(|c| c.is_ascii_alphanumeric() || is_digit(c) || matches!(c, '%' | '％' | '-'));
    match mark {
        _ if joins => (Sign::Plus, 0),
        '+' | '＋' => (Sign::Plus, mark.len_utf8()),
        _ => (Sign::Minus, mark.len_utf8()),
    }
}

/// Where a range ends that begins with a number: 90～95％, 90％以上95％未満, between 90 and 95 %.
fn range_end(text: &str, first: &Amount, counted: &str) -> Option<Amount> {
    const SIGNS: [&str; 14] = ["～", "〜", "~", "∼", "-", "－", "−", "‐", "–", "—", "から", "ないし", "乃至", "to "];
    const AT_LEAST: [&str; 4] = ["以上", "超", "を超え", "より多く"];
    const AT_MOST: [&str; 5] = ["未満", "以下", "以内", "まで", "を下回"];
    let blank = [' ', '\u{3000}'];
    let rest = text[first.end..].trim_start_matches(blank);
    let head = text[..first.start].trim_end();
    let is_joined = head.ends_with(['-', '－', '/', '／']);
    let sign = SIGNS.iter().find_map(|sign| rest.strip_prefix(*sign)).filter(|_| !is_joined);
    let is_between = head.len() >= 7
        && head.is_char_boundary(head.len() - 7)
        && head[head.len() - 7..].eq_ignore_ascii_case("between");
    let and = rest.strip_prefix("and ").filter(|_| is_between);
    let at_least = AT_LEAST.iter().find_map(|word| rest.strip_prefix(*word));
    let behind = sign.or(and).or(at_least)?.trim_start_matches(['、', '，', ',', ' ', '\u{3000}'].as_slice());
    let mark = behind.trim_start_matches(['△', '▲', '-', '−', '－', '+', '＋', ' '].as_slice());
    let mark = mark.strip_prefix("マイナス").unwrap_or(mark);
    let start = next_digit(mark, 0).filter(|at| *at == 0).map(|_| text.len() - mark.len())?;
    // The sign of the range is none of its second number.
    let second = Amount::read(text, start, counted)?;
    let own = text.len() - behind.len();
    let second = if second.start < own { Amount { start, sign: Sign::Plus, ..second } } else { second };
    let is_closed = at_least.is_none() || AT_MOST.iter().any(|word| text[second.end..].starts_with(word));
    let (low, high) = (first.counted_in(0)?, second.counted_in(0)?);
    (second.has_unit && is_closed && low.compare(&high).is_le()).then_some(second)
}

/// Whether a text has the unit at all.
pub(super) fn names(text: &str, unit: &str) -> bool {
    spellings(unit).any(|spelled| text.contains(spelled)) || (is_percent(unit) && text.contains('割'))
}

/// Whether figures of this unit are parts of a hundred.
pub(super) fn is_percent(unit: &str) -> bool {
    matches!(unit, "%" | "％" | "パーセント" | "percent" | "per cent")
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
        "%" | "％" | "パーセント" | "percent" | "per cent" => &["%", "％", "パーセント", "percent", "per cent"],
        "㎡" | "m²" | "平方メートル" => &["㎡", "m²", "平方メートル"],
        "k㎡" | "㎢" | "km²" | "平方キロメートル" => &["k㎡", "ｋ㎡", "㎢", "km²", "平方キロメートル"],
        "㎥" | "m³" | "立方メートル" => &["㎥", "m³", "立方メートル"],
        "㍑" | "L" | "ℓ" | "リットル" => &["㍑", "L", "ℓ", "リットル"],
        "㌧" | "t" | "トン" => &["㌧", "t", "トン"],
        "㎏" | "kg" | "キログラム" => &["㎏", "kg", "キログラム"],
        "㎞" | "km" | "キロメートル" => &["㎞", "km", "キロメートル"],
        "㌶" | "ha" | "ヘクタール" => &["㌶", "ha", "ヘクタール"],
        "か所" | "箇所" | "カ所" | "ヶ所" | "ヵ所" => &["か所", "箇所", "カ所", "ヶ所", "ヵ所"],
        "人" | "名" => &["人", "名"],
        _ => &[],
    };
    same.iter().copied().chain(std::iter::once(unit)).filter(|spelled| !spelled.is_empty())
}

/// Whether the words around a figure make it another thing than the whole.
fn is_something_else(before: &str, after: &str) -> bool {
    const BEFORE: [&str; 25] = [
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
        "about",
        "around",
        "nearly",
        "almost",
    ];
    const AFTER: [&str; 27] = [
        "目",
        "増",
        "減",
        "多",
        "少な",
        "上回",
        "下回",
        "超え",
        "長く",
        "短",
        "早",
        "遅",
        "ずつ",
        "ごと",
        "余",
        "程度",
        "ほど",
        "前後",
        "分の",
        "中",
        "単位",
        "削減",
        "縮減",
        "低下",
        "抑制",
        "改善",
        "ポイント",
    ];
    let before = before.trim_end_matches([' ', '\u{3000}', '（', '(', 'に', 'の', 'は', 'が', '、'].as_slice());
    let after_trimmed =
        after.strip_prefix("以上").unwrap_or(after).trim_start_matches(['も', 'は', 'が', 'の'].as_slice());
    BEFORE.iter().any(|word| before.ends_with(word))
        || AFTER.iter().any(|word| after.starts_with(word) || after_trimmed.starts_with(word))
}

/// The sum of whole numbers; `None` where one has a fraction or there is only one.
pub(super) fn sum(stated: &[Stated]) -> Option<Figure> {
    if stated.len() < 2 || stated.iter().any(|it| it.to.is_some()) {
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

/// Whether words are about becoming less, so that a figure may be written with or without its sign.
pub(super) fn is_reduction(words: &str) -> bool {
    const WORDS: [&str; 12] =
        ["減", "低下", "抑制", "縮", "下げ", "下が", "reduc", "decreas", "cut", "lower", "fall", "drop"];
    let words = words.to_lowercase();
    WORDS.iter().any(|word| words.contains(word))
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

    /// What is stated, as `figure` or `from..to`.
    fn read(text: &str, unit: &str) -> Vec<String> {
        let shown = |it: Stated| match it.to {
            Some(to) => format!("{}..{to}", it.figure),
            None => it.figure.to_string(),
        };
        stated(text, unit).into_iter().map(shown).collect()
    }

    #[test]
    fn signs_are_read() {
        for text in [
            "前年度比 -5%",
            "△5％",
            "▲5%",
            "増減率 △ 5%",
            "−5%",
            "－５％",
            "マイナス5％",
            "マイナス 5パーセント",
            "minus 5%",
            "（-5%）",
            "－0.5割",
        ] {
            assert_eq!(read(text, "%"), ["-5"], "{text}");
        }
        assert_eq!(read("社会増減 △60人", "人"), ["-60"]);
        assert_eq!(read("収支 △1億2,500万円", "万円"), ["-12500"]);
        assert_eq!(read("+5% と ＋5％", "%"), ["5", "5"]);
        assert_eq!(read("誤差 ±5%", "%"), ["-5..5"]);
        // What joins is no sign.
        assert_eq!(read("項目A-5%", "%"), ["5"]);
        assert_eq!(figures("社会増減 △60人", "人"), ["△60人"]);
    }

    #[test]
    fn ranges_are_read() {
        for text in [
            "90～95％",
            "90%〜95%",
            "90-95%",
            "90－95％",
            "90%から95%",
            "90%以上95%未満",
            "90％以上、95％以下",
            "９０～９５％",
            "between 90 and 95%",
            "from 90 to 95 percent",
            "9割～9割5分",
            "90%を超え95%以下",
        ] {
            assert_eq!(read(text, "%"), ["90..95"], "{text}");
        }
        assert_eq!(read("△10～△5％", "%"), ["-10..-5"]);
        assert_eq!(read("-5～5%", "%"), ["-5..5"]);
        assert_eq!(read("5～10回、10人から15人", "回"), ["5..10"]);
        assert_eq!(read("5～10回、10人から15人", "人"), ["10..15"]);
        assert_eq!(read("500～600万円", "万円"), ["500..600"]);
        assert_eq!(read("7～8割", "%"), ["70..80"]);
        assert_eq!(read("9割以上", "%"), ["90"]);
        assert_eq!(read("9割5分", "％"), ["95"]);
        assert_eq!(read("2割引の券を90%に", "%"), ["90"]);
        // Two figures that are no range.
        assert_eq!(read("90%と95%", "%"), ["90", "95"]);
        assert_eq!(read("90%以上、全体で95%", "%"), ["90", "95"]);
        assert_eq!(read("95から90%へ", "%"), ["90"]);
        assert!(stated("90～95％", "%")[0].covers(&Figure::parse("92.5").unwrap()));
        assert!(!stated("90～95％", "%")[0].covers(&Figure::parse("96").unwrap()));
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
