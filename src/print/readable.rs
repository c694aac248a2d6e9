//! What a booklet's letters cannot show, in letters that they have: ㏊ as ha, ➁ as ②, ₂ as a small 2.
//!
//! Promises: nothing is lost, and no figure becomes another. What nothing readable stands for stays as it is; the caller
//! tells it as `missing-glyph`. A form of a letter that only a later font has is set in that font. Documents and pages on
//! the web keep what was written.

use super::marks::{Signs, Small, is_part, is_selector, small};
use super::press::{Press, Shown};
use crate::text::signs::{compatible, meant, number};
use serde_json::Value;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Whether each character of a text is a letter that some font has. Most texts are so, and need not be cut into letters.
pub fn is_usual(text: &str, press: &Press) -> bool {
    text.chars().all(|c| press.covers(c) && !is_part(c))
}

/// Calls `each` with the place of every letter that a booklet cannot show as it is written, and what its marks and
/// selectors make of it.
pub fn unusual<'t>(text: &'t str, press: &Press, mut each: impl FnMut(usize, &'t str, Shown)) {
    if is_usual(text, press) {
        return;
    }
    for (at, letter) in text.grapheme_indices(true) {
        match press.shows(letter) {
            Shown::Usual => {}
            shown => each(at, letter, shown),
        }
    }
}

/// What stands for a letter that no font has.
pub enum Instead {
    /// This text.
    Text(String),
    /// A smaller letter.
    Small(Small),
}

/// What can stand for a letter, with its marks and selectors, that no font has. Nothing where nothing is readable, or
/// where another form of a name would appear.
pub fn instead(letter: &str, press: &Press) -> Option<Instead> {
    let is_set = |text: &str| !text.is_empty() && text.chars().all(|c| press.covers(c) && !is_selector(c));
    let mut chars = letter.chars();
    let (Some(first), others) = (chars.next(), chars.as_str()) else { return None };
    if others.chars().any(|c| is_selector(c) || !press.covers(c)) {
        let text = of_sequence(letter)?.to_string();
        return is_set(&text).then_some(Instead::Text(text));
    }
    if let Some(small) =
        small(first).filter(|small| matches!(small, Small::Low(c) | Small::High(c) if press.covers(*c)))
    {
        return Some(Instead::Small(small));
    }
    let text = plain(first, &is_set)?;
    Some(Instead::Text(text + others))
}

/// Of a character: the first of its plain forms that can be set.
fn plain(c: char, is_set: &dyn Fn(&str) -> bool) -> Option<String> {
    let known = meant(c).map(|meant| meant.text.into_owned()).or_else(|| sign(c).map(str::to_owned));
    let circled = number(c).into_iter().flat_map(|wanted| {
        let rings = ('\u{2460}'..='\u{2473}').chain('\u{24EA}'..='\u{24FE}').chain('\u{3251}'..='\u{32BF}');
        let same = rings.filter(move |ring| number(*ring) == Some(wanted)).map(String::from);
        same.chain([format!("({wanted})")])
    });
    let form = std::iter::once(c).nfd().collect::<String>();
    let general = match c {
        // A form of a name must not become another.
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => compatibility(c),
        _ if number(c).is_some() => None,
        // What stands inside a ring or a square is a word of its own.
        '\u{3200}'..='\u{3247}'
        | '\u{3260}'..='\u{327E}'
        | '\u{3280}'..='\u{32B0}'
        | '\u{24B6}'..='\u{24E9}'
        | '\u{32D0}'..='\u{32FE}' => {
            let inside = compatible(c);
            Some(format!("（{}）", inside.trim_start_matches('(').trim_end_matches(')')))
        }
        _ => Some(compatible(c)).filter(|text| *text != form),
    };
    let candidates = known.into_iter().chain(circled).chain([form]).chain(general);
    candidates.map(|text| text.replace('\u{2044}', "/")).find(|text| is_set(text) && !text.contains(c))
}

/// Signs that differ in their drawing alone.
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '✔' | '☑' | '🗸' => "✓",
        '✕' | '✖' | '✗' | '✘' | '⨯' => "×",
        '\u{2794}'
        | '\u{2798}'..='\u{279F}'
        | '\u{27A0}'..='\u{27AF}'
        | '\u{27B1}'..='\u{27BE}'
        | '\u{27F6}'
        | '\u{2B62}'
        | '🡒' => "→",
        '⟵' => "←",
        '▪' | '◼' | '⬛' => "■",
        '▫' | '◻' | '☐' | '⬜' | '❏' | '❑' => "□",
        '▸' | '►' | '‣' | '⏵' => "▶",
        '▹' | '▻' => "▷",
        '◂' | '◄' => "◀",
        '▴' => "▲",
        '▾' => "▼",
        '❍' | '⚪' | '⭘' => "○",
        '⚫' | '⬤' => "●",
        '◈' | '❖' | '⬥' => "◆",
        '⋄' | '⬦' => "◇",
        '∙' | '⋅' | '⁃' | '·' => "・",
        '⁎' | '∗' => "＊",
        '﹅' => "、",
        '⸺' | '⸻' => "――",
        '‑' | '‒' => "-",
        _ => return None,
    })
}

/// The character that Unicode has for a letter with a selector (神 with U+FE00 is U+FA19).
fn of_sequence(letter: &str) -> Option<char> {
    let forms = ('\u{F900}'..='\u{FAFF}').chain('\u{2F800}'..='\u{2FA1F}');
    forms.into_iter().find(|form| compatibility(*form).as_deref() == Some(letter))
}

/// The other way round.
fn compatibility(c: char) -> Option<String> {
    let letters: String = std::iter::once(c).cjk_compat_variants().collect();
    letters.chars().nth(1).is_some().then_some(letters)
}

/// Sets every text of a booklet in letters that the press has.
///
/// # Errors
/// The first letter that nothing readable stands for.
pub fn settle(values: &mut Value, press: &Press, signs: &mut Signs) -> Result<(), String> {
    match values {
        Value::String(text) => {
            if let Cow::Owned(settled) = settled(text, press, signs)? {
                *text = settled;
            }
            Ok(())
        }
        Value::Array(values) => values.iter_mut().try_for_each(|value| settle(value, press, signs)),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(key, _)| *key != "href" && *key != "words")
            .try_for_each(|(_, value)| settle(value, press, signs)),
        _ => Ok(()),
    }
}

fn settled<'t>(text: &'t str, press: &Press, signs: &mut Signs) -> Result<Cow<'t, str>, String> {
    let mut out = String::new();
    let (mut done, mut missing) = (0, None);
    unusual(text, press, |at, letter, shown| {
        out.push_str(&text[done..at]);
        done = at + letter.len();
        match shown {
            Shown::In(family) => {
                out.push_str(letter);
                signs.forms.entry(family).or_default().insert(letter.to_owned());
            }
            _ => match instead(letter, press) {
                Some(Instead::Text(plain)) => push_apart(&mut out, &plain, &text[done..]),
                Some(Instead::Small(small)) => {
                    out.push_str(letter);
                    signs.small.extend(letter.chars().next().map(|c| (c, small)));
                }
                None => missing = missing.take().or_else(|| Some(letter.to_owned())),
            },
        }
    });
    match missing {
        Some(letter) => Err(letter),
        None if done == 0 => Ok(Cow::Borrowed(text)),
        None => {
            out.push_str(&text[done..]);
            Ok(Cow::Owned(out))
        }
    }
}

/// Two figures side by side are one: 3⅝ is no 35/8.
fn push_apart(out: &mut String, plain: &str, rest: &str) {
    let joins = |before: Option<char>, after: Option<char>| matches!((before, after), (Some(before), Some(after)) if before.is_numeric() && after.is_numeric());
    if joins(out.chars().next_back(), plain.chars().next()) {
        out.push(' ');
    }
    out.push_str(plain);
    if joins(plain.chars().next_back(), rest.chars().next()) {
        out.push(' ');
    }
}
