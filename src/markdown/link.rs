//! Targets: which may be asked about, and how a URL is written into an attribute.
//!
//! Does not know where anything leads.

use super::cjk;
use crate::text::html::Html;
use std::borrow::Cow;
use std::fmt::Write;

/// A target as the author meant it: sentinels restored, characters that HTML forbids and surrounding spaces dropped.
/// Browsers ignore tabs and line breaks inside URLs, which hides `java\nscript:`; so they go too.
pub(super) fn target(raw: &str) -> Cow<'_, str> {
    let raw = raw.trim();
    if !raw.bytes().fold(false, |found, byte| found | (byte < 0x20) | (byte == 0x7F) | (byte >= 0xC2)) {
        return Cow::Borrowed(raw);
    }
    match cjk::clean(raw) {
        text if text.chars().any(is_dropped) => Cow::Owned(text.chars().filter(|c| !is_dropped(*c)).collect()),
        text => text,
    }
}

fn is_dropped(c: char) -> bool {
    c.is_control() || cjk::is_unwanted(c)
}

/// Whether a target may become a link: http, https, mailto, tel, or a path or fragment of this site.
pub(super) fn is_allowed(target: &str) -> bool {
    let slash = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'\\'));
    // `//host` and `/\host` leave the site without naming a scheme.
    if slash(target.as_bytes().first()) && slash(target.as_bytes().get(1)) {
        return false;
    }
    let Some((scheme, _)) = target.split_once(':') else { return true };
    // As in the URL standard: with any other character before the colon, it is a relative path (目標:1.md, a/b:c).
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    !is_scheme || ["http", "https", "mailto", "tel"].iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed))
}

/// Appends ` name="url"`. Characters that a valid URL cannot hold are percent-encoded; Japanese stays readable.
pub(super) fn push_url(out: &mut Html, name: &'static str, url: &str) {
    let odd = |byte: u8| {
        matches!(
            byte,
            0..=b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' | b'%' | b'#'
        )
    };
    if !url.bytes().any(odd) {
        out.push_attribute(name, url);
        return;
    }
    let bytes = url.as_bytes();
    let mut fragment = false;
    let mut encoded = String::with_capacity(url.len() + 16);
    for (at, c) in url.char_indices() {
        let keep = match c {
            '%' => matches!(bytes[at + 1..], [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()),
            '#' => !std::mem::replace(&mut fragment, true),
            _ => !(c.is_ascii() && odd(c as u8)),
        };
        if keep {
            encoded.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{:02X}", c as u32);
        }
    }
    out.push_attribute(name, &encoded);
}

/// A fragment with its percent-encoding read, for comparing it with ids.
pub(super) fn decoded(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains('%') {
        return Cow::Borrowed(fragment);
    }
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = fragment.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(fragment), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_and_paths_are_allowed() {
        for good in
            ["https://a.jp/", "HTTP://a.jp", "mailto:a@b.jp", "tel:0566", "a.md", "../a.md#b", "/2026/", "#目標"]
                .into_iter()
                .chain(["", "?q=a:b", "a/b:c", "目標:1.md", "./c:d"])
        {
            assert!(is_allowed(&target(good)), "{good}");
        }
        for bad in
            ["javascript:alert(1)", " JaVaScRiPt:x", "java\tscript:x", "java\u{FFF00}script:x", "\u{1}javascript:x"]
                .into_iter()
                .chain([
                    "data:text/html,x",
                    "vbscript:x",
                    "file:///etc/passwd",
                    "C:\\a",
                    "//host/x",
                    "/\\host",
                    "\\\\host",
                ])
        {
            assert!(!is_allowed(&target(bad)), "{bad}");
        }
    }

    #[test]
    fn urls_are_encoded_where_they_must_be() {
        let mut out = Html::new();
        push_url(&mut out, "href", "目標 a%20b%zz\"<#x#y&c");
        assert_eq!(out.as_str(), " href=\"目標%20a%20b%25zz%22%3C#x%23y&amp;c\"");
        assert_eq!(decoded("%E7%9B%AEa%"), "目a%");
        assert_eq!(decoded("%FF"), "%FF");
    }
}
