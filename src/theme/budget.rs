//! What one page may take of a theme: rounds of loops, and bytes.
//!
//! The template engine has no limit of its own for either: nine loops of ten inside one another never end. So what Tera
//! loads has a call of [`ROUND`] at the start of every loop's body, which counts; and what it writes goes through
//! [`Bounded`]. Compiled pages count for themselves, in the same units. Both are counts and no times: a page that is
//! too much is too much on every machine.

use crate::program::{Loop, MOST_BYTES, MOST_ROUNDS, loops};
use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Write};
use tera::{Error, Kwargs, State, TeraResult, Value};

/// The functions that count: one round, and the rounds of a list that is made of another.
pub(super) const ROUND: &str = "kohyo_round";
const ROUNDS_OF: &str = "kohyo_rounds_of";

/// What is said where a page has had too many; no words of an author can be this.
pub(super) const TOO_MANY: &str = "kohyo: too many rounds\u{0}";

thread_local! {
    /// The rounds of the page that is being made on this thread.
    static COUNTED: Cell<u64> = const { Cell::new(0) };
}

/// A page begins.
pub(super) fn begin() {
    COUNTED.set(0);
}

fn count(more: u64) -> TeraResult<()> {
    let counted = COUNTED.get().saturating_add(more);
    COUNTED.set(counted);
    if counted > MOST_ROUNDS { Err(Error::message(TOO_MANY)) } else { Ok(()) }
}

/// Lets templates count.
pub(super) fn register(tera: &mut tera::Tera) {
    tera.register_function(ROUND, |_: Kwargs, _: &State<'_>| count(1).map(|()| ""));
    tera.register_function(ROUNDS_OF, |values: Kwargs, _: &State<'_>| {
        let list = values.must_get::<Value>("list")?;
        count(list.len().unwrap_or(0) as u64).map(|()| list)
    });
}

/// A template with calls that count, and where they stand.
pub(super) struct Marked<'t> {
    pub(super) text: Cow<'t, str>,
    /// Where something was put in, in the new text, and how many bytes.
    added: Vec<(usize, usize)>,
}

impl<'t> Marked<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut marked = String::new();
        let mut added = Vec::new();
        let mut copied = 0;
        let mut put = |at: usize, more: &str| {
            marked.push_str(&text[copied..at]);
            copied = at;
            added.push((marked.len(), more.len()));
            marked.push_str(more);
        };
        for found in loops(text) {
            match found {
                // White space that the tag takes away stays away.
                Loop::Tag { end, trims: false } => put(end, &format!("{{{{ {ROUND}() }}}}")),
                Loop::Tag { end, trims: true } => put(end, &format!("{{{{ {ROUND}() -}}}}")),
                Loop::List { start, end } => {
                    put(start, &format!("{ROUNDS_OF}(list="));
                    put(end, ")");
                }
            }
        }
        if added.is_empty() {
            return Self { text: Cow::Borrowed(text), added };
        }
        marked.push_str(&text[copied..]);
        Self { text: Cow::Owned(marked), added }
    }

    /// Where a byte stands in the template as it was.
    pub(super) fn original(&self, at: usize) -> usize {
        let before = self.added.iter().take_while(|(start, _)| *start < at);
        at - before.map(|(start, length)| (*length).min(at - start)).sum::<usize>()
    }
}

/// A page that is written, up to a number of bytes.
pub(super) struct Bounded<'o> {
    pub(super) out: &'o mut Vec<u8>,
    /// Whether there was more.
    pub(super) is_full: bool,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.out.len() + bytes.len() > MOST_BYTES {
            self.is_full = true;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_count_and_places_lead_back() {
        let text =
            "市{% for a in b -%}\n x{% endfor %}{{ [c for c in d.e if c] }}{% raw %}{% for a in b %}{% endraw %}";
        let marked = Marked::new(text);
        assert_eq!(
            marked.text,
            "市{% for a in b -%}{{ kohyo_round() -}}\n x{% endfor %}{{ [c for c in kohyo_rounds_of(list=d.e) if c] }}{% raw %}{% for a in b %}{% endraw %}"
        );
        for part in ["市", "{% for a", " x", "endfor", "d.e", "if c", "endraw"] {
            let there = marked.text.find(part).unwrap();
            assert_eq!(marked.original(there), text.find(part).unwrap(), "{part}");
        }
        let inside = marked.text.find("kohyo_round()").unwrap();
        assert_eq!(marked.original(inside), text.find("\n x").unwrap());
        assert!(matches!(Marked::new("{{ a }}{% if b %}c{% endif %}").text, Cow::Borrowed(_)));
    }
}
