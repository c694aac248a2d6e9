//! Slips in a theme's style sheets that a browser passes over in silence: everything after them, or a colour, is simply
//! not there.
//!
//! Does not know CSS: only braces, comments, quotes and the names of custom properties.

use super::BUILT_IN;
use super::layers::Layer;
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::nearest::{fold, nearest};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use std::collections::BTreeSet;
use std::ops::Range;

/// A piece of a style sheet that matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'c> {
    Open,
    Close,
    /// A comment or a quotation without its end.
    Endless,
    /// A full-width sign where an ASCII one belongs.
    Wide(char),
    /// `--name: …`
    Declared(&'c str),
    /// `--name` anywhere else.
    Used(&'c str),
}

/// Reports slips in the style sheets of these layers.
pub(super) fn check(layers: &[Layer], out: &mut Vec<Diagnostic>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for layer in layers {
        let is_read = |path: &str| path.starts_with("assets/") && (path.ends_with(".css") || path.ends_with(".js"));
        for (_, (bytes, _)) in layer.files.iter().filter(|(path, _)| is_read(path)) {
            for (piece, _) in pieces(&String::from_utf8_lossy(bytes)) {
                match piece {
                    Piece::Declared(name) if layer.name == BUILT_IN => drop(known.insert(name.to_owned())),
                    Piece::Used(name) => drop(used.insert(name.to_owned())),
                    _ => {}
                }
            }
        }
    }
    for layer in layers {
        for (path, (bytes, file)) in &layer.files {
            let (true, Some(file)) = (path.starts_with("assets/") && path.ends_with(".css"), file) else { continue };
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            slips(text, *file, out);
            for (piece, at) in pieces(text) {
                if let Piece::Declared(name) = piece
                    && !known.contains(name)
                    && !used.contains(name)
                {
                    let place = Place::new(*file, Span::new(at.start, at.end));
                    out.push(unused_property(place, name, known.iter().map(String::as_str)));
                }
            }
        }
    }
}

/// Braces and comments without their other half, and full-width signs.
fn slips(text: &str, file: FileId, out: &mut Vec<Diagnostic>) {
    let place = |at: Range<usize>| Place::new(file, Span::new(at.start, at.end));
    let mut open = Vec::new();
    for (piece, at) in pieces(text) {
        match piece {
            Piece::Open => open.push(at),
            Piece::Close if open.pop().is_none() => out.push(style_unpaired(place(at), "}")),
            // What is open inside it is no second mistake.
            Piece::Endless => {
                let mark = &text[at.clone()];
                out.push(style_unpaired(place(at.clone()), mark));
                return;
            }
            Piece::Wide(sign) => {
                out.push(wide_sign(place(at.clone()), sign));
                match sign {
                    '｛' => open.push(at),
                    '｝' => drop(open.pop()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if let Some(at) = open.pop() {
        out.push(style_unpaired(place(at), "{"));
    }
}

/// The pieces of a style sheet, with their bytes.
fn pieces(text: &str) -> Vec<(Piece<'_>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['{', '}', '/', '"', '\'', '-', '＃', '：', '；', '｛', '｝', '（', '）'])
    {
        let start = at + start;
        let rest = &text[start..];
        let first = rest.chars().next().unwrap_or(' ');
        let mut end = start + first.len_utf8();
        let piece = match first {
            '{' => Some(Piece::Open),
            '}' => Some(Piece::Close),
            '/' if rest.starts_with("/*") => {
                let close = rest[2..].find("*/");
                end = close.map_or(start + 2, |close| start + 2 + close + 2);
                if close.is_none() {
                    found.push((Piece::Endless, start..end));
                    return found;
                }
                None
            }
            '"' | '\'' => {
                let close = quote_end(&rest[1..], first);
                end = close.map_or(end, |close| start + 1 + close + 1);
                close.is_none().then_some(Piece::Endless)
            }
            '-' if rest.starts_with("--") => {
                let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                end = start + length;
                let is_declared = rest[length..].trim_start().starts_with(':');
                let name = &rest[..length];
                match text[..start].ends_with(is_name) {
                    // `.box--wide:hover`
                    true => None,
                    false => Some(if is_declared { Piece::Declared(name) } else { Piece::Used(name) }),
                }
            }
            '/' | '-' => None,
            sign => Some(Piece::Wide(sign)),
        };
        found.extend(piece.map(|piece| (piece, start..end)));
        at = end;
    }
    found
}

/// Where a quotation ends, on its line.
fn quote_end(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '\n' => return None,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// A brace, a comment or a quotation of a style sheet that lacks its other half.
pub fn style_unpaired(place: Place, mark: &str) -> Diagnostic {
    let (ja, en) = match mark {
        "}" => ("「}」に対になる「{」がありません。".to_owned(), "this `}` closes nothing".to_owned()),
        "{" => ("「{」に対になる「}」がありません。".to_owned(), "this `{` is never closed".to_owned()),
        _ => (format!("「{mark}」が閉じていません。"), format!("this `{mark}` is never closed")),
    };
    let finding = Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("{ja}後に書いたことが効かなくなります。"),
        format!("{en}: what follows has no effect"),
    );
    match mark {
        "}" => finding.help("これを消すか、足りない「{」を足します。", "delete it, or add the missing `{`"),
        "{" => finding.help("この指定の終わりに「}」を足します。", "add a `}` where the rule ends"),
        "/*" => finding.help("説明の終わりに「*/」を足します。", "add */ where the comment ends"),
        _ => finding.help(format!("終わりに {mark} を足します。"), format!("add {mark} where it ends")),
    }
}

/// A full-width sign in a style sheet.
pub fn wide_sign(place: Place, sign: char) -> Diagnostic {
    let narrow = fold(&sign.to_string());
    Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("全角の「{sign}」があると、この指定は効きません。"),
        format!("with the full-width `{sign}` this has no effect"),
    )
    .help(format!("半角の「{narrow}」にします。"), format!("write the ASCII `{narrow}`"))
    .guess(place, narrow)
}

/// A custom property that no style sheet uses.
pub fn unused_property<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("「{name}」は、どのスタイルシートにも使われません。"),
        format!("no style sheet uses `{name}`"),
    );
    match nearest(name, known) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "名前は themes/default/assets/tokens.css にあります。要らなければ消します。",
            "names are listed in themes/default/assets/tokens.css; delete it if it is not needed",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    /// What is marked in the style sheet of a theme, where the original one has these properties.
    fn marked(css: &str) -> Vec<String> {
        let layer = |name: &str, css: &str, file| Layer {
            name: name.into(),
            files: [("assets/city.css".to_owned(), (Cow::Owned(css.as_bytes().to_vec()), file))].into(),
        };
        let original = ":root { --color-accent: #000; } a { color: var(--color-accent) }";
        let layers = [layer("own", css, Some(FileId(0))), layer(BUILT_IN, original, None)];
        let mut found = Vec::new();
        check(&layers, &mut found);
        found.iter().map(|it| format!("{}: {}", it.place.span.start, it.place.span.slice(css))).collect()
    }

    #[test]
    fn what_a_browser_passes_over_is_told() {
        assert_eq!(marked("@layer a { :root { --color-accent: #123; } }\n"), [""; 0]);
        assert_eq!(marked(":root { --color-acent: #123; }\n"), ["8: --color-acent"]);
        assert_eq!(marked(":root { --own: 1px; } h1 { margin: var(--own) }"), [""; 0]);
        assert_eq!(marked("h1 { color: red\np { color: blue }\n"), ["3: {"]);
        assert_eq!(marked("h1 { color: red }}\n"), ["17: }"]);
        assert_eq!(marked("h1 { color: ＃123；}\n"), ["12: ＃", "18: ；"]);
        assert_eq!(marked("h1 ｛ color: red }\n"), ["3: ｛"]);
        assert_eq!(marked("/* { ： h1 { color: red }\n"), ["0: /*"]);
    }

    #[test]
    fn comments_quotations_and_names_of_classes_are_left_alone() {
        assert_eq!(marked("/* ＃ { */ a::after { content: \"： { \\\" }\" }"), [""; 0]);
        assert_eq!(marked(".box--wide:hover { color: red }"), [""; 0]);
        assert_eq!(marked("p { font-family: ＭＳ明朝, \"ＭＳ 明朝\" }"), [""; 0]);
        assert_eq!(marked("a::after { content: \"x }\n"), ["20: \""]);
    }

    proptest! {
        #[test]
        fn any_style_sheet_is_looked_through(css in "(/\\*|\\*/|--|--a:|[{}\"'\\\\＃： \n市a:]){0,30}") {
            for (_, at) in pieces(&css) {
                prop_assert!(css.get(at).is_some());
            }
            marked(&css);
        }
    }
}
