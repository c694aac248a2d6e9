//! Relative addresses: what is encoded, joined and taken apart. Where a page is, only [`crate::plan`] knows.

/// Where a link may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Inside the site: a path or a fragment.
    Inside,
    /// http, https, mailto, tel.
    Outside,
    /// Anything else.
    Unsafe,
}

impl Scheme {
    /// The scheme of a link's target, told as a browser would (case and control characters ignored).
    pub fn of(target: &str) -> Self {
        let clean: String = target
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .take(32)
            .collect::<String>()
            .to_lowercase();
        if clean.starts_with("//") || clean.contains('\\') {
            return Self::Unsafe;
        }
        match clean.split_once(':') {
            Some(("http" | "https" | "mailto" | "tel", _)) => Self::Outside,
            Some((before, _)) if !before.contains(['/', '#', '?', '.']) => Self::Unsafe,
            _ => Self::Inside,
        }
    }
}

/// A link's path and its fragment; a query has no meaning on a static site and is dropped.
pub fn split_fragment(target: &str) -> (&str, Option<&str>) {
    let (path, fragment) = target.split_once('#').map_or((target, None), |(path, part)| (path, Some(part)));
    (path.split('?').next().unwrap_or(path), fragment)
}

/// `../` as often as it takes from a page to the site's top.
pub fn root(stem: &str) -> &'static str {
    match stem.bytes().filter(|byte| *byte == b'/').count() {
        0 => "",
        1 => "../",
        2 => "../../",
        _ => "../../../",
    }
}

/// A reference inside the site, as it is written into HTML: everything that is not safe in a path is percent-encoded.
pub fn encode(path: &str) -> String {
    if is_plain(path) {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len() * 3);
    for byte in path.bytes() {
        match is_plain_byte(byte) {
            true => out.push(byte as char),
            // Everything else, also the three bytes of a Japanese letter.
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Whether nothing in a path has to be encoded.
pub fn is_plain(path: &str) -> bool {
    path.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/')
}

/// Undoes percent-encoding; `None` when it is malformed or not UTF-8.
pub fn decode(path: &str) -> Option<String> {
    if !path.contains('%') {
        return Some(path.to_owned());
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).ok()
}

/// A path as its author wrote it: a `%` that begins no code is a sign of the name, as in `100%達成.pdf`.
pub fn decode_name(path: &str) -> String {
    if let Some(decoded) = decode(path) {
        return decoded;
    }
    let mut escaped = String::with_capacity(path.len() + 8);
    for (at, c) in path.char_indices() {
        let is_code =
            matches!(path.as_bytes()[at + 1..], [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
        escaped.push(c);
        if c == '%' && !is_code {
            escaped.push_str("25");
        }
    }
    decode(&escaped).unwrap_or_else(|| path.to_owned())
}

/// Resolves a relative path against the folder of a file; `None` when it leaves the site.
pub(crate) fn join(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
