//! Rules over the texts of one file: characters, words and sentences, and Markdown as people write it.

mod habits;
mod hidden;
mod host;
mod lost;
mod memo;
mod page;
mod table;
mod text;
mod values;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::Reading;
use crate::text::place::FileId;
use crate::text::span::Span;

/// What readers will read of `site.yaml` itself. Settings that could not be read whole may have excused it.
pub fn settings(file: FileId, bytes: &[u8], config: &Config) -> Vec<Diagnostic> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let reading = Reading { values: config.texts.clone(), signs: config.signs.clone(), ..Reading::default() };
    let mut out = hidden::document(file, text, &reading);
    out.extend(values::markup(file, text, &reading.signs));
    if !config.is_partial {
        out.extend(text::texts(file, text, &reading, config.language, &config.checks.options));
    }
    out
}

/// A file that is no document: what it says is not judged, but for characters that nobody sees.
/// Words in YAML may be written as escapes.
pub fn other(file: FileId, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    // Nobody knows here which of its texts stand between double quotes; elsewhere such letters mean nothing at all.
    let values = if path.ends_with(".yaml") { vec![Span::new(0, text.len())] } else { Vec::new() };
    hidden::anywhere(file, text).into_iter().chain(hidden::escapes(file, text, &values)).collect()
}

/// Whether the name of a file is what it looks like.
pub fn name(file: FileId, path: &str) -> Option<Diagnostic> {
    hidden::name(file, path).or_else(|| text::name(file, path))
}

/// Rules that need one file and the site's settings only: a preview runs them for the files that changed.
pub fn file(file: FileId, text: &str, reading: &Reading, config: &Config) -> Vec<Diagnostic> {
    let mut out = text::texts(file, text, reading, config.language, &config.checks.options);
    out.extend(page::structure(file, text, reading));
    out.extend(table::broken(file, text, &reading.facts.texts));
    out.extend(habits::literal(file, text, &reading.facts.texts));
    out.extend(values::markup(file, text, &reading.signs));
    out.extend(memo::memos(file, text, &reading.facts.memos));
    out.extend(lost::changed(file, text, &reading.facts));
    out.extend(hidden::document(file, text, reading));
    out
}
