//! Notes for colleagues: `<!-- … -->`, and what people and their editors write in its place.
//!
//! Knows signs only. Whether one stands in code, or in a comment that no reader sees, is known to who reads the file.

use super::span::find_byte;
use std::ops::Range;

/// A sign that begins or ends a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The sign.
    pub at: Range<usize>,
    /// Which.
    pub kind: SignKind,
}

/// What a sign does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignKind {
    /// `<!--`
    Begin,
    /// `-->`
    End,
    /// What looks like the beginning of a note and is none: `<!—`, `＜!--`, `&lt;!--`, `{#`, `%%`.
    Like,
}

/// How far the end of a note is looked for where its beginning alone says too little, in bytes.
const NEAR: usize = 400;

/// Invisible characters between signs, put there by ourselves or by an editor.
const fn is_nothing(c: char) -> bool {
    matches!(c, '\u{FFF00}' | '\u{200B}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// All signs of a text, in order and apart from one another.
pub fn signs(text: &str) -> Vec<Sign> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(here) = find_byte(bytes, at, begins) {
        at = here + 1;
        if !text.is_char_boundary(here) {
            continue;
        }
        let rest = &text[here..];
        let sign = if rest.starts_with("<!--") {
            Some((4, SignKind::Begin))
        } else if rest.starts_with("-->") {
            Some((3, SignKind::End))
        } else {
            like(text, here).map(|length| (length, SignKind::Like))
        };
        if let Some((length, kind)) = sign {
            at = here + length;
            found.push(Sign { at: here..at, kind });
        }
    }
    found
}

/// Whether a sign may begin with a byte: in Japanese texts hardly more than brackets of full width do.
fn begins(byte: u8) -> bool {
    (byte == b'<')
        | (byte == b'-')
        | (byte == b'&')
        | (byte == b'{')
        | (byte == b'%')
        | (byte == b'/')
        | (byte == b'(')
        | (byte == b'[')
        | (byte == b'!')
        | (byte == b'\\')
        | (byte == 0xC2)
        | (byte == 0xE2)
        | (byte == 0xEF)
}

/// The character that a text begins with, as a page shows it: `&lt;` and `\<` are `<`. And how long it is written.
fn shown(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    if is_nothing(first) {
        let length = first.len_utf8();
        return text[length..].chars().next().filter(|c| !is_nothing(*c)).map(|c| (c, length + c.len_utf8()));
    }
    if first == '\\' {
        return text[1..].chars().next().filter(char::is_ascii_punctuation).map(|c| (c, 2));
    }
    if first != '&' {
        return Some((first, first.len_utf8()));
    }
    let head = &text[1..text.floor_char_boundary(12)];
    let name = &head[..head.find(';')?];
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let c = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16)?,
            None => number(digits, 10)?,
        },
        None => match name {
            "lt" | "LT" => '<',
            "gt" | "GT" => '>',
            "excl" => '!',
            "ndash" | "mdash" | "minus" | "hyphen" | "dash" | "horbar" => '–',
            "lbrace" | "lcub" => '{',
            "percnt" => '%',
            "num" => '#',
            _ => return None,
        },
    };
    Some((c, name.len() + 2))
}

fn is_angle(c: char) -> bool {
    matches!(c, '<' | '＜' | '﹤' | '‹' | '˂' | '⟨')
}

/// Brackets that nobody writes before `!--` for another reason.
fn is_bracket(c: char) -> bool {
    matches!(c, '≪' | '«' | '(' | '（' | '[' | '［' | '{' | '｛')
}

fn is_bang(c: char) -> bool {
    matches!(c, '!' | '！' | '﹗' | 'ǃ' | '¡' | '❗')
}

/// What becomes of two hyphens in word processors, and of the key beside them.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '﹣' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' | 'ー' | 'ｰ' | '⁻' | '﹘')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{3000}' | '\u{A0}')
}

/// The characters behind a place, as a page shows them.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn next_if(&mut self, is: impl Fn(char) -> bool) -> Option<char> {
        let (c, length) = shown(&self.text[self.at..]).filter(|(c, _)| is(*c))?;
        self.at += length;
        Some(c)
    }

    /// How many in a row, a few at most.
    fn skip(&mut self, is: impl Fn(char) -> bool) -> usize {
        (0..8).take_while(|_| self.next_if(&is).is_some()).count()
    }
}

/// The length of what looks like the beginning of a note at `here`.
fn like(text: &str, here: usize) -> Option<usize> {
    let mut read = Reader { text, at: here };
    // Brackets of Japanese are not looked at themselves: they share their first byte with all of its kana.
    if text[..here].ends_with(['〈', '《', '〔', '【']) && read.next_if(is_bang).is_some() {
        return (read.skip(is_dash) > 1).then_some(read.at - here);
    }
    let first = read.next_if(|c| is_angle(c) || is_bracket(c) || matches!(c, '%' | '％' | '/' | '／'))?;
    let behind = read.at;
    let is_like = match first {
        c if is_angle(c) => angle(&mut read, c),
        '{' | '｛' if read.next_if(|c| matches!(c, '#' | '＃')).is_some() => {
            let starts = read.next_if(is_blank).is_some();
            starts || near(text, read.at, &["#}", "＃｝", "#｝", "＃}"])
        }
        '{' | '｛' if read.next_if(|c| matches!(c, '%' | '％')).is_some() => {
            near(text, read.at, &["%}", "％｝", "%｝"])
        }
        '{' if let Some(sign) = ["{!", "{/*", ">>"].into_iter().find(|sign| text[behind..].starts_with(sign)) => {
            read.at = behind + sign.len();
            true
        }
        '%' | '％' => {
            let is_pair = read.next_if(|c| matches!(c, '%' | '％')).is_some();
            let starts = is_line_start(text, here);
            is_pair && (starts || near(text, read.at, &["%%", "％％"]))
        }
        '/' | '／' if read.next_if(|c| matches!(c, '*' | '＊')).is_some() => {
            // `docs.rs/log/*/log` is a part of an address.
            let is_of_address = |c: char| c.is_ascii_alphanumeric() || "/_.~%=&?:#@+".contains(c);
            !text[..here].ends_with(is_of_address) && near(text, read.at, &["*/", "＊／"])
        }
        // `//memo` may be an address without its scheme.
        '/' | '／' => {
            is_line_start(text, here)
                && read.next_if(|c| matches!(c, '/' | '／')).is_some()
                && text[read.at..].starts_with(|c: char| is_blank(c) || (!c.is_ascii() && c != '／'))
        }
        _ => {
            read.skip(is_blank);
            read.next_if(is_bang).is_some() && {
                read.skip(is_blank);
                read.skip(is_dash) > 1
            }
        }
    };
    is_like.then(|| read.at - here)
}

/// What stands behind an angle bracket.
fn angle(read: &mut Reader, first: char) -> bool {
    let behind = read.at;
    if first == '<' && read.next_if(|c| matches!(c, '%' | '?')).is_some() {
        return true;
    }
    // `<-- memo -->`: without its end it is an arrow.
    if read.skip(is_dash) > 0 {
        let text = read.text;
        let is_double = text[behind..read.at].len() > 1;
        let is_arrow = text[read.at..].starts_with(['>', '＞']);
        return is_double
            && !is_arrow
            && near(text, read.at, &["-->", "—>", "--＞", "––>", "ー＞", "ーー＞", "—＞", "--›"]);
    }
    let blanks = read.skip(is_blank);
    let Some(bang) = read.next_if(is_bang) else { return false };
    let end = read.at;
    let dashes = {
        read.skip(is_blank);
        read.skip(is_dash)
    };
    if dashes > 0 {
        return true;
    }
    // `<!memo>` is nothing that a sentence would hold.
    read.at = end;
    first == '<' && bang == '!' && blanks == 0 && !read.text[end..].starts_with(['>', '='])
}

fn is_line_start(text: &str, here: usize) -> bool {
    let before = text.as_bytes()[..here].iter().rev().take(8).find(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
    before.is_none_or(|byte| *byte == b'\n')
}

/// Whether one of the ends stands in the same paragraph, not far behind.
fn near(text: &str, from: usize, ends: &[&str]) -> bool {
    let window = &text[from..text.floor_char_boundary(from + NEAR)];
    let paragraph = window.find("\n\n").or_else(|| window.find("\n\r\n")).map_or(window, |end| &window[..end]);
    ends.iter().any(|end| paragraph.contains(end))
}

/// The first sign inside a comment that was meant as its end and is none: `—>`, `--＞`, `-- >`, `--!>`.
pub fn almost_end(comment: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = comment[from..].find(is_dash) {
        let here = from + found;
        let mut read = Reader { text: comment, at: here };
        let dashes = read.skip(is_dash);
        from = read.at;
        // The long vowel of a word is no dash.
        let is_vowel = comment[here..].starts_with(['ー', 'ｰ']) && !comment[..here].ends_with(is_blank);
        let is_typed = dashes > 1 || !(comment[here..].starts_with('-') || is_vowel);
        let blanks = read.skip(is_blank);
        let bangs = read.skip(is_bang);
        let close = read.next_if(|c| matches!(c, '>' | '＞' | '›' | '﹥' | '⟩'));
        if let Some(close) = close
            && is_typed
            // `A - > B` and `ア ー ＞` are no ends; nor is a lone `-＞`.
            && (blanks < 2 && (dashes > 1 || blanks == 0))
            && !(close == '>' && bangs == 0 && blanks == 0 && comment[here..].starts_with("--"))
        {
            return Some(here..read.at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likes(text: &str) -> Vec<&str> {
        signs(text).into_iter().filter(|sign| sign.kind == SignKind::Like).map(|sign| &text[sign.at]).collect()
    }

    #[test]
    fn what_looks_like_a_note_is_found() {
        for (text, sign) in [
            ("‹!— 調整中 —>", "‹!—"),
            ("<!— 調整中 —>", "<!—"),
            ("＜！－－ 調整中 －－＞", "＜！－－"),
            ("＜！ーー 調整中 ーー＞", "＜！ーー"),
            ("<! -- 調整中 -->", "<! --"),
            ("< !-- 調整中 -->", "< !--"),
            ("<!- 調整中 ->", "<!-"),
            ("<！-- 調整中 -->", "<！--"),
            ("&lt;!-- 調整中 --&gt;", "&lt;!--"),
            ("&#60;!&#45;- 調整中", "&#60;!&#45;-"),
            (r"\<!-- 調整中 --\>", r"\<!--"),
            (r"<\!\-\- 調整中", r"<\!\-\-"),
            ("<!調整中>", "<!"),
            ("<!memo>", "<!"),
            ("<-- 調整中 -->", "<--"),
            ("<—— 調整中 —>", "<——"),
            ("≪!-- 調整中 --≫", "≪!--"),
            ("〈!-- 調整中 --〉", "!--"),
            ("《！――調整中――》", "！――"),
            ("（!-- 調整中 --）", "（!--"),
            ("{!-- 調整中 --}", "{!--"),
            ("{{!-- 調整中 --}}", "{{!"),
            ("{{/* 調整中 */}}", "{{/*"),
            ("{# 調整中 #}", "{# "),
            ("｛＃調整中＃｝", "｛＃"),
            ("{% comment %}調整中{% endcomment %}", "{%"),
            ("{>>調整中<<}", "{>>"),
            ("%% 調整中 %%", "%%"),
            ("値です。%%調整中%%", "%%"),
            ("％％調整中％％", "％％"),
            ("/* 調整中 */", "/*"),
            ("前\n// 調整中", "//"),
            ("／／調整中", "／／"),
            ("<% 調整中 %>", "<%"),
            ("<?調整中?>", "<?"),
        ] {
            assert_eq!(likes(text).first(), Some(&sign), "{text}");
        }
    }

    #[test]
    fn signs_of_other_meaning_are_none() {
        for text in [
            "<!-- 調整中 -->",
            "申請 <-- 審査",
            "申請 <--> 審査",
            "100%と50%、％",
            "https://a.jp/b//c",
            "《！注意》と（！）と＜！＞",
            "なんと（すごい）――それは！――です",
            "1/2 と 3/4、24/7",
            "{漢字|かんじ}と {#id} と {案}",
            "a<b、5<10、<課長>",
            "《重要》―― 3≪5",
            "Q&A、R&D、&copy;",
            "- 会場\n- 案内\n",
            "50%%",
            "(10/*) と *注",
            "https://a.jp/log/*/log と https://a.jp/log/*/macro",
        ] {
            assert_eq!(likes(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn ends_that_are_none_are_told_from_arrows() {
        for text in ["調整中 —>", "調整中 --＞", "調整中 -- >", "調整中 --!>", "調整中 ーー＞", "調整中 ―>"]
        {
            assert!(almost_end(text).is_some(), "{text}");
        }
        for text in ["A -> B", "A - > B", "調整-中 > 3", "---", "調整中", "サーバー>端末"] {
            assert_eq!(almost_end(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_but_signs_is_read_in_no_time() {
        for sign in ["<!", "%%", "/*", "{#", "&lt;", "<--", "\\", "（", "-", "//", "\u{FFF00}"] {
            let text = sign.repeat(100_000);
            signs(&text);
            almost_end(&text);
        }
    }
}
