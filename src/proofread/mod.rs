//! Rules over the texts of one file: characters, words and sentences, and Markdown as people write it.

mod habits;
mod hidden;
mod host;
mod page;
mod table;
mod text;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::Reading;
use crate::text::place::FileId;

/// What readers will read of `site.yaml` itself. Settings that could not be read whole may have excused it.
pub fn settings(file: FileId, bytes: &[u8], config: &Config) -> Vec<Diagnostic> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let reading = Reading { values: config.texts.clone(), ..Reading::default() };
    let mut out = hidden::document(file, text, &reading);
    if !config.is_partial {
        out.extend(text::texts(file, text, &reading, config.language, &config.checks.options));
    }
    out
}

/// A file that is no document: what it says is not judged, but for characters that nobody sees.
pub fn other(file: FileId, bytes: &[u8]) -> Vec<Diagnostic> {
    std::str::from_utf8(bytes).map(|text| hidden::anywhere(file, text)).unwrap_or_default()
}

/// Whether the name of a file is what it looks like.
pub fn name(file: FileId, path: &str) -> Option<Diagnostic> {
    hidden::name(file, path)
}

/// Rules that need one file and the site's settings only: a preview runs them for the files that changed.
pub fn file(file: FileId, text: &str, reading: &Reading, config: &Config) -> Vec<Diagnostic> {
    let mut out = text::texts(file, text, reading, config.language, &config.checks.options);
    out.extend(page::structure(file, text, reading));
    out.extend(table::broken(file, text, &reading.facts.texts));
    out.extend(habits::literal(file, text, &reading.facts.texts));
    out.extend(hidden::document(file, text, reading));
    out
}
