//! Marks that the parser took for emphasis or struck text although they are signs of the sentence: 10*12*3, 基準値*1.
//!
//! Japanese has no spaces around emphasis, so a mark between letters says nothing by itself. What tells is the mark
//! between digits, the mark that looks the wrong way, and the bracket that the pair would cut in two.

use super::cjk::{JOINT, is_cjk, is_letter};
use std::ops::Range;

/// How far from a mark its neighbours are looked for, in bytes.
const NEAR: usize = 64;

/// What stands between two marks is read where it is no longer.
const LONGEST: usize = 1000;

/// How long each mark of a pair is, if the pair was most likely not meant as one. `whole` is the pair in `source` with
/// all that stands between.
pub(super) fn lost<'s>(source: &'s str, whole: &Range<usize>, mark: u8, length: usize) -> Option<usize> {
    let is_mark = |c: char| c == JOINT || c as u32 == u32::from(mark);
    let inside = source.get(whole.start + length..whole.end.checked_sub(length)?)?;
    // Of marks in one another, and of rows of them, only what is near is looked at.
    let near_end = |text: &'s str| &text[text.ceil_char_boundary(text.len().saturating_sub(NEAR))..];
    let near_start = |text: &'s str| &text[..text.floor_char_boundary(NEAR)];
    let next = |text: &str| text.chars().find(|c| !is_mark(*c));
    let last = |text: &str| text.chars().rev().find(|c| !is_mark(*c));
    let before = last(near_end(&source[..whole.start])).filter(|c| *c != '\n');
    let after = next(near_start(&source[whole.end..])).filter(|c| *c != '\n');
    let (first, last) = (next(near_start(inside))?, last(near_end(inside))?);
    let text = if inside.len() > LONGEST { "" } else { inside };
    let opens = Sides { before, behind: first };
    let closes = Sides { before: Some(last), behind: after.unwrap_or(' ') };
    let is_lost = opens.is_between_digits()
        || closes.is_between_digits()
        || (opens.is_between_latin() && closes.is_between_latin())
        // The mark of a remark: 基準値*1は10件、目標値*2は20件
        || (length == 1 && is_digit(first) && is_digit(closes.behind))
        || opens.looks_back()
        || closes.looks_on()
        || (length == 1 && cuts_brackets(text))
        // Blanks to fill in: __年__（月）
        || (mark == b'_' && text.chars().count() < 3 && text.chars().all(is_cjk))
        || (mark == b'~' && opens.is_glued() && closes.is_glued() && is_range(text, first, closes.behind));
    is_lost.then_some(length)
}

/// The characters on both sides of a mark.
struct Sides {
    before: Option<char>,
    behind: char,
}

impl Sides {
    fn is_between_digits(&self) -> bool {
        self.before.is_some_and(is_digit) && is_digit(self.behind)
    }

    fn is_between_latin(&self) -> bool {
        self.before.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c))
            && self.behind.is_alphanumeric()
            && !is_cjk(self.behind)
    }

    fn is_glued(&self) -> bool {
        self.before.is_some_and(is_letter) && is_letter(self.behind)
    }

    /// An opening mark that looks like a closing one: 見込み*、
    fn looks_back(&self) -> bool {
        self.before.is_some_and(is_letter)
            && matches!(self.behind, '、' | '。' | '，' | '．' | ',' | ')' | '）' | '」' | '』' | '】' | '・')
    }

    /// A closing mark that looks like an opening one: 、*印
    fn looks_on(&self) -> bool {
        is_letter(self.behind)
            && self.before.is_some_and(|c| matches!(c, '、' | '，' | ',' | '(' | '（' | '「' | '『' | '【' | '・'))
    }
}

/// Of either width: is_numeric knows ① and 一 as well.
fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Whether more brackets open or close in a text than fit.
fn cuts_brackets(text: &str) -> bool {
    let mut depth = 0_i32;
    for c in text.chars() {
        match c {
            '(' | '（' | '「' | '『' | '【' => depth += 1,
            ')' | '）' | '」' | '』' | '】' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0
}

/// Whether `~~` stands for 〜: 9時~~17時、18時~~20時.
fn is_range(text: &str, first: char, after: char) -> bool {
    text.contains(['、', '，', '。', '／', '/']) || is_digit(first) || is_digit(after)
}

#[cfg(test)]
mod tests {
    use crate::markdown::facts;

    fn found(body: &str) -> Vec<String> {
        facts(body, 0).lost_marks.iter().map(|it| it.at.slice(body).to_owned()).collect()
    }

    #[test]
    fn signs_of_the_sentence_are_found() {
        for (body, pair) in [
            ("延べ10*12*3回です。", "*12*"),
            ("延べ１０*１２*３回です。", "*１２*"),
            ("基準値*1は10件、目標値*2は20件です。", "*1は10件、目標値*"),
            ("10~~20人から30~~40人へ。", "~~20人から30~~"),
            ("9時~~17時、18時~~20時", "~~17時、18時~~"),
            ("月~~金、土~~日", "~~金、土~~"),
            ("2**10は1024、3**2は9", "**10は1024、3**"),
            ("令和7年度*、令和8年度*です。", "*、令和8年度*"),
            ("（*1）と（*2）", "*1）と（*"),
            ("見込み、*印は実績、*印なしは見込み", "*印は実績、*"),
            ("a*b*c", "*b*"),
            ("提出 __年__（予定）", "__年__"),
            ("面積は幅*高さ、容積は幅*高さ", ""),
            ("| 式 |\n|---|\n| 3*4*5 |\n", "*4*"),
            ("## 3*4*5\n", "*4*"),
            ("増えました[^1]。\n\n[^1]: 3*4*5\n", "*4*"),
        ] {
            let expect: Vec<&str> = [pair].into_iter().filter(|pair| !pair.is_empty()).collect();
            assert_eq!(found(body), expect, "{body}");
        }
    }

    #[test]
    fn emphasis_is_left_alone() {
        for body in [
            "これは**重要**です。",
            "これは*重要*です。",
            "これは**「重要」**です。**50%**です。**重要：**内容",
            "目標は**30**件です。",
            "令和**8**年度",
            "**3件**2か所",
            "これは~~取消~~です。",
            "~~10件~~ 12件です。",
            "***「両方」***です",
            "an *important* word, **bold** and ~~old~~ new",
            "`3*4*5` と 3\\*4\\*5",
            "**A**と**B**",
            "```\n3*4*5\n```\n",
        ] {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }
}
