//! Which Markdown bodies are written in, and what the few signs beside it mean.

use pulldown_cmark::Options;

/// Everything the parser can do that is meant for public documents; no math, no wiki links, no smart quotes.
pub(super) const SYNTAX: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM);

/// Whether inline HTML is a comment.
pub(super) fn is_comment(html: &str) -> bool {
    html.starts_with("<!--")
}

/// Whether inline HTML is a line break.
pub(super) fn is_line_break(html: &str) -> bool {
    let name = html.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("");
    name.trim_end_matches('/').trim_end().eq_ignore_ascii_case("br")
}

/// Whether a backslash takes its meaning from what stands at `at`.
pub(super) fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}
