//! Which encoding a text is in that is not UTF-8: told by its bytes, named as Notepad names it.
//!
//! Knows the encodings that Japanese offices still meet. What it cannot tell it says it cannot tell.

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// An encoding other than UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Shift_JIS, which Notepad calls ANSI.
    ShiftJis,
    /// UTF-16, little endian, which Notepad calls UTF-16 LE or Unicode.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// EUC-JP, of older servers.
    EucJp,
    /// ISO-2022-JP, of mail.
    Iso2022Jp,
}

impl Encoding {
    /// Its name, as people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShiftJis => "Shift_JIS",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::EucJp => "EUC-JP",
            Self::Iso2022Jp => "ISO-2022-JP",
        }
    }

    /// The text; `None` where any of it is in no encoding of that name.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        let encoding = match self {
            Self::ShiftJis => SHIFT_JIS,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::EucJp => EUC_JP,
            Self::Iso2022Jp => ISO_2022_JP,
        };
        let (text, faulty) = encoding.decode_with_bom_removal(bytes);
        (!faulty && !text.contains('\0')).then(|| text.into_owned())
    }
}

/// The encoding of a text that is not UTF-8, with the text in it; `None` for UTF-8, for what mixes several, and for what
/// is no text at all.
pub fn recognise(bytes: &[u8]) -> Option<(Encoding, String)> {
    let marked = match bytes {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        // Without a mark: a text starts with ASCII here, whose other byte is zero.
        [first, 0, ..] if *first != 0 => Some(Encoding::Utf16Le),
        [0, second, ..] if *second != 0 => Some(Encoding::Utf16Be),
        _ => None,
    };
    if let Some(encoding) = marked {
        return encoding.decode(bytes).map(|text| (encoding, text));
    }
    match std::str::from_utf8(bytes) {
        // Escape sequences are how ISO-2022-JP leaves ASCII; nothing else here has them.
        Ok(text) if text.contains("\u{1b}$") => Some((Encoding::Iso2022Jp, Encoding::Iso2022Jp.decode(bytes)?)),
        Ok(_) => None,
        // Japanese letters before the first bad byte: a UTF-8 text with something else pasted into it.
        Err(error) if !bytes[..error.valid_up_to()].is_ascii() => None,
        // Japanese in Shift_JIS has lead bytes that EUC-JP has not; Japanese in EUC-JP reads as half-width kana there.
        Err(_) => [Encoding::EucJp, Encoding::ShiftJis]
            .into_iter()
            .find_map(|encoding| encoding.decode(bytes).map(|text| (encoding, text))),
    }
}

/// The text for showing it: decoded where the encoding is known, else with marks in place of what cannot be read.
pub fn shown(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly every text, validated once, many bytes at a time; what is ASCII in another encoding has zeros or escapes.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes)
        && !text.contains(['\0', '\u{1b}'])
    {
        return Cow::Borrowed(text);
    }
    match recognise(bytes) {
        Some((_, text)) => Cow::Owned(text),
        None => String::from_utf8_lossy(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\ntitle: 目標とカナ、表\n---\n本文です。\n";

    #[test]
    fn the_encodings_of_japanese_offices_are_told_apart() {
        let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.iter().copied().chain(TEXT.encode_utf16().flat_map(unit)).collect()
        };
        for (bytes, encoding) in [
            (SHIFT_JIS.encode(TEXT).0.into_owned(), Encoding::ShiftJis),
            (EUC_JP.encode(TEXT).0.into_owned(), Encoding::EucJp),
            (ISO_2022_JP.encode(TEXT).0.into_owned(), Encoding::Iso2022Jp),
            (utf16(&[0xFF, 0xFE], u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(&[0xFE, 0xFF], u16::to_be_bytes), Encoding::Utf16Be),
            (utf16(&[], u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(&[], u16::to_be_bytes), Encoding::Utf16Be),
        ] {
            assert_eq!(recognise(&bytes), Some((encoding, TEXT.to_owned())));
        }
    }

    #[test]
    fn what_is_utf8_or_a_mixture_is_no_other_encoding() {
        for bytes in [TEXT.as_bytes(), b"", b"plain", "\u{feff}題".as_bytes(), "題名\n\u{3000}".as_bytes()] {
            assert_eq!(recognise(bytes), None);
        }
        assert_eq!(recognise(b"\xe7\x9b\xae\xe6\xa8\x99\x96\xda\n"), None);
        assert_eq!(shown(b"a\xffb"), "a\u{fffd}b");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_told(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = (recognise(&bytes), shown(&bytes));
        }
    }
}
