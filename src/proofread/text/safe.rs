//! Where a change of characters may be made without asking: nowhere else could a reader mean something else, and nowhere
//! else would the text become markup, another value or another number.
//!
//! Knows characters and their neighbours; what a sentence means it does not know.

/// What a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// The body of a document.
    Prose,
    /// A value in quotation marks.
    Quoted,
    /// A value of several lines behind `|`, which stay lines.
    Lines,
    /// A value of several lines behind `>`, which are folded into one.
    Folded,
    /// A value without quotation marks.
    Plain,
    /// The same between braces or brackets, where a comma ends it.
    Flow,
}

/// What the value stands in that begins and ends there.
pub(super) fn form(text: &str, start: usize, end: usize) -> Within {
    if text[start..end].starts_with(['"', '\'']) || text[..start].ends_with(['"', '\'']) {
        return Within::Quoted;
    }
    let head = text[..start].trim_end_matches([' ', '\t', '\r', '\n']);
    let is_header = |mark: char| {
        let line = head.rsplit('\n').next().unwrap_or(head);
        let behind = line.trim_end_matches(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit());
        behind.strip_suffix(mark).is_some_and(|before| before.ends_with([' ', ':', '-']))
    };
    let value = text[start..end].trim_start();
    match value.starts_with(['|', '>']).then(|| value.as_bytes()[0]) {
        Some(b'|') => return Within::Lines,
        Some(_) => return Within::Folded,
        None => {}
    }
    if head.len() < start && text[head.len()..start].contains('\n') {
        if is_header('|') {
            return Within::Lines;
        }
        if is_header('>') {
            return Within::Folded;
        }
    }
    match text[end..].trim_start().starts_with([',', '}', ']']) {
        true => Within::Flow,
        false => Within::Plain,
    }
}

/// The characters beside a text that may be changed, and the line before it.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'t> {
    /// What stands before it, in the same text.
    pub(super) before: &'t str,
    /// What stands behind it.
    pub(super) after: &'t str,
    /// The line before it, whatever is read of it.
    pub(super) line: &'t str,
    /// What they stand in.
    pub(super) within: Within,
}

impl Surroundings<'_> {
    /// The character before.
    pub(super) fn last(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    /// The character behind.
    pub(super) fn next(&self) -> Option<char> {
        self.after.chars().next()
    }

    /// Whether the text can be written instead of what stands there: neither digits nor letters run together, 3(1) is no
    /// 3①, and `[x](1)` no link.
    pub(super) fn fits(&self, instead: &str) -> bool {
        let (Some(first), Some(last)) = (instead.chars().next(), instead.chars().next_back()) else { return false };
        let run_together = |a: char, b: char| (is_digit(a) && is_digit(b)) || (is_latin(a) && is_latin(b));
        let is_point = |c: char| matches!(c, '.' | ',' | '．' | '，' | '-' | '－' | '−');
        let before = self.last().is_some_and(|c| {
            run_together(c, first)
                || (is_digit(first) && is_point(c))
                || ((matches!(c, ']' | '!') || is_digit(c)) && first == '(')
        });
        let behind = self.next().is_some_and(|c| {
            run_together(last, c) || (is_digit(last) && is_point(c)) || matches!(c, '²' | '³' | '(' | '[' | '{')
        });
        !before && !behind
    }

    /// Whether nothing but blanks and the signs of Markdown stand before it in its line.
    pub(super) fn is_head(&self) -> bool {
        self.line.chars().all(|c| c.is_whitespace() || c.is_ascii_digit() || ">#*+-.)|".contains(c))
    }

    /// Whether half-width digits or letters can stand for these full-width ones, and the text stays a text: no item of
    /// a list, no address, no number where a value was a word.
    pub(super) fn may_narrow(&self, narrow: &str) -> bool {
        let (last, next) = (self.last(), self.next());
        let mut behind = self.after.chars().skip(1);
        if self.is_head() && matches!(next, Some('.' | ')')) && behind.next().is_none_or(char::is_whitespace) {
            return false;
        }
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let joins = narrow.contains(|c: char| c.is_ascii_alphabetic())
            && (matches!(last, Some('@' | '/' | '.' | '&' | '#' | '_' | '\\'))
                || matches!(next, Some('@' | '/' | '_' | ':'))
                || (next == Some('.') && self.after.chars().nth(1).is_some_and(is_word)));
        // `&#12;` and `~12`: what these signs mean changes with what follows them.
        !joins && !matches!(last, Some('#' | '\\' | '&'))
    }

    /// Whether a blank or nothing can stand for a character that nobody sees: neither lines nor digits run together, and
    /// nothing becomes a comment, a key, a list or code.
    pub(super) fn may_vanish(&self, c: char, instead: &str) -> bool {
        let is_break = matches!(c, '\u{B}' | '\u{C}' | '\u{2028}' | '\u{2029}' | '\u{1E}');
        let is_value = !matches!(self.within, Within::Prose | Within::Quoted | Within::Lines | Within::Folded);
        let (last, next) = (self.last(), self.next());
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let becomes_yaml = is_value
            && ((next == Some('#') && (instead == " " || blank(last)))
                || (last == Some(':') && (instead == " " || blank(next))));
        // A line of Japanese stays a paragraph behind nothing, and behind a blank that is not one of four.
        let is_text = next.is_some_and(|c| c.is_alphanumeric() && !c.is_ascii());
        let is_blank_head = self.line.len() < 3 && self.line.chars().all(|c| c == ' ');
        let stays = instead.is_empty() || is_blank_head || (self.line.ends_with(' ') && !self.line.trim().is_empty());
        let becomes_markdown = self.within == Within::Prose && self.is_head() && !(is_text && stays);
        let is_control = c.is_ascii_control();
        let is_between = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
        let runs_together = is_control && is_between(last) && is_between(next);
        !(is_break || becomes_yaml || becomes_markdown || runs_together)
    }
}

/// Digits of both widths and of other kinds.
fn is_digit(c: char) -> bool {
    c.is_numeric() && !matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Latin letters of both widths.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'µ' | 'μ')
}

/// Numbers pressed into one character are of several kinds, which people use for several levels; 0 for all else.
pub(super) fn kind_of_number(c: char) -> u8 {
    match c {
        '\u{2460}'..='\u{2473}' | '\u{3251}'..='\u{325F}' | '\u{32B1}'..='\u{32BF}' => 1,
        '\u{2474}'..='\u{2487}' => 2,
        '\u{2776}'..='\u{277F}' | '\u{24EB}'..='\u{24F4}' => 3,
        _ => 0,
    }
}

/// How an area or a room behind a letter is written in words, and whether that is certain: 16k㎡.
pub(super) fn prefixed(letter: char, unit: char) -> Option<(&'static str, bool)> {
    Some(match (letter, unit) {
        ('k' | 'ｋ', '㎡') => ("平方キロメートル", true),
        ('c' | 'ｃ', '㎡') => ("平方センチメートル", true),
        ('m' | 'ｍ', '㎡') => ("平方ミリメートル", false),
        ('c' | 'ｃ', '㎥') => ("立方センチメートル", false),
        _ => return None,
    })
}

/// Units whose words cannot follow a prefix in letters or kana: k㎡, キロ㎡.
pub(super) fn is_unit_in_words(c: char) -> bool {
    matches!(c, '㎡' | '㎥' | '㎢' | '㎠' | '㎟' | '㎤' | '㎦' | '㎣')
}

/// Letters and kana that may be a prefix of the unit behind them.
pub(super) fn is_prefix(c: char) -> bool {
    is_latin(c) || matches!(c, '\u{30A1}'..='\u{30FC}' | '\u{3300}'..='\u{33FF}')
}
