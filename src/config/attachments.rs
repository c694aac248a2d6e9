//! `attachments`: which files beside the documents a city has beyond those that every record has, and why.

use crate::fields::{Field, Words, attachments};
use crate::text::span::Spanned;
use crate::yaml::{Fields, Scribe};

/// What a city allows beside its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// Endings, in small letters and without their dot.
    pub endings: Vec<Spanned<Box<str>>>,
    /// Single files, by their path in `content/`.
    pub files: Vec<Spanned<Box<str>>>,
}

impl Attachments {
    /// Whether files of this ending are allowed.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.endings.iter().any(|allowed| *allowed.value == *ending)
    }

    /// Whether the file at this path of the project is allowed.
    pub fn has_file(&self, path: &str) -> bool {
        path.strip_prefix("content/").is_some_and(|path| self.files.iter().any(|allowed| *allowed.value == *path))
    }
}

/// Reads `attachments`. What is allowed without a reason is a finding, and allowed: it is one mistake, not several.
pub fn attachments(mut fields: Fields<'_, '_>, scribe: &mut Scribe) -> Attachments {
    let mut texts = |field: &Field<Words>, clean: fn(&str) -> String| {
        let texts = fields.words(field, scribe).into_iter();
        texts.map(|text| Spanned::new(clean(&text.value).into(), text.at)).collect()
    };
    let endings = texts(&attachments::ALLOW, |text| text.trim_start_matches(['*', '.']).to_lowercase());
    let files =
        texts(&attachments::FILES, |text| text.trim_start_matches('/').trim_start_matches("content/").to_owned());
    fields.word(&attachments::REASON, scribe);
    fields.finish(&[], scribe);
    Attachments { endings, files }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;
    use crate::text::place::FileId;

    #[test]
    fn endings_and_files_are_written_in_either_language_with_a_reason() {
        let read =
            |lines: &str| parse(FileId(0), format!("title: x\norganization: {{ name: y }}\n{lines}\n").as_bytes());
        let english = read("attachments: { allow: [.GeoJSON], files: [content/CNAME], reason: for the map }");
        let japanese = read("添付: { 認める形式: [geojson], 認めるファイル: [CNAME], 理由: 地図のため }");
        for config in [&english, &japanese] {
            assert_eq!(config.diagnostics, []);
            let allowed = &config.value.attachments;
            assert!(allowed.has_ending("geojson") && !allowed.has_ending("json"));
            assert!(allowed.has_file("content/CNAME") && !allowed.has_file("content/pages/CNAME"));
        }
        let bare = read("attachments: { allow: [html] }");
        assert_eq!(bare.diagnostics.iter().map(|it| it.rule.name()).collect::<Vec<_>>(), ["missing-field"]);
        assert!(bare.value.attachments.has_ending("html"));
    }
}
