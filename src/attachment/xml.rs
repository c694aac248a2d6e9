//! XML in pieces, as strictly as needed to see what a browser would see: what is not well-formed is a piece of its own,
//! and the last one. Entities that a text defines itself are not known; who reads the pieces refuses their definitions.

use std::borrow::Cow;
use std::ops::Range;

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// `<name a="b">`, or `<name/>`.
    Open { name: &'t str, attributes: Vec<Attribute<'t>>, is_closed: bool },
    /// `</name>`
    Close { name: &'t str },
    /// What stands between tags, as written.
    Text(&'t str),
    /// `<![CDATA[…]]>`: what is in it.
    Data(&'t str),
    /// `<!-- … -->`
    Comment,
    /// `<?xml … ?>` at the very start.
    Declaration(&'t str),
    /// `<?name … ?>` anywhere.
    Instruction,
    /// `<!DOCTYPE … >`
    Doctype {
        /// Whether it defines something itself, between brackets.
        has_definitions: bool,
    },
    /// What is no XML.
    Broken,
}

/// `name="value"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// Its name, with its prefix.
    pub name: &'t str,
    /// Its value, as written.
    pub value: &'t str,
    /// All of it.
    pub at: Range<usize>,
}

/// Reads a text piece by piece.
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    is_over: bool,
}

impl<'t> Reader<'t> {
    /// Starts behind a mark of byte order.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: text.len() - text.trim_start_matches('\u{feff}').len(), is_over: false }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes on to the end of what closes; `None` where nothing does.
    fn until(&mut self, open: usize, close: &str) -> Option<&'t str> {
        let from = self.at + open;
        let length = self.text.get(from..)?.find(close)?;
        self.at = from + length + close.len();
        Some(&self.text[from..from + length])
    }

    fn skip(&mut self, is_it: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !is_it(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn name(&mut self) -> Option<&'t str> {
        let name = self.skip(|c| !is_blank(c) && !"/>=<\"'&".contains(c));
        name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')).then_some(name)
    }

    fn tag(&mut self) -> Option<Piece<'t>> {
        self.at += 1;
        let name = self.name()?;
        let mut attributes = Vec::new();
        loop {
            self.skip(is_blank);
            let rest = self.rest();
            if rest.starts_with('>') || rest.starts_with("/>") {
                let is_closed = rest.starts_with('/');
                self.at += 1 + usize::from(is_closed);
                return Some(Piece::Open { name, attributes, is_closed });
            }
            let start = self.at;
            let name = self.name()?;
            self.skip(is_blank);
            if !self.rest().starts_with('=') {
                return None;
            }
            self.at += 1;
            self.skip(is_blank);
            let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = self.until(1, if quote == '"' { "\"" } else { "'" })?;
            if value.contains('<') {
                return None;
            }
            attributes.push(Attribute { name, value, at: start..self.at });
        }
    }

    fn doctype(&mut self) -> Option<Piece<'t>> {
        let mut quote = None;
        for (index, byte) in self.rest().bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                // Nothing behind it means what it says.
                (None, b'[') => {
                    self.at += index;
                    self.is_over = true;
                    return Some(Piece::Doctype { has_definitions: true });
                }
                (None, b'>') => {
                    self.at += index + 1;
                    return Some(Piece::Doctype { has_definitions: false });
                }
                _ => {}
            }
        }
        None
    }

    fn piece(&mut self) -> Option<Piece<'t>> {
        let rest = self.rest();
        let starts = |with: &str| rest.starts_with(with);
        if !starts("<") {
            let length = rest.find('<').unwrap_or(rest.len());
            self.at += length;
            return Some(Piece::Text(&rest[..length]));
        }
        if starts("<!--") {
            return self.until(4, "-->").map(|_| Piece::Comment);
        }
        if starts("<![CDATA[") {
            return self.until(9, "]]>").map(Piece::Data);
        }
        if starts("<!") {
            return if starts("<!DOCTYPE") { self.doctype() } else { None };
        }
        if starts("<?") {
            let is_first = self.text[..self.at].chars().all(|c| c == '\u{feff}');
            let is_declaration = is_first && rest[2..].starts_with("xml") && rest[5..].starts_with(is_blank);
            let words = self.until(2, "?>")?;
            return Some(if is_declaration { Piece::Declaration(words) } else { Piece::Instruction });
        }
        if starts("</") {
            self.at += 2;
            let name = self.name()?;
            self.skip(is_blank);
            if !self.rest().starts_with('>') {
                return None;
            }
            self.at += 1;
            return Some(Piece::Close { name });
        }
        self.tag()
    }
}

impl<'t> Iterator for Reader<'t> {
    type Item = (Piece<'t>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over || self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let piece = self.piece().unwrap_or_else(|| {
            self.is_over = true;
            Piece::Broken
        });
        Some((piece, start..self.at.max(start + 1).min(self.text.len())))
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// A text with its references resolved; `None` where one is not known without a definition.
pub fn resolved(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        // The longest that is known has ten signs.
        let end = after.bytes().take(12).position(|byte| byte == b';')?;
        let (name, behind) = (&after[..end], &after[end + 1..]);
        out.push_str(before);
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        rest = behind;
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_pieces() {
        let text = "\u{feff}<?xml version=\"1.0\"?><!DOCTYPE a \"x>y\"><!-- <b> --><a b='1' c = \"2>\"><![CDATA[<x>]]>&amp;題</a >";
        let pieces: Vec<Piece<'_>> = Reader::new(text).map(|(piece, _)| piece).collect();
        let attribute = |name, value: &'static str, at| Attribute { name, value, at };
        let tag = text.find("<a b").unwrap();
        assert_eq!(
            pieces,
            [
                Piece::Declaration("xml version=\"1.0\""),
                Piece::Doctype { has_definitions: false },
                Piece::Comment,
                Piece::Open {
                    name: "a",
                    attributes: vec![attribute("b", "1", tag + 3..tag + 8), attribute("c", "2>", tag + 9..tag + 17)],
                    is_closed: false
                },
                Piece::Data("<x>"),
                Piece::Text("&amp;題"),
                Piece::Close { name: "a" },
            ]
        );
        assert_eq!(resolved("a&amp;&#x3042;&#65;").as_deref(), Some("a&あA"));
        for unknown in ["&x;", "&", "&amp", "&#xD800;", "&#;", "a & b", "&題;"] {
            assert_eq!(resolved(unknown), None, "{unknown}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end_or_to_what_is_broken(text in "[-<>!?/=\"'&;a\\[\\]CDAT xmlO題 ]{0,40}") {
            let mut from = text.len() - text.trim_start_matches('\u{feff}').len();
            let mut is_whole = true;
            for (piece, at) in Reader::new(&text) {
                proptest::prop_assert!(is_whole && at.start == from && at.end > at.start);
                is_whole = !matches!(piece, Piece::Broken | Piece::Doctype { has_definitions: true });
                from = at.end;
            }
            proptest::prop_assert!(!is_whole || from == text.len());
        }
    }
}
