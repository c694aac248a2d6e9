//! Fiscal years, eras and dates.
//!
//! A fiscal year is named by the calendar year in which it begins (2026 = 令和8年度); how it is *shown* (era names,
//! "FY 2027" for a year named by its end) is decided by the city's [`Calendar`]. No clock is read here.

use crate::text::language::Language;
/// A civil date, as written: `2026-06-25`.
pub use jiff::civil::Date;

/// The calendar year in which a fiscal year begins. Years 1868 to 2999 are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(u16);

impl FiscalYear {
    /// Reads `2026`; `None` for anything but four ASCII digits in range.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: u16 = text.parse().ok()?;
        YEARS.contains(&(year as i16)).then_some(Self(year))
    }

    /// The year as a number.
    pub fn number(self) -> u16 {
        self.0
    }

    /// Appends the year, which always has four digits.
    pub fn push_digits(self, out: &mut String) {
        out.extend([1000, 100, 10, 1].map(|unit| char::from(b'0' + (self.0 / unit % 10) as u8)));
    }

    /// The following fiscal year.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The fiscal year before.
    pub fn previous(self) -> Self {
        Self(self.0 - 1)
    }
}

impl std::fmt::Display for FiscalYear {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

/// Calendar years of a record: from the first era that is counted on. 0026 is a slip for 2026.
pub const YEARS: std::ops::Range<i16> = 1868..3000;

/// Reads an ISO date (`2026-06-25`), strictly: ten characters, a real day, a year of [`YEARS`].
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i16> {
        let digits = &bytes[range];
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + i16::from(d - b'0')))
    };
    let year = number(0..4).filter(|year| YEARS.contains(year))?;
    Date::new(year, number(5..7)? as i8, number(8..10)? as i8).ok()
}

/// Reads the ways people write a date (令和8年6月25日, 2026年6月25日, 2026/6/25, 2026.6.25), to offer the ISO form.
pub fn guess_date(text: &str) -> Option<GuessedDate> {
    let ascii = ascii(text);
    let (era, rest) = era_prefix(&ascii);
    let first_year = era.map(|era| era.from.year());
    let numbers: Vec<i16> = rest
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [year, month, day] = numbers[..] else { return None };
    let year = match first_year {
        Some(first_year) => first_year.checked_add(year)?.checked_sub(1)?,
        None => year,
    };
    if !YEARS.contains(&year) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let between: Vec<&str> =
        rest.split(|c: char| c.is_ascii_digit()).map(str::trim).filter(|it| !it.is_empty()).collect();
    let is_plain = matches!(between[..], ["年", "月", "日"] | ["/", "/"] | [".", "."] | ["-", "-"]);
    let fits_era = era.is_none_or(|era| era_of(date).is_some_and(|(name, _)| name == era.name));
    Some(GuessedDate { date, is_certain: is_plain && fits_era })
}

/// A date that was written in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessedDate {
    /// The date that was meant.
    pub date: Date,
    /// Whether it can mean nothing else: a plain date, and a year that its era had.
    pub is_certain: bool,
}

/// Reads the ways people write a fiscal year (令和8年度, 2026年度, ２０２６, R8), to offer the four digits.
pub fn guess_year(text: &str) -> Option<FiscalYear> {
    let ascii = ascii(text);
    let (era, rest) = era_prefix(&ascii);
    let number: u16 = rest.trim_end_matches('度').trim_end_matches('年').trim().parse().ok()?;
    let year = match era {
        Some(era) => u16::try_from(era.from.year()).ok()?.checked_add(number)?.checked_sub(1)?,
        None => number,
    };
    FiscalYear::parse(&year.to_string())
}

/// Digits, letters and separators in ASCII, and the first year of an era as 1.
fn ascii(text: &str) -> String {
    let ascii = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '元' => '1',
        'Ａ'..='Ｚ' => char::from(b'A' + (c as u32 - 'Ａ' as u32) as u8),
        '．' => '.',
        '／' => '/',
        '－' | '−' => '-',
        other => other,
    };
    text.trim().chars().map(ascii).collect()
}

/// The era that a text starts with (令和, R8), and what comes after it.
fn era_prefix(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        let letter = || text.strip_prefix(era.letter).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(rest) = text.strip_prefix(era.name).or_else(letter) {
            return (Some(era), rest);
        }
    }
    (None, text)
}

/// A year in a sentence: 令和8年, 2026年.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenYear {
    /// The calendar year.
    pub year: i16,
    /// Whether it is counted by an era.
    pub has_era: bool,
    /// Where it starts in the text.
    pub start: usize,
}

impl WrittenYear {
    /// The year at the end of a text, 年 included; `None` where none ends there.
    pub fn before(text: &str) -> Option<Self> {
        let head = text.strip_suffix('年')?;
        let digits = &head[head.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
        let (number, before) = match head.strip_suffix('元') {
            Some(before) => (1, before),
            None => (digits.parse::<i16>().ok()?, &head[..head.len() - digits.len()]),
        };
        let era = ERAS.iter().find_map(|era| Some((era, before.strip_suffix(era.name)?)));
        match era {
            Some((era, before)) => {
                let year = era.from.year().checked_add(number)?.checked_sub(1)?;
                Some(Self { year, has_era: true, start: before.len() })
            }
            None if digits.len() == 4 => Some(Self { year: number, has_era: false, start: before.len() }),
            None => None,
        }
    }
}

struct Era {
    name: &'static str,
    letter: char,
    from: Date,
}

/// Modern eras by their first day, newest first (元号法 and the ordinances under it).
const ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'R', from: Date::constant(2019, 5, 1) },
    Era { name: "平成", letter: 'H', from: Date::constant(1989, 1, 8) },
    Era { name: "昭和", letter: 'S', from: Date::constant(1926, 12, 25) },
    Era { name: "大正", letter: 'T', from: Date::constant(1912, 7, 30) },
    Era { name: "明治", letter: 'M', from: Date::constant(1868, 1, 25) },
];

fn era_of(date: Date) -> Option<(&'static str, i16)> {
    ERAS.iter().find(|era| era.from <= date).map(|era| (era.name, date.year() - era.from.year() + 1))
}

fn era_year(name: &str, year: i16) -> String {
    if year == 1 { format!("{name}元年") } else { format!("{name}{year}年") }
}

/// By which of its two calendar years a fiscal year is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NamedBy {
    /// The year in which it begins (Japan).
    #[default]
    Start,
    /// The year in which it ends (US federal government).
    End,
}

/// How a city counts and names its fiscal years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Month in which the fiscal year starts, 1 to 12.
    pub year_starts: i8,
    /// Which calendar year names it.
    pub named_by: NamedBy,
    /// Whether Japanese era names are shown.
    pub eras: bool,
    /// The language of labels.
    pub language: Language,
}

impl Calendar {
    /// First day of a fiscal year.
    pub fn first_day(&self, year: FiscalYear) -> Date {
        Date::new(year.0 as i16, self.year_starts, 1).unwrap_or(Date::constant(2000, 4, 1))
    }

    /// Last day of a fiscal year.
    pub fn last_day(&self, year: FiscalYear) -> Date {
        self.first_day(year.next()).yesterday().unwrap_or_else(|_| self.first_day(year.next()))
    }

    /// The fiscal year a day falls in.
    pub fn year_of(&self, date: Date) -> FiscalYear {
        let year = if date.month() >= self.year_starts { date.year() } else { date.year() - 1 };
        FiscalYear(year.clamp(1868, 2999) as u16)
    }

    /// The calendar year by which a fiscal year is named.
    pub fn name_number(&self, year: FiscalYear) -> u16 {
        match self.named_by {
            NamedBy::Start => year.0,
            // A fiscal year that starts in January ends in the year it starts.
            NamedBy::End if self.year_starts == 1 => year.0,
            NamedBy::End => year.0 + 1,
        }
    }

    /// The full name: `令和8年度（2026年度）`, `2026年度`, `Fiscal year 2027`.
    ///
    /// The era is the one of the day on which the year *ends*: 令和元年度 began on 1 April 2019 under 平成31年, and
    /// ministries and cities name the whole of it 令和元年度 (元号を改める政令の施行に伴う取扱い, 2019-04-02).
    pub fn label(&self, year: FiscalYear) -> String {
        match self.era_label(year) {
            Some(era) => format!("{era}（{}年度）", self.name_number(year)),
            None => self.western_label(year),
        }
    }

    /// The full name inside a sentence: `令和8年度（2026年度）`, `fiscal year 2027`.
    pub fn label_within(&self, year: FiscalYear) -> String {
        let label = self.label(year);
        match label.strip_prefix("Fiscal") {
            Some(rest) => format!("fiscal{rest}"),
            None => label,
        }
    }

    /// The short name: `令和8年度`, `2026年度`, `FY 2027`.
    pub fn short_label(&self, year: FiscalYear) -> String {
        self.era_label(year).unwrap_or_else(|| match self.language {
            Language::Japanese => self.western_label(year),
            Language::English => format!("FY {}", self.span_label(year)),
        })
    }

    fn era_label(&self, year: FiscalYear) -> Option<String> {
        if !self.eras {
            return None;
        }
        let (name, number) = era_of(self.last_day(year))?;
        // The last day lies in the year after the first one, but the fiscal year is counted from its first day, unless it
        // is named by the year in which it ends.
        let is_of_the_end = self.year_starts == 1 || self.named_by == NamedBy::End;
        let number = if is_of_the_end { number } else { number - 1 };
        if number >= 1 {
            // 平成31年度 never was: what began in April 2019 is 令和元年度.
            return Some(match number {
                1 => format!("{name}元年度"),
                _ => format!("{name}{number}年度"),
            });
        }
        let (name, number) = era_of(self.first_day(year))?;
        Some(format!("{}度", era_year(name, number)))
    }

    fn western_label(&self, year: FiscalYear) -> String {
        match self.language {
            Language::Japanese => format!("{}年度", self.name_number(year)),
            Language::English => format!("Fiscal year {}", self.span_label(year)),
        }
    }

    fn span_label(&self, year: FiscalYear) -> String {
        match self.named_by {
            NamedBy::Start if self.year_starts != 1 => format!("{}\u{2013}{:02}", year.0, (year.0 + 1) % 100),
            _ => self.name_number(year).to_string(),
        }
    }

    /// The month in which a year's results are expected: the first such month after its last day. `令和9年6月`
    pub fn expected(&self, year: FiscalYear, month: i8) -> (Date, String) {
        let last = self.last_day(year);
        let in_year = if month > last.month() { last.year() } else { last.year() + 1 };
        let date = Date::new(in_year, month, 1).unwrap_or(last);
        let text = match self.language {
            Language::Japanese => self.date(date).trim_end_matches("1日").to_owned(),
            Language::English => format!("{} {}", english_month(date), date.year()),
        };
        (date, text)
    }

    /// A date as people read it: `令和8年6月25日`, `2026年6月25日`, `June 25, 2026`. Never a machine date.
    pub fn date(&self, date: Date) -> String {
        match self.language {
            Language::Japanese => {
                let year = match era_of(date) {
                    Some((name, number)) if self.eras => era_year(name, number),
                    _ => format!("{}年", date.year()),
                };
                format!("{year}{}月{}日", date.month(), date.day())
            }
            // As US and Canadian agencies write it.
            Language::English => format!("{} {}, {}", english_month(date), date.day(), date.year()),
        }
    }
}

fn english_month(date: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS[(date.month() - 1) as usize]
}

/// The fiscal years in which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years {
    /// The first year.
    pub from: FiscalYear,
    /// The last year; `None` while it still holds.
    pub to: Option<FiscalYear>,
}

impl Years {
    /// Whether it holds in `year`.
    pub fn contains(&self, year: FiscalYear) -> bool {
        self.from <= year && self.to.is_none_or(|to| year <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAPAN: Calendar =
        Calendar { year_starts: 4, named_by: NamedBy::Start, eras: true, language: Language::Japanese };

    fn year(text: &str) -> FiscalYear {
        FiscalYear::parse(text).unwrap()
    }

    #[test]
    fn years_carry_their_era() {
        assert_eq!(JAPAN.label(year("2026")), "令和8年度（2026年度）");
        assert_eq!(JAPAN.short_label(year("2015")), "平成27年度");
        assert_eq!(JAPAN.label(year("2018")), "平成30年度（2018年度）");
        assert_eq!(JAPAN.label(year("2019")), "令和元年度（2019年度）");
        assert_eq!(JAPAN.label(year("2020")), "令和2年度（2020年度）");
        assert_eq!(JAPAN.label(year("1988")), "昭和63年度（1988年度）");
        assert_eq!(JAPAN.label(year("1989")), "平成元年度（1989年度）");
    }

    #[test]
    fn years_named_by_their_end() {
        let federal = Calendar { year_starts: 10, named_by: NamedBy::End, eras: false, language: Language::English };
        assert_eq!(federal.label(year("2024")), "Fiscal year 2025");
        assert_eq!(federal.label_within(year("2024")), "fiscal year 2025");
        assert_eq!(JAPAN.label_within(year("2026")), "令和8年度（2026年度）");
        assert_eq!(federal.short_label(year("2024")), "FY 2025");
        assert_eq!(federal.first_day(year("2024")), Date::constant(2024, 10, 1));
        assert_eq!(federal.last_day(year("2024")), Date::constant(2025, 9, 30));
        assert_eq!(federal.year_of(Date::constant(2025, 9, 30)), year("2024"));
    }

    #[test]
    fn one_year_has_one_name() {
        // Whatever names it, era and number are those of the same calendar year.
        for (named_by, starts) in
            [(NamedBy::Start, 4), (NamedBy::End, 4), (NamedBy::End, 10), (NamedBy::Start, 1), (NamedBy::End, 1)]
        {
            let calendar = Calendar { year_starts: starts, named_by, ..JAPAN };
            for number in 1870..2999 {
                let year = year(&number.to_string());
                let label = calendar.label(year);
                let (era, western) = label.split_once('（').unwrap();
                let western: i16 = western.trim_end_matches("年度）").parse().unwrap();
                let written = WrittenYear::before(era.trim_end_matches('度')).unwrap();
                assert!(written.has_era && written.year == western, "{label}");
            }
        }
        let by_end = Calendar { named_by: NamedBy::End, ..JAPAN };
        assert_eq!(by_end.label(year("2026")), "令和9年度（2027年度）");
        assert_eq!(by_end.label(year("2018")), "平成31年度（2019年度）");
        assert_eq!(by_end.label(year("2019")), "令和2年度（2020年度）");
    }

    #[test]
    fn dates_are_for_people() {
        assert_eq!(JAPAN.date(Date::constant(2019, 5, 1)), "令和元年5月1日");
        assert_eq!(JAPAN.date(Date::constant(2019, 4, 30)), "平成31年4月30日");
        let english = Calendar { language: Language::English, eras: false, ..JAPAN };
        assert_eq!(english.date(Date::constant(2026, 6, 25)), "June 25, 2026");
        assert_eq!(english.expected(year("2026"), 6).1, "June 2027");
        assert_eq!(english.label(year("2026")), "Fiscal year 2026\u{2013}27");
    }

    #[test]
    fn only_real_iso_dates_are_read() {
        assert!(parse_date("2026-06-25").is_some());
        for wrong in [
            "0026-12-25",
            "1867-12-31",
            "3000-01-01",
            "2026-6-25",
            "2026-02-30",
            "2026/06/25",
            "令和8年6月25日",
            "2026-06-25T00",
            "",
        ] {
            assert!(parse_date(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn other_ways_to_write_a_date_are_understood() {
        let date = Date::constant(2026, 6, 25);
        let plain = [
            "令和8年6月25日",
            "令和８年６月２５日",
            "2026年6月25日",
            "2026/6/25",
            "2026.06.25",
            "R8.6.25",
            "Ｒ８．６．２５",
        ];
        for text in plain {
            assert_eq!(guess_date(text), Some(GuessedDate { date, is_certain: true }), "{text}");
        }
        for text in ["2026年6月25日ごろ", "平成38年6月25日", "2026年6月25日(木)"] {
            assert_eq!(guess_date(text), Some(GuessedDate { date, is_certain: false }), "{text}");
        }
        assert_eq!(guess_date("令和元年5月1日").map(|it| it.date), Some(Date::constant(2019, 5, 1)));
        assert_eq!(guess_date("8.6.25"), None);
        assert_eq!(guess_date("6月25日"), None);
    }

    #[test]
    fn fiscal_years_are_four_digits() {
        assert!(FiscalYear::parse("2026").is_some());
        for wrong in ["26", "02026", "２０２６", "1200", "3000", "pages"] {
            assert!(FiscalYear::parse(wrong).is_none(), "{wrong}");
        }
    }
}
