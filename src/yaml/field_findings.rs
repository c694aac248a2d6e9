//! What is said of keys and their values.

use crate::diagnostic::suggest::suggest;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::{Key, Map, Vocabulary, goal};
use crate::text::nearest::nearest;
use crate::text::place::Place;
use crate::value::calendar::{Date, guess_date, guess_year, parse_date};
use crate::value::figure::{self, Figure};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// A map was expected.
pub fn expected_map(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::WrongType,
        place,
        "ここには「項目: 値」の並びを書きます。",
        "items of the form `key: value` are expected here",
    )
}

/// A list was expected.
pub fn expected_list(place: Place, key: Key) -> Diagnostic {
    let is_actions = key == goal::ACTIONS.key;
    Diagnostic::new(
        Rule::WrongType,
        place,
        format!("「{}」（{}）には、「- 」で始まる行の並びを書きます。", key.en, key.ja),
        format!("`{}` takes a list: lines that start with `- `", key.en),
    )
    .help(
        match is_actions {
            true => {
                "1つだけのときも、行の始めに「- 」を付け、続く行の頭をそろえます（例 - text: 会場を選ぶ、実績なら - result: 3回開いた）。"
            }
            false => "1つだけのときも、行の始めに「- 」を付け、続く行の頭をそろえます。",
        },
        match is_actions {
            true => {
                "also with a single item, start the line with `- ` and put the following keys under its text (- text: choose a place; in a result - result: held 3 times)"
            }
            false => "also with a single item, start the line with `- ` and put the following keys under its text",
        },
    )
}

/// A single text was expected.
pub fn expected_text(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::WrongType,
        place,
        "ここには文字または数を1つだけ書きます。",
        "a single text or number is expected here",
    )
    .help(
        "文字としての [ ] や { } なら、値を \" \" で囲みます。",
        "if [ ] or { } are meant as characters, put the value in quotes",
    )
}

/// The same key twice.
pub fn duplicate_key(place: Place, key: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateKey,
        place,
        format!("項目「{key}」が2回あります。"),
        format!("the key `{key}` is there twice"),
    )
    .help("どちらか1つを消します。", "remove one of the two")
    .also(first, "1つ目はここ", "the first is here")
}

/// A required field is absent.
pub fn missing_field(place: Place, key: Key) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        format!("項目「{}」（{}）がありません。", key.en, key.ja),
        format!("the key `{}` is missing", key.en),
    )
    .help(
        format!("「{}: …」（または「{}: …」）の行を足します。", key.en, key.ja),
        format!("add a line `{}: …`", key.en),
    )
}

/// A required field has nothing in it.
pub fn empty_field(place: Place, key: Key) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        format!("項目「{}」（{}）に何も書かれていません。", key.en, key.ja),
        format!("the key `{}` is empty", key.en),
    )
    .help("「: 」の後に値を書きます。", "write its value after `: `")
}

/// A name in several lines: a list of links, a table of contents and the title of a window have one.
pub fn lines_in_a_name(place: Place, line: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ValueMarkup,
        place,
        "題名や名前は1行です。行をつないで出ます。",
        "a title or a name is one line; its lines are shown as one",
    )
    .help(format!("1行で「{line}」と書きます。"), format!("write it in one line: {line}"))
}

/// A key nobody knows.
pub fn unknown_key<'a>(
    place: Place,
    name: &str,
    known: impl Iterator<Item = &'a str>,
    map: &'static Map,
    vocabulary: Vocabulary,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let finding = Diagnostic::new(
        Rule::UnknownKey,
        place,
        format!("「{name}」という項目はありません。"),
        format!("there is no key called `{name}`"),
    );
    // Written in the right words, but in the wrong place.
    let homes = if known.contains(&name) { Vec::new() } else { vocabulary.homes(name, map) };
    if let [first, others @ ..] = &homes[..] {
        if others.iter().all(|other| other.home == first.home) || vocabulary.is_in_one_file(first, map) {
            return finding.help(first.home.ja, first.home.en);
        }
        let (ja, en): (BTreeSet<_>, BTreeSet<_>) = homes.iter().map(|home| (home.title.ja, home.title.en)).unzip();
        let (ja, en) = (Vec::from_iter(ja).join("、"), Vec::from_iter(en).join(", "));
        return finding.help(format!("次のものの項目です: {ja}。"), format!("it is a key of: {en}"));
    }
    if is_rest_of_number(name) {
        return comma_in_number(finding);
    }
    let finding = suggest(finding, name, known.iter().copied());
    // Keys are a fixed vocabulary: one slip in a longer name, with no other name in reach, can only mean that name.
    let distance = |known: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let in_reach = known.iter().filter(|known| distance(known) <= 2).count();
    match finding.fix.clone() {
        Some(guess) if in_reach == 1 && name.chars().count() >= 4 && distance(&guess.text.as_str()) == 1 => {
            finding.fix(guess.place, guess.text)
        }
        _ => finding,
    }
}

/// Whether what stands where a name should is what stood behind a comma: the `200` of `{ target: 1,200 }`.
pub fn is_rest_of_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Adds that numbers are written without commas.
pub fn comma_in_number(finding: Diagnostic) -> Diagnostic {
    finding.help(
        "{ } や [ ] の中のカンマは、区切りと読まれます。3桁ごとのカンマは書きません（例 target: 1200）。",
        "a comma inside { } or [ ] separates; write numbers without separators (target: 1200)",
    )
}

/// Not a date.
pub fn bad_date(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadDate,
        place,
        format!("「{text}」は日付として読めません。"),
        format!("`{text}` is not a date"),
    );
    match guess_date(text) {
        Some(guess) => {
            let date = guess.date.to_string();
            let finding = finding.help(format!("{date} と書きます。"), format!("write {date}"));
            if guess.is_certain { finding.fix(place, date) } else { finding.guess(place, date) }
        }
        None if year_out_of_range(text).is_some() => {
            let (year, meant) = year_out_of_range(text).unwrap_or_default();
            let finding = Diagnostic::new(
                Rule::BadDate,
                place,
                format!("「{text}」の年（{year}）は、ありえません。"),
                format!("the year of `{text}`, {year}, cannot be meant"),
            );
            match meant {
                Some(date) => {
                    finding.help(format!("{date} のことですか。"), format!("did you mean {date}?")).guess(place, date)
                }
                None => finding.help("西暦の年を、4桁で書きます。", "write the year in four digits"),
            }
        }
        None if last_day(text).is_some() => {
            let (month, day) = last_day(text).unwrap_or_default();
            finding.help(
                format!("{month}月は{day}日までです。正しい日を確かめて書きます。"),
                format!("month {month} has {day} days; check which day is meant"),
            )
        }
        None if serial_date(text).is_some() => {
            let date = serial_date(text).unwrap_or_default();
            finding
                .help(
                    format!("表計算ソフトが日付の代わりに使う番号のようです。{date} と書きます。"),
                    format!("this looks like the number a spreadsheet keeps for a date: write {date}"),
                )
                .guess(place, date)
        }
        None if short_year(text).is_some() => {
            let (era, date) = short_year(text).unwrap_or_default();
            finding
                .help(
                    format!("{era}なら {date} と書きます。西暦の年は4桁です。"),
                    format!("write {date} if that is the year of the era; years are four digits"),
                )
                .guess(place, date)
        }
        None => finding.help(
            "西暦の年-月-日で書きます（例 2026-06-25）。ある月の最後の日も確かめてください。",
            "write year-month-day (such as 2026-06-25), a day that exists",
        ),
    }
}

/// The day that a spreadsheet shows for a number: days since the last of 1899, here for 2009 to 2064.
fn serial_date(text: &str) -> Option<String> {
    let days: i32 = Figure::guess(text)?.figure.as_str().parse().ok().filter(|days| (40_000..60_000).contains(days))?;
    let first = Date::new(1899, 12, 30).ok()?;
    Some(first.checked_add(jiff::Span::new().days(days)).ok()?.to_string())
}

/// `8/6/25` as a date of the era, in its words and as it should be written.
fn short_year(text: &str) -> Option<(String, String)> {
    let text: String = text.trim().nfkc().collect();
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [year, month, day] = parts[..] else { return None };
    if year.len() > 2 {
        return None;
    }
    let era = format!("令和{year}年{month}月{day}日");
    guess_date(&era).filter(|guess| guess.is_certain).map(|guess| (era, guess.date.to_string()))
}

/// The year of a text that is a date but for it, and the date that was most likely meant: `0026-12-25`, `20226-12-25`.
fn year_out_of_range(text: &str) -> Option<(String, Option<String>)> {
    let text: String = text.trim().nfkc().collect();
    let (year, day) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let is_number = !year.is_empty() && year.bytes().all(|byte| byte.is_ascii_digit());
    let date = |year: &str| parse_date(&format!("{year}{day}")).map(|date| date.to_string());
    // Of a year with one digit too many or too few, nobody knows which one.
    let meant = year.strip_prefix("00").filter(|_| year.len() == 4).and_then(|rest| date(&format!("20{rest}")));
    (is_number && year.len() >= 3 && date("2000").is_some()).then(|| (year.to_owned(), meant))
}

/// Month and number of its days, when the text is a date but for its day.
fn last_day(text: &str) -> Option<(i8, i8)> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let last = Date::new(year, month, 1).ok()?.days_in_month();
    (day > last).then_some((month, last))
}

/// Digits at the start of a text, and what follows them: `3回`.
fn number_and_rest(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !(c.is_numeric() || matches!(c, '.' | ',' | '．' | '，'))).filter(|end| *end > 0)?;
    let (number, rest) = text.split_at(end);
    Some((Figure::guess(number)?.figure.to_string(), rest.trim()))
}

/// Words for zeros, which a figure is written without.
const ZEROS: [char; 6] = ['十', '百', '千', '万', '億', '兆'];

/// 「1億2500万」 in ones, where a text is nothing else but what is counted.
fn amount(text: &str, counted: &str) -> Option<Figure> {
    let (ones, rest) = Figure::read(text.trim())?;
    (text.contains(ZEROS) && (rest.is_empty() || rest == counted)).then_some(ones)
}

/// Not a figure. Its unit, where it is known, tells which number was meant.
pub fn bad_figure(place: Place, text: &str, unit: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadFigure,
        place,
        format!("「{text}」は数値ではありません。"),
        format!("`{text}` is not a number"),
    );
    if let Some(guess) = Figure::guess(text) {
        let figure = guess.figure.to_string();
        let finding = finding.help(format!("{figure} と書きます。"), format!("write {figure}"));
        return if guess.is_certain { finding.fix(place, figure) } else { finding.guess(place, figure) };
    }
    if let Some(unit) = unit {
        let (zeros, counted) = figure::zeros(unit);
        let in_unit = amount(text, counted).and_then(|ones| ones.in_unit(zeros));
        // 「1万2千」 of 万円 may be 1.2 or 12000.
        if let Some(right) = in_unit.filter(Figure::is_whole) {
            let finding = finding.help(
                format!("単位の「{unit}」で数えた {right} を書きます。"),
                format!("write {right}, counted in `{unit}`"),
            );
            let right = right.to_string();
            return if zeros == 0 { finding.fix(place, right) } else { finding.guess(place, right) };
        }
    }
    match number_and_rest(text) {
        Some((_, rest)) if rest.contains(ZEROS) => finding.help(
            "億、万、千などを使わず、単位で数えた数だけを書きます（1億2500万円は、単位が円なら 125000000、万円なら 12500）。",
            "write digits only, counted in the unit: 1億2500万円 is 125000000 in 円, and 12500 in 万円",
        ),
        Some((_, rest)) if rest.contains(char::is_numeric) => finding.help(
            "数を1つだけ書きます。範囲や内訳は、criterion（目標達成基準）に言葉で書きます。",
            "write one number; a range or its parts belong into `criterion`, in words",
        ),
        Some((figure, rest)) => finding
            .help(
                format!("数だけを書きます。「{rest}」が単位なら unit（単位）に、「以上」や「約」のような言葉なら criterion（目標達成基準）に書きます。"),
                format!("write the number only; put `{rest}` into `unit` if it is a unit, into `criterion` if it is words"),
            )
            .guess(place, figure),
        None if is_nothing(text) => finding.help(
            "数がなければ、この項目を消します。測れなかったのなら、reason（理由）にわけを書きます。",
            "if there is no number, remove the item; if it could not be measured, say why in `reason`",
        ),
        None => finding.help(
            "半角の数字だけを書きます（例 98.4）。単位は unit（単位）に、言葉の目標は criterion（目標達成基準）に書きます。",
            "write digits only (such as 98.4); the unit belongs into `unit`, words into `criterion`",
        ),
    }
}

/// Not a number, nor any of the words that may stand in its place.
pub fn bad_figure_or(place: Place, text: &str, unit: Option<&str>, words: &[Key]) -> Diagnostic {
    let names = || words.iter().flat_map(|key| [key.en, key.ja]);
    if let (None, Some(near)) = (Figure::guess(text), nearest(text, names())) {
        return bad_figure(place, text, None)
            .help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?"))
            .guess(place, near);
    }
    if words.is_empty() || number_and_rest(text).is_some() || !is_nothing(text) {
        return bad_figure(place, text, unit);
    }
    let ja: Vec<String> = words.iter().map(|Key { en, ja, .. }| format!("{en}（{ja}）")).collect();
    let en: Vec<String> = words.iter().map(|key| format!("`{}`", key.en)).collect();
    bad_figure(place, text, unit).help(
        format!("数がなければ、次のどれかを書きます: {}。", ja.join("、")),
        format!("if there is no number, write one of: {}", en.join(", ")),
    )
}

/// What is written into a table where there is no number.
fn is_nothing(text: &str) -> bool {
    let dash = |c: char| matches!(c, '-' | 'ー' | '－' | '—' | '―' | '–' | '‐' | '−' | '─' | '/' | '／' | '…' | '・');
    matches!(text.trim(), "なし" | "無し" | "無" | "未定" | "不明" | "n/a" | "N/A") || text.trim().chars().all(dash)
}

/// Not a whole number in range.
pub fn bad_number(place: Place, text: &str, least: i64, most: i64) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadFigure,
        place,
        format!("「{text}」は{least}から{most}までの整数ではありません。"),
        format!("`{text}` is not a whole number from {least} to {most}"),
    );
    let guess =
        Figure::guess(text.trim_end_matches('月')).map(|guess| guess.figure).filter(|guess| guess.as_str() != text);
    match guess.filter(|guess| guess.as_str().parse().is_ok_and(|number: i64| (least..=most).contains(&number))) {
        Some(right) => {
            finding.help(format!("{right} と書きます。"), format!("write {right}")).fix(place, right.to_string())
        }
        None => finding.help(
            format!("{least}から{most}までの整数を、半角の数字で書きます。"),
            format!("write a whole number from {least} to {most} in ASCII digits"),
        ),
    }
}

/// Not one of the allowed words.
pub fn bad_choice(place: Place, text: &str, known: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は、ここで使える言葉ではありません。"),
        format!("`{text}` has no meaning here"),
    );
    suggest(finding, text, known.iter().copied())
}

/// Not a fiscal year.
pub fn bad_year(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は年度ではありません。"),
        format!("`{text}` is not a fiscal year"),
    );
    match guess_year(text) {
        Some(year) => {
            finding.help(format!("{year} と書きます。"), format!("write {year}")).fix(place, year.to_string())
        }
        None => finding.help(
            "年度が始まる年を西暦4桁で書きます（令和8年度は 2026）。",
            "write the calendar year in which it begins, four digits",
        ),
    }
}

/// Not a range of years.
pub fn bad_years(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::BadValue, place, "年度の範囲になっていません。", "this is not a range of fiscal years").help(
        "[2013, 2015] は2013年度から2015年度まで、[2016] は2016年度から今までです。",
        "[2013, 2015] is from 2013 to 2015, [2016] is from 2016 on",
    )
}
