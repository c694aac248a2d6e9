//! What the columns of a table need: how wide they must be so that no figure and no word is cut, and where a word that
//! is too long for any column may part.
//!
//! Widths are estimates in tenths of the size of letters; no font is read here. Knows tags and entities as this program
//! writes them, and nothing of Markdown.

use crate::text::html::Html;

/// A Latin letter or digit, in tenths of the size of letters: a little more than the digits of the fonts in use.
const NARROW: usize = 6;
/// A kana, a kanji, a full-width sign.
const WIDE: usize = 10;
/// Padding of a cell on paper.
const PADDING: usize = 7;
/// A column of text is never narrower than so many kana, however short its words are.
const LEAST: usize = 3 * WIDE;
/// Words up to so many letters stay whole: the longest that people read without stopping.
const LONGEST_WORD: usize = 20;
/// What a line of A4 holds of 12 point letters between the margins of the style sheet (42.5), with some room.
const LINE: usize = 400;
/// The same of 10.5 points, the smallest on paper.
const LINE_OF_SMALL_LETTERS: usize = 460;
/// What a list or a quote takes from it on its side.
const INDENT: usize = 20;

/// How a table is set on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// As it is.
    Table,
    /// With smaller letters.
    Dense,
    /// Its columns have no room side by side: row by row, label before value.
    Records,
}

impl Fit {
    /// How columns of these widths fit, inside so many lists and quotes.
    pub(super) fn of(columns: &[usize], containers: usize) -> Self {
        let needed: usize = columns.iter().map(|width| width + PADDING).sum::<usize>() + containers * INDENT;
        match needed {
            needed if needed <= LINE => Self::Table,
            needed if needed <= LINE_OF_SMALL_LETTERS => Self::Dense,
            _ => Self::Records,
        }
    }
}

/// A cell's text, its long words with places to part, and the width that it needs.
pub(super) fn measured(cell: Html) -> (Html, usize) {
    let html = cell.as_str();
    let (mut word, mut widest, mut all) = (Word::default(), 0, 0);
    let mut breaks = Vec::new();
    for (at, sign) in signs(html) {
        let width = match sign {
            Sign::Tag => continue,
            Sign::Break => {
                widest = widest.max(word.end(&mut breaks));
                continue;
            }
            Sign::Letter(letter) if letter.is_whitespace() => {
                widest = widest.max(word.end(&mut breaks));
                NARROW
            }
            Sign::Letter(letter) if super::cjk::is_cjk(letter) => {
                widest = widest.max(word.end(&mut breaks));
                // A line breaks before it and after it; where a line may not begin with it, it goes with the one before.
                widest = widest.max(WIDE);
                WIDE
            }
            Sign::Letter(letter) => {
                word.push(at, letter);
                NARROW
            }
        };
        all += width;
    }
    widest = widest.max(word.end(&mut breaks)).max(all.min(LEAST));
    if breaks.is_empty() {
        return (cell, widest);
    }
    let mut parted = Html::new();
    cell.split(&breaks, |part, is_last| {
        parted.push(&part);
        if !is_last {
            parted.push_markup("<wbr>");
        }
    });
    (parted, widest)
}

/// A run of letters between which no line breaks.
#[derive(Default)]
struct Word {
    letters: usize,
    /// It is all digits and the signs of figures.
    has_others: bool,
    /// Where it may part, and how many letters come before.
    joints: Vec<(usize, usize)>,
    after_joint: bool,
}

impl Word {
    fn push(&mut self, at: usize, letter: char) {
        if self.after_joint || (self.letters > 0 && self.letters.is_multiple_of(LONGEST_WORD)) {
            self.joints.push((at, self.letters));
        }
        self.after_joint = matches!(letter, '/' | '.' | '@' | '_' | '?' | '&' | '=' | '#' | '-');
        self.has_others |= !(letter.is_ascii_digit() || matches!(letter, ',' | '.' | '%' | '-' | '+' | '\u{2212}'));
        self.letters += 1;
    }

    /// The width of its longest part; where it parts is added to `breaks`.
    fn end(&mut self, breaks: &mut Vec<usize>) -> usize {
        let word = std::mem::take(self);
        if word.letters <= LONGEST_WORD || !word.has_others {
            return word.letters * NARROW;
        }
        let (mut longest, mut start) = (0, 0);
        for (at, letters) in word.joints {
            breaks.push(at);
            longest = longest.max(letters - start);
            start = letters;
        }
        longest.max(word.letters - start) * NARROW
    }
}

enum Sign {
    /// A tag that parts nothing.
    Tag,
    /// `<br>`.
    Break,
    Letter(char),
}

/// The letters of a piece of HTML, with where each begins; an entity is one letter.
fn signs(html: &str) -> impl Iterator<Item = (usize, Sign)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let first = rest.chars().next()?;
        let (length, sign) = match first {
            '<' => {
                let length = rest.find('>').map_or(rest.len(), |end| end + 1);
                let sign = if rest.starts_with("<br") || rest.starts_with("<img") { Sign::Break } else { Sign::Tag };
                (length, sign)
            }
            '&' => {
                let length = rest.find(';').map_or(1, |end| end + 1);
                let letter = match &rest[..length] {
                    "&amp;" => '&',
                    "&lt;" => '<',
                    "&gt;" => '>',
                    "&quot;" => '"',
                    _ => '\'',
                };
                (length, Sign::Letter(letter))
            }
            letter => (letter.len_utf8(), Sign::Letter(letter)),
        };
        at += length;
        Some((start, sign))
    })
}

/// The text of a piece of HTML, as one says it: without readings over words.
pub(super) fn words(html: &Html) -> String {
    let mut text = String::new();
    let html = html.as_str();
    let mut silent = false;
    for (at, sign) in signs(html) {
        match sign {
            Sign::Letter(letter) if !silent => text.push(letter),
            Sign::Letter(_) => {}
            Sign::Break => text.push(' '),
            Sign::Tag => {
                let tag = &html[at..];
                if tag.starts_with("<rt") || tag.starts_with("<rp") || tag.starts_with("<sup") {
                    silent = true;
                } else if tag.starts_with("</rt") || tag.starts_with("</rp") || tag.starts_with("</sup") {
                    silent = false;
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> (String, usize) {
        let (html, width) = measured(Html::text(text));
        (html.into_string(), width)
    }

    #[test]
    fn a_figure_never_parts_and_a_long_word_does_at_its_signs() {
        assert_eq!(html("1,234,567,890,123,456,789円"), ("1,234,567,890,123,456,789円".into(), 25 * NARROW));
        assert_eq!(html("12,345"), ("12,345".into(), 6 * NARROW));
        assert_eq!(html("-1,234.5%"), ("-1,234.5%".into(), 9 * NARROW));
        assert_eq!(html("kikaku@example.jp").0, "kikaku@example.jp");
        assert_eq!(
            html("kikaku-seisaku@city.example.lg.jp").0,
            "kikaku-<wbr>seisaku@<wbr>city.<wbr>example.<wbr>lg.<wbr>jp"
        );
        let (parted, width) = html(&"a".repeat(60));
        assert_eq!(parted, ["a".repeat(20), "a".repeat(20), "a".repeat(20)].join("<wbr>"));
        assert_eq!(width, 20 * NARROW);
        assert_eq!(html("a&b.c<d>".repeat(4).as_str()).0.matches("&amp;<wbr>b").count(), 4, "an entity is one letter");
    }

    #[test]
    fn text_that_breaks_anywhere_needs_three_letters() {
        assert_eq!(html("後期高齢者医療制度").1, 3 * WIDE);
        assert_eq!(html("人").1, WIDE);
        assert_eq!(html("").1, 0);
        assert_eq!(html("Streets and bridges").1, 7 * NARROW);
    }

    #[test]
    fn tables_fit_until_their_figures_do_not() {
        let months = |width| vec![width; 14];
        assert_eq!(Fit::of(&months(2 * NARROW), 0), Fit::Table);
        assert_eq!(Fit::of(&months(4 * NARROW), 0), Fit::Dense);
        assert_eq!(Fit::of(&months(9 * NARROW), 0), Fit::Records);
        assert_eq!(Fit::of(&[400 - PADDING], 0), Fit::Table);
        assert_eq!(Fit::of(&[400 - PADDING], 1), Fit::Dense, "a list takes some of the line");
    }

    #[test]
    fn labels_are_what_one_says() {
        let mut head = Html::text("A & B");
        head.push_markup("<ruby>");
        head.push_text("葛");
        head.push_markup("<rp>（</rp><rt>");
        head.push_text("くず");
        head.push_markup("</rt><rp>）</rp></ruby><br>");
        head.push_text("<件>");
        assert_eq!(words(&head), "A & B葛 <件>");
    }
}
