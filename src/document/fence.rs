//! Where the settings of a file begin and end.

use super::findings;
use crate::fields::{goal, outcome};
use crate::text::span::Span;
use crate::yaml::Scribe;

/// Front matter and body of a text: the YAML with its offset, and the offset of the body.
pub(super) struct Split<'t> {
    pub(super) yaml: Option<(&'t str, usize)>,
    pub(super) body: usize,
}

/// What a fence looks like when it was typed by hand: `----`, `ーーー`, `－－－`, `———`, indented or with a blank inside.
fn is_almost_fence(line: &str) -> bool {
    let line = line.trim();
    let dash = |c: char| matches!(c, '-' | 'ー' | '－' | '—' | '―' | '–' | '‐' | '−' | '─' | '━' | 'ｰ');
    let dashes = line.chars().filter(|c| dash(*c)).count();
    // Word makes one long dash of `---`.
    (dashes >= 2 || matches!(line, "—" | "―")) && line.chars().all(|c| dash(c) || c.is_whitespace())
}

/// A line that is an item of front matter: `title: …`, `  - text: …`, `組織目標：…`, `- …`.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let Some((key, _)) = line.split_once([':', '：']) else { return false };
    !key.is_empty() && key.chars().count() <= 24 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '・'))
}

pub(super) fn split<'t>(text: &'t str, needed: bool, scribe: &mut Scribe) -> Split<'t> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let first = text[start..].lines().next().unwrap_or("");
    if first.trim_end() != "---" {
        almost_opened(text, start, needed, scribe);
        return Split { yaml: None, body: start };
    }
    let yaml_start = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
    let mut at = yaml_start;
    for line in text[yaml_start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Split { yaml: Some((&text[yaml_start..at], yaml_start)), body: at + line.len() };
        }
        at += line.len();
    }
    not_closed(text, start, yaml_start, scribe);
    Split { yaml: None, body: text.len() }
}

/// The file does not start with `---`, but something like it is there: one finding, at that line.
fn almost_opened(text: &str, start: usize, needed: bool, scribe: &mut Scribe) {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let (line_start, content) = (at, line.trim());
        let inner = Span::new(at + (line.len() - line.trim_start().len()), at + line.trim_end().len());
        at += line.len();
        if content.is_empty() {
            continue;
        }
        if content.starts_with("```") && text[at..].lines().find(|line| !line.trim().is_empty()) == Some("---") {
            scribe.note(findings::fenced_as_code(scribe.place(inner), content));
        } else if content == "---" {
            // Blank lines or an indentation before the fence. A lone rule in a prose page is none of our business.
            let rest = &text[at..];
            if rest.lines().next().is_some_and(is_item) {
                scribe.note(findings::late_fence(scribe.place(inner), Span::new(start, inner.end as usize)));
            }
        } else if is_almost_fence(content) && text[at..].lines().next().is_some_and(is_item) {
            scribe.note(findings::almost_fence(scribe.place(inner), line_start, content));
            // Whoever typed one like this most likely typed the other one so, too.
            let items = text[at..].split_inclusive('\n').take_while(|line| line.trim() != "---");
            let mut start = at;
            for line in items {
                if is_almost_fence(line) {
                    let place = scribe.place(Span::new(start, start + line.trim_end().len()));
                    scribe.note(findings::almost_fence(place, start, line.trim()));
                    break;
                }
                start += line.len();
            }
        } else if needed
            && is_item(content)
            && text[at..].lines().take(200).any(|line| line.trim() == "---" || is_almost_fence(line))
        {
            scribe
                .note(findings::no_opening_fence(scribe.place(Span::new(inner.start as usize, inner.start as usize))));
        }
        return;
    }
}

/// The opening `---` has no partner: the finding points at what was meant as one, else at where it belongs.
fn not_closed(text: &str, start: usize, yaml_start: usize, scribe: &mut Scribe) {
    let mut at = yaml_start;
    let mut last_item = Span::new(start, start + 3);
    let (mut in_items, mut after_blank) = (true, false);
    for line in text[yaml_start..].split_inclusive('\n') {
        let trimmed = Span::new(at + (line.len() - line.trim_start().len()), at + line.trim_end().len());
        let line_start = at;
        at += line.len();
        if is_almost_fence(line) {
            scribe.note(findings::almost_fence(scribe.place(trimmed), line_start, line.trim()));
            return;
        }
        let content = line.trim_end();
        // Behind a blank line, `## 背景` is a heading and `- 会場` a list of the body.
        let goes_on = content.starts_with([' ', '\t', '\u{3000}']) || (!after_blank && content.starts_with(['-', '#']));
        in_items &= content.is_empty() || goes_on || is_item(content);
        if in_items && !content.is_empty() && !content.starts_with('#') {
            last_item = trimmed;
        }
        after_blank = content.is_empty();
    }
    scribe.note(findings::unclosed_front_matter(scribe.place(last_item), last_item.start as usize > start));
}

/// Another document's settings in the body, where two were pasted into one file: a line `---`, then an item that only
/// settings have, and a closing `---`.
pub(super) fn second_document(text: &str, body: usize, scribe: &mut Scribe) {
    let names = [goal::TITLE.key, goal::PILLAR.key, outcome::EVALUATION.key, goal::ACTIONS.key];
    let is_own = |line: &&str| {
        let key = line.split([':', '：']).next().unwrap_or("").trim_end();
        is_item(line) && names.iter().any(|name| name.en == key || name.ja == key)
    };
    let (mut at, mut in_code) = (body, false);
    for line in text[body..].split_inclusive('\n') {
        let (start, content) = (at, line.trim_end());
        at += line.len();
        in_code ^= content.trim_start().starts_with("```");
        if content != "---" || in_code {
            continue;
        }
        let mut rest = text[at..].lines();
        if let Some(item) = rest.next().filter(is_own)
            && rest.any(|line| line.trim_end() == "---")
        {
            scribe.note(findings::second_front_matter(scribe.place(Span::new(start, start + 3)), item.trim_end()));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::{Kind, parse};
    use crate::fix;
    use crate::text::place::FileId;

    #[track_caller]
    fn mends(wrong: &str, right: &str) {
        let read = |text: &str| parse(FileId(1), Kind::Page("a".into()), text.as_bytes(), &[]).diagnostics;
        let [change] = &fix::plan(&read(wrong))[..] else { panic!("one change of {wrong:?}") };
        assert_eq!(change.apply(wrong.as_bytes()).as_deref(), Some(right.as_bytes()));
        assert_eq!(fix::plan(&read(right)), [], "{right:?}");
    }

    #[test]
    fn a_fence_and_a_key_are_mended_at_once_with_the_blanks_around_them() {
        mends("---\ntitle: 案内\n ---\n本文\n", "---\ntitle: 案内\n---\n本文\n");
        mends("---\ntitle: 案内\n　ーーー\n本文\n", "---\ntitle: 案内\n---\n本文\n");
        mends("　ーーー\ntitle: 案内\n---\n本文\n", "---\ntitle: 案内\n---\n本文\n");
        mends("---\ntitle　: 案内\n---\n本文\n", "---\ntitle: 案内\n---\n本文\n");
    }
}
