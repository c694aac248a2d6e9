//! Rules over the texts of one file: characters, words and sentences, and Markdown as people write it.

mod habits;
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
    if config.is_partial {
        return Vec::new();
    }
    let reading = Reading { values: config.texts.clone(), ..Reading::default() };
    text::texts(file, text, &reading, config.language, &config.checks.options)
}

/// Rules that need one file and the site's settings only: a preview runs them for the files that changed.
pub fn file(file: FileId, text: &str, reading: &Reading, config: &Config) -> Vec<Diagnostic> {
    let mut out = text::texts(file, text, reading, config.language, &config.checks.options);
    out.extend(page::structure(file, text, reading));
    out.extend(table::broken(file, text, &reading.facts.texts));
    out.extend(habits::literal(file, text, &reading.facts.texts));
    out
}
