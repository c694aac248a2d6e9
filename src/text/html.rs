//! Text that is already safe to put into a page. The only escaping in the program.

use super::span::find_byte;
use std::fmt::Write;

/// HTML made by this program from escaped parts; never raw input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain text, escaped.
    pub fn text(text: &str) -> Self {
        let mut html = Self::new();
        html.push_text(text);
        html
    }

    /// Appends plain text, escaped for element content and double-quoted attribute values.
    pub fn push_text(&mut self, text: &str) {
        escape_into(text, &mut self.0);
    }

    /// Appends markup written in this program's source. Never pass input here: use [`Html::push_text`].
    pub fn push_markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Appends ` name="value"` with the value escaped.
    pub fn push_attribute(&mut self, name: &'static str, value: &str) {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        escape_into(value, &mut self.0);
        self.0.push('"');
    }

    /// Appends a number.
    pub fn push_number(&mut self, number: usize) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{number}");
    }

    /// Appends another piece of safe HTML.
    pub fn push(&mut self, html: &Html) {
        self.0.push_str(&html.0);
    }

    /// Hands out the pieces between these places, in order, and with each whether it is the last. The places are between
    /// two letters: never inside a tag or an entity.
    pub fn split(&self, places: &[usize], mut each: impl FnMut(Html, bool)) {
        let mut start = 0;
        for place in places {
            each(Html(self.0[start..*place].to_owned()), false);
            start = *place;
        }
        each(Html(self.0[start..].to_owned()), true);
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Escapes `& < > " '` so that the text is safe in element content and in quoted attribute values.
pub fn escape_into(text: &str, out: &mut String) {
    escape(text, |part| out.push_str(part));
}

/// Hands the escaped text out in parts.
pub(crate) fn escape(text: &str, mut put: impl FnMut(&str)) {
    let mut start = 0;
    while let Some(at) = find_byte(text.as_bytes(), start, is_special) {
        if at > start {
            put(&text[start..at]);
        }
        put(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        start = at + 1;
    }
    if start < text.len() {
        put(&text[start..]);
    }
}

/// Whether a character must be escaped.
fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut html = Html::text("<b> & 'x'");
        html.push_markup("<i");
        html.push_attribute("title", "\"><script>");
        assert_eq!(html.as_str(), "&lt;b&gt; &amp; &#39;x&#39;<i title=\"&quot;&gt;&lt;script&gt;\"");
    }

    #[test]
    fn every_place_of_a_special_character_is_found() {
        for length in 0..80 {
            for at in 0..length {
                let mut text = vec!["目"; length];
                text[at] = "<";
                let (before, after) = ("目".repeat(at), "目".repeat(length - at - 1));
                assert_eq!(Html::text(&text.concat()).as_str(), format!("{before}&lt;{after}"));
            }
        }
    }
}
