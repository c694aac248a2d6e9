//! The two languages of messages, and sentences in both.

/// The language of messages and of a site's interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// English
    English,
}

impl Language {
    /// From a language tag such as `ja`, `en-US` or `ja_JP.UTF-8`; `None` for other languages.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.split(['-', '_', '.']).next()? {
            "ja" => Some(Self::Japanese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// One of two sentences.
    pub fn pick<'s>(self, ja: &'s str, en: &'s str) -> &'s str {
        match self {
            Self::Japanese => ja,
            Self::English => en,
        }
    }

    /// The language tag for `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
}

/// A count with its noun in English: `1 file`, `2 files`. For nouns that take an s.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// Japanese, for city staff.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Message {
    /// The sentence in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Japanese => &self.ja,
            Language::English => &self.en,
        }
    }
}
