//! A link whose words name one server and which leads to another.

use crate::diagnostic::{Diagnostic, Rule};
use crate::text::place::Place;
use crate::text::visible::is_hidden;
use unicode_normalization::UnicodeNormalization;

/// What of `text` names another server than `target` leads to, where it does.
pub(super) fn other_host(place: Place, text: &str, target: &str) -> Option<Diagnostic> {
    let (led, is_mail) = match target.split_once(':')? {
        (scheme, rest) if scheme.eq_ignore_ascii_case("mailto") => (rest.split('?').next()?.rsplit_once('@')?.1, true),
        (scheme, rest) if ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)) => {
            let rest = rest.trim_start_matches('/');
            // A name before `@` is no server, and is there to look like one.
            if let Some(named) = before_host(rest).and_then(|before| named_host(before, false)) {
                return Some(misnamed_host(place, &named, &folded(authority(rest))));
            }
            (authority(rest), false)
        }
        _ => return None,
    };
    let led = folded(led);
    // Without what nobody sees between the letters.
    let text = text.replace(|c: char| is_hidden(c) && !c.is_whitespace(), "");
    let named = text.split(|c: char| c.is_whitespace() || "、。「」『』（）()<>＜＞［］[]【】,，；;\"'”“".contains(c));
    let named = named.filter_map(|word| named_host(word, is_mail)).find(|named| !is_same(named, &led))?;
    Some(misnamed_host(place, &named, &led))
}

/// The part of an address behind `//` that says where its server is, as browsers read it.
fn authority(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(host, _)| host)
}

/// What stands before `@` in the part of an address that names its server.
fn before_host(rest: &str) -> Option<&str> {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    authority.rsplit_once('@').map(|(before, _)| before)
}

/// Endings of names by which a word without `https://` is taken for a server; `.md` and `.pl` are files.
const ENDINGS: [&str; 17] = [
    "jp", "com", "net", "org", "info", "biz", "gov", "edu", "int", "eu", "uk", "us", "cn", "kr", "tw", "de", "example",
];

/// The server that a word names, if it looks like an address.
fn named_host(word: &str, is_mail: bool) -> Option<String> {
    let word: String = word.nfkc().collect::<String>().to_lowercase().replace('。', ".");
    let behind = word.find("://").filter(|at| word[..*at].ends_with("http") || word[..*at].ends_with("https"));
    let host = match behind {
        Some(at) => folded(authority(&word[at + 3..])),
        None if is_mail => folded(word.rsplit_once('@')?.1),
        None if word.contains('@') => return None,
        None => {
            let host = authority(&word);
            let is_clear = host.starts_with("www.") && host.matches('.').count() > 1;
            let is_known = host.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
            if !is_clear && !is_known {
                return None;
            }
            folded(host)
        }
    };
    let is_name = host.contains('.')
        && host
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')));
    is_name.then_some(host)
}

/// A name as it is looked up: small letters of ASCII's width, without `www.`; `xn--` written out.
fn folded(host: &str) -> String {
    let host: String = host.nfkc().collect::<String>().to_lowercase().replace(['。', '．', '｡'], ".");
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let part = |part: &str| part.strip_prefix("xn--").and_then(unpunycoded).unwrap_or_else(|| part.to_owned());
    host.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// The same, or a part of what is named: `opendata.city.example.jp` is of `city.example.jp`.
fn is_same(named: &str, led: &str) -> bool {
    led == named || led.strip_suffix(named).is_some_and(|rest| rest.ends_with('.'))
}

/// Letters of a name behind `xn--` (RFC 3492).
fn unpunycoded(text: &str) -> Option<String> {
    let (basic, rest) = text.rsplit_once('-').unwrap_or(("", text));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut at, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight, mut k) = (at, 1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let least = k.saturating_sub(bias).clamp(1, 26);
            if digit < least {
                break;
            }
            weight = weight.checked_mul(36 - least)?;
            k += 36;
        }
        let length = out.len() as u32 + 1;
        let mut delta = (at - before) / if before == 0 { 700 } else { 2 };
        delta += delta / length;
        bias = 0;
        while delta > 455 {
            delta /= 35;
            bias += 36;
        }
        bias += 36 * delta / (delta + 38);
        n = n.checked_add(at / length)?;
        at %= length;
        // No name of a server has more letters.
        if out.len() >= 63 {
            return None;
        }
        out.insert(at as usize, char::from_u32(n)?);
        at += 1;
    }
    Some(out.into_iter().collect())
}

/// The words of a link name one server, the link leads to another.
fn misnamed_host(place: Place, named: &str, led: &str) -> Diagnostic {
    let short = |host: &str| host.chars().take(80).collect::<String>();
    let (named, led) = (short(named), short(led));
    // Letters of another alphabet look the same.
    let other = led.chars().find(|c| !c.is_ascii() && !named.contains(*c));
    let (ja, en) = match other {
        Some(c) => (format!("（「{c}」は U+{:04X}）", c as u32), format!(" (`{c}` is U+{:04X})", c as u32)),
        None => Default::default(),
    };
    Diagnostic::new(
        Rule::OtherHost,
        place,
        format!("リンクの文字は {named} と言い、行き先は {led}{ja} です。"),
        format!("the words of this link say {named}, and it leads to {led}{en}"),
    )
    .help(
        "どちらが正しいかを確かめ、リンクの文字を、行き先のページの題名に変えます。",
        "find out which is right, and let the words be the title of the page it leads to",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::place::FileId;
    use crate::text::span::Span;

    fn told(text: &str, target: &str) -> Option<String> {
        other_host(Place::new(FileId::NONE, Span::default()), text, target).map(|finding| finding.message.ja)
    }

    #[test]
    fn a_server_that_is_named_is_the_one_that_is_led_to() {
        for (text, target) in [
            ("www.city.example.jp", "https://evil.example/"),
            ("https://www.city.kariya.lg.jp", "https://www.cit\u{443}.kariya.lg.jp"),
            ("市の公式 https://www.city.example.lg.jp/", "https://evil.example/"),
            ("ｗｗｗ．ｃｉｔｙ．ｅｘａｍｐｌｅ．ｊｐ", "https://evil.example/"),
            ("city.example.jp", "https://city.example.jp.evil.example/"),
            ("https://city.example.jp/", "https://city.example.jp@evil.example/"),
            ("https://city.example.jp@evil.example/", "https://city.example.jp/"),
            ("city.example.jp", "https://xcity.example.jp/"),
            ("日本語.jp", "https://xn--fsq.jp/"),
            ("info@city.example.jp", "mailto:info@evil.example"),
            ("www.city.exam\u{200b}ple.jp の案内", "https://evil.example/"),
            ("https://www.city.example.jp@evil.example/", "https://www.city.example.jp@evil.example/"),
            ("案内", "https://www.city.example.jp:443@evil.example/"),
        ] {
            assert!(told(text, target).is_some(), "{text} {target}");
        }
        for (text, target) in [
            ("www.city.example.jp", "https://city.example.jp/plan"),
            ("City.Example.JP", "HTTPS://WWW.city.example.jp:443/"),
            ("日本語.jp", "https://xn--wgv71a119e.jp/"),
            ("city.example.jp", "https://opendata.city.example.jp/"),
            ("計画（plan.pdf、README.md、2026.7）", "https://www.city.example.jp/plan.pdf"),
            ("Node.js と www", "https://nodejs.org/"),
            ("info@city.example.jp", "mailto:info@city.example.jp?subject=x"),
            ("https://www.city.example.jp/", "../policy.md"),
            ("ご意見: info@city.example.jp", "https://www.other.example/form"),
        ] {
            assert_eq!(told(text, target), None, "{text} {target}");
        }
    }

    #[test]
    fn names_behind_xn_are_read() {
        for (written, letters) in
            [("wgv71a119e", "日本語"), ("bcher-kva", "bücher"), ("80ak6aa92e", "аррӏе"), ("fsq", "例")]
        {
            assert_eq!(unpunycoded(written).as_deref(), Some(letters));
        }
        for broken in ["", "!", "99999999999999", "a-b-é"] {
            assert!(unpunycoded(broken).is_none_or(|it| it.is_empty()), "{broken}");
        }
    }
}
