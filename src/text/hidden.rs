//! Characters that nobody sees and that change what is read: controls of the direction, letters that are blanks, and
//! what Unicode lets every font leave out (Default_Ignorable_Code_Point). Linear in the text.
//!
//! Left alone are those that do their work where they stand: the form of a kanji or an emoji, joiners in scripts that
//! join, blanks in Braille, fillers in old Hangul. So are blanks and hyphens without width (U+200B, U+2060, U+00AD …):
//! they change nothing but line ends, and are a matter of proofreading.

use std::ops::Range;

/// What a hidden character does to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Turns the order in which letters are shown (Unicode Standard Annex 9).
    Turns,
    /// Is a letter, and looks like a blank.
    Blank,
    /// Is not shown at all.
    Nothing,
}

/// One or more hidden characters of a kind in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// The first of them.
    pub first: char,
    /// What they do.
    pub does: Does,
    /// Whether the text reads the same without them.
    pub is_idle: bool,
}

/// What a character does where its neighbours do not matter.
pub fn does(c: char) -> Option<Does> {
    // What nearly all texts are written with.
    if matches!(c, ..'\u{034F}' | '\u{3165}'..='\u{FDFF}') {
        return None;
    }
    Some(match c {
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => Does::Turns,
        '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' => Does::Blank,
        '\u{034F}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200C}'
        | '\u{200D}'
        | '\u{2065}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => Does::Nothing,
        _ => return None,
    })
}

/// Whether a character is written from right to left, or makes others so.
fn is_rightward(c: char) -> bool {
    matches!(c,
        '\u{0590}'..='\u{08FF}' | '\u{200F}' | '\u{202B}' | '\u{202E}' | '\u{2067}' | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Whether it does its work between these neighbours.
fn is_at_home(c: char, before: Option<char>, after: Option<char>) -> bool {
    let beside = |is: fn(char) -> bool| before.is_some_and(is) || after.is_some_and(is);
    match c {
        // The form of a letter: once, and of letters that have several.
        '\u{E0100}'..='\u{E01EF}' => before.is_some_and(is_kanji),
        '\u{FE00}'..='\u{FE0F}' => before.is_some_and(|c| {
            does(c).is_none() && !c.is_whitespace() && !c.is_ascii_alphabetic() && !matches!(c, '\u{3041}'..='\u{30FF}')
        }),
        '\u{200C}' | '\u{200D}' if before.is_some_and(joins) => true,
        '\u{200D}' => before.is_some_and(is_picture) && after.is_some_and(is_picture),
        '\u{2800}' => beside(|c| matches!(c, '\u{2801}'..='\u{28FF}')),
        '\u{115F}' | '\u{1160}' => beside(
            |c| matches!(c, '\u{1100}'..='\u{115E}' | '\u{1161}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}'),
        ),
        '\u{17B4}' | '\u{17B5}' => beside(|c| matches!(c, '\u{1780}'..='\u{17B3}')),
        '\u{180B}'..='\u{180F}' => beside(|c| matches!(c, '\u{1820}'..='\u{18AF}')),
        _ => false,
    }
}

fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Letters of scripts that are written with joiners: Arabic and Syriac, those of India, Burmese, Khmer, Mongolian.
fn joins(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{0DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17B3}' | '\u{17B6}'..='\u{17FF}' | '\u{1820}'..='\u{18AF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether one of these may begin where the first of two bytes stands: what Japanese is written with is told by the two.
fn may_begin((first, second): (&u8, &u8)) -> bool {
    let (first, second) = (*first, *second);
    // Punctuation and general signs; blanks of Hangul; forms, halves and fulls.
    let is_near = (first == 0xE2) & ((second <= 0x81) | (second == 0xA0))
        | (first == 0xE3) & (second == 0x85)
        | (first == 0xEF) & ((second == 0xB8) | (second >= 0xBE));
    is_near | (first == 0xCD) | (first == 0xD8) | (first == 0xE1) | (first >= 0xF0)
}

/// The hidden characters of a text, in its order.
pub fn hidden(text: &str) -> Vec<Hidden> {
    /// So many bytes are passed over together: no branch, so that the compiler takes many in one step.
    const TOGETHER: usize = 256;
    let mut found: Vec<Hidden> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = bytes.len().min(at + TOGETHER);
        let pairs = || bytes[at..end].iter().zip(&bytes[at + 1..]);
        if pairs().fold(false, |may, pair| may | may_begin(pair)) {
            let begin = pairs().enumerate().filter(|(_, pair)| may_begin(*pair));
            begin.for_each(|(offset, _)| note(text, at + offset, &mut found));
        }
        at = end;
    }
    // Where anything runs to the left, any of them may decide what stands where.
    if found.iter().any(|hidden| hidden.does == Does::Turns) && text.chars().any(is_rightward) {
        found.iter_mut().filter(|hidden| hidden.does == Does::Turns).for_each(|hidden| hidden.is_idle = false);
    }
    found
}

/// Notes the character that stands there, if it is hidden.
fn note(text: &str, at: usize, found: &mut Vec<Hidden>) {
    let Some(first) = text[at..].chars().next() else { return };
    let end = at + first.len_utf8();
    let (before, after) = (text[..at].chars().next_back(), text[end..].chars().next());
    let Some(does) = does(first).filter(|_| !is_at_home(first, before, after)) else { return };
    let is_idle = is_idle(first, does, before, after);
    match found.last_mut().filter(|last| last.at.end == at && last.does == does) {
        Some(last) => {
            last.at.end = end;
            last.is_idle &= is_idle;
        }
        None => found.push(Hidden { at: at..end, first, does, is_idle }),
    }
}

fn is_idle(c: char, does: Does, before: Option<char>, after: Option<char>) -> bool {
    match does {
        Does::Turns => true,
        // Between words it parts them, and somebody has to say by what.
        Does::Blank => [before, after].into_iter().any(|c| c.is_none_or(char::is_whitespace)),
        // Notes between lines, and the flags of countries within others, say something.
        Does::Nothing => !matches!(c, '\u{FFF9}'..='\u{FFFB}') && before != Some('\u{1F3F4}'),
    }
}

/// The hidden character that an escape means: of YAML between double quotes (`\u202E`), or of Markdown (`&#x202E;`,
/// `&rlm;`). With each where it stands.
pub fn escaped(text: &str, is_yaml: bool) -> Vec<Hidden> {
    let mark = if is_yaml { '\\' } else { '&' };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(mark) {
        let start = at + offset;
        let rest = &text[start + 1..];
        let read = if is_yaml { yaml_escape(rest) } else { entity(rest) };
        // What follows an escaped backslash is no escape.
        let Some((code, length)) = read else {
            at = start + 1 + usize::from(is_yaml && rest.starts_with('\\'));
            continue;
        };
        let end = start + 1 + length;
        if let Some((first, does)) = char::from_u32(code).and_then(|c| Some((c, does(c)?))) {
            found.push(Hidden { at: start..end, first, does, is_idle: false });
        }
        at = end;
    }
    found
}

fn yaml_escape(rest: &str) -> Option<(u32, usize)> {
    let digits = match rest.as_bytes().first()? {
        b'u' => 4,
        b'U' => 8,
        _ => return None,
    };
    Some((u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?, digits + 1))
}

fn entity(rest: &str) -> Option<(u32, usize)> {
    for (name, code) in [("zwnj;", 0x200C), ("zwj;", 0x200D), ("lrm;", 0x200E), ("rlm;", 0x200F)] {
        if rest.starts_with(name) {
            return Some((code, name.len()));
        }
    }
    let digits = rest.strip_prefix('#')?;
    let (digits, radix, before) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 2),
        None => (digits, 10, 1),
    };
    let length = digits.bytes().take(8).take_while(u8::is_ascii_hexdigit).count();
    let is_closed = digits.as_bytes().get(length) == Some(&b';');
    is_closed.then(|| Some((u32::from_str_radix(&digits[..length], radix).ok()?, before + length + 1)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, bool)> {
        hidden(text).into_iter().map(|it| (&text[it.at], it.is_idle)).collect()
    }

    #[test]
    fn none_is_overlooked() {
        let all = ('\0'..=char::MAX).filter(|c| does(*c).is_some());
        let found = all.clone().filter(|c| hidden(&format!("年{c}度")).iter().any(|it| it.first == *c));
        // Those of a kanji's form do their work there.
        let at_home = |c: &char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
        assert_eq!(found.collect::<Vec<_>>(), all.filter(|c| !at_home(c)).collect::<Vec<_>>());
    }

    #[test]
    fn what_works_where_it_stands_is_left_alone() {
        for text in [
            "葛\u{E0100}城市、神\u{FE00}、☎\u{FE0F}、1\u{FE0F}\u{20E3}、👨\u{200D}👩\u{200D}👧、🏳\u{FE0F}\u{200D}🌈",
            "می\u{200C}خواهم، क\u{94D}\u{200D}ष",
            "⠁\u{2800}⠃、\u{1112}\u{1160}\u{11AB}、\u{1820}\u{180B}",
            "か\u{3099}き\u{3099}、e\u{301}、見\u{200B}学\u{AD}会\u{2060}、\u{FEFF}",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }

    #[test]
    fn what_turns_or_hides_is_told_in_runs_with_what_can_go() {
        assert_eq!(told("予算\u{2066}001\u{2069}万円"), [("\u{2066}", true), ("\u{2069}", true)]);
        assert_eq!(told("予算\u{202E}001\u{202C}万円"), [("\u{202E}", false), ("\u{202C}", false)]);
        assert_eq!(told("目標\u{E0049}\u{E0067}です"), [("\u{E0049}\u{E0067}", true)]);
        assert_eq!(told("予\u{3164}算 \u{115F}"), [("\u{3164}", false), ("\u{115F}", true)]);
        // Bytes can be hidden in a row of forms.
        assert_eq!(told("神\u{FE00}\u{FE01}\u{E0101}"), [("\u{FE01}\u{E0101}", true)]);
        assert_eq!(
            told("あ\u{FE0F}い\u{E0100}a\u{FE0F}"),
            [("\u{FE0F}", true), ("\u{E0100}", true), ("\u{FE0F}", true)]
        );
        assert_eq!(told("見\u{200D}学\u{200C}会"), [("\u{200D}", true), ("\u{200C}", true)]);
    }

    #[test]
    fn escapes_are_told_and_what_only_looks_like_one_is_not() {
        let told = |text: &str, is_yaml| -> Vec<String> {
            escaped(text, is_yaml).into_iter().map(|it| text[it.at].to_owned()).collect()
        };
        assert_eq!(told(r#""a\u202Eb\U000E0041c\\u202Ed\u3042\u20""#, true), [r"\u202E", r"\U000E0041"]);
        assert_eq!(
            told("a&#x202e;b&#8238;c&rlm;d&amp;#x202e;&#x3042;&#x202e&#;", false),
            ["&#x202e;", "&#8238;", "&rlm;"]
        );
    }
}
