//! Where the site will be: the address of a folder, behind which the paths of pages are put.

use super::contact::bad_url;
use super::with_slash;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::settings;
use crate::text::place::Place;
use crate::yaml::{Fields, Scribe};
use unicode_normalization::UnicodeNormalization;

/// Why an address is not that of a site's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No web address at all.
    NoAddress,
    /// `www.example.lg.jp/goals/`
    NoScheme,
    /// Full-width letters, blanks.
    Letters,
    /// `https://user:password@…`
    User,
    /// `http://localhost/`, `http://127.0.0.1/`: the machine of whoever reads it.
    OwnMachine,
    /// `…?x=1`
    Query,
    /// `…#a`
    Fragment,
    /// `…/index.html`
    Page,
}

/// What is wrong with an address, the one that was meant, and whether it can mean nothing else.
pub type Slip = (Fault, Option<Box<str>>, bool);

/// The address of the folder, with a slash at its end.
///
/// # Errors
/// What is wrong with it, and the address that was meant, where that can be told; it is certain where `true` stands.
pub fn folder_address(text: &str) -> Result<Box<str>, Slip> {
    let narrow: String = text.nfkc().collect();
    let address = narrow.trim();
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|it| address.get(..it.len()).is_some_and(|at| at.eq_ignore_ascii_case(it)));
    let rest = scheme.map_or(address, |scheme| &address[scheme.len()..]);
    let unfit = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\".contains(c);
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let is_host = !host.is_empty() && !host.starts_with(['.', ':']) && (scheme.is_some() || host.contains('.'));
    if !is_host || rest.contains(unfit) || rest.contains("://") {
        return Err((Fault::NoAddress, None, false));
    }
    if is_own_machine(host) {
        return Err((Fault::OwnMachine, None, false));
    }
    let before = |sign: char| path.find(sign).unwrap_or(path.len());
    let (query, fragment) = (before('?'), before('#'));
    let kept = &path[..query.min(fragment)];
    let (folder, name) = kept.rsplit_once('/').unwrap_or((kept, ""));
    let page = is_page(name);
    let kept = if page { folder } else { kept };
    let right = with_slash(format!("{}{host}{kept}", scheme.unwrap_or("https://")).into());
    let is_index = name.split('.').next() == Some("index");
    let (fault, is_certain) = if scheme.is_none() {
        (Fault::NoScheme, false)
    } else if query < path.len().min(fragment) {
        (Fault::Query, false)
    } else if page {
        (Fault::Page, is_index)
    } else if host.len() < authority.len() {
        (Fault::User, true)
    } else if fragment < path.len() {
        (Fault::Fragment, true)
    } else if text != address || !text.starts_with(scheme.unwrap_or_default()) {
        (Fault::Letters, true)
    } else {
        return Ok(right);
    };
    Err((fault, Some(right), is_certain))
}

/// Whether a host is the very machine on which its name is read.
fn is_own_machine(host: &str) -> bool {
    let name = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |rest| rest.split(']').next());
    let name = name.unwrap_or(host).trim_end_matches('.').to_ascii_lowercase();
    let is_name = |known: &str| name == known || name.ends_with(&format!(".{known}"));
    is_name("localhost") || is_name("local") || name.starts_with("127.") || ["0.0.0.0", "::1", "::"].contains(&&*name)
}

/// Whether a name is that of a page rather than of a folder.
fn is_page(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cgi"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(ending))
}

/// Reads the setting. What cannot be an address gives none.
pub(super) fn base_url(fields: &mut Fields<'_, '_>, scribe: &mut Scribe) -> Option<Box<str>> {
    let text = fields.word(&settings::BASE_URL, scribe)?;
    match folder_address(&text.value) {
        Ok(address) => Some(address),
        Err((fault, right, is_certain)) => {
            scribe.note(bad_base_url(scribe.place(text.at), &text.value, fault, right.as_deref(), is_certain));
            right
        }
    }
}

/// An address that is not that of the site's folder; `right` is the one that was meant.
pub fn bad_base_url(place: Place, text: &str, fault: Fault, right: Option<&str>, is_certain: bool) -> Diagnostic {
    let new = |ja: String, en: String| Diagnostic::new(Rule::BadValue, place, ja, en);
    let finding = match fault {
        Fault::NoAddress => return bad_url(place, text),
        Fault::NoScheme => new(
            format!("「{text}」は、https:// から始まっていません。"),
            format!("`{text}` does not start with https://"),
        ),
        Fault::Letters => new(
            format!("「{text}」に、全角の文字か、余分な空白があります。"),
            format!("`{text}` has full-width letters, or blanks around it"),
        ),
        // The password is not repeated.
        Fault::User => new(
            "公開先の住所に、利用者の名前やパスワードがあります。すべてのページに載ってしまいます。".into(),
            "the address has a user's name or password in it, which would be on every page".into(),
        ),
        Fault::OwnMachine => new(
            format!("「{text}」は、見ている人の機械を指す住所です。市民には見えません。"),
            format!("`{text}` is the machine of whoever reads it; citizens would not get there"),
        ),
        Fault::Query => new(
            format!("「{text}」の「?」から後ろには、ページの場所を続けられません。"),
            format!("no page can be put behind the `?` of `{text}`"),
        ),
        Fault::Fragment => new(
            format!("「{text}」の「#」から後ろには、ページの場所を続けられません。"),
            format!("no page can be put behind the `#` of `{text}`"),
        ),
        Fault::Page => new(
            format!("「{text}」はページの住所です。公開先は、フォルダーの住所で書きます。"),
            format!("`{text}` is the address of a page; what is wanted is that of the folder"),
        ),
    };
    match right {
        Some(right) => {
            let finding = finding.help(format!("{right} と書きます。"), format!("write {right}"));
            if is_certain { finding.fix(place, right) } else { finding.guess(place, right) }
        }
        None => finding.help(
            "公開するサーバーの、フォルダーの住所を書きます（例 https://www.example.lg.jp/goals/）。手元で見るだけなら、この行を消します。",
            "write the folder's address on the server, such as https://www.example.lg.jp/goals/; remove the line if the site is only looked at here",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_folder_is_told_from_all_others() {
        for (text, right) in [
            ("https://www.example.lg.jp/goals", "https://www.example.lg.jp/goals/"),
            ("http://www.example.lg.jp", "http://www.example.lg.jp/"),
            ("https://www.example.lg.jp:8443/a/b/", "https://www.example.lg.jp:8443/a/b/"),
            ("https://www.example.lg.jp/v1.2", "https://www.example.lg.jp/v1.2/"),
            ("https://www.example.lg.jp/%E7%9B%AE%E6%A8%99/", "https://www.example.lg.jp/%E7%9B%AE%E6%A8%99/"),
            ("https://localhost.example.jp/", "https://localhost.example.jp/"),
        ] {
            assert_eq!(folder_address(text).as_deref(), Ok(right), "{text}");
        }
        let goals = "https://www.example.lg.jp/goals/";
        for (text, fault, right, is_certain) in [
            ("https://www.example.lg.jp/goals/index.html", Fault::Page, Some(goals), true),
            ("https://www.example.lg.jp/goals/INDEX.HTM", Fault::Page, Some(goals), false),
            ("https://www.example.lg.jp/goals/top.php", Fault::Page, Some(goals), false),
            ("https://www.example.lg.jp/index.html#a", Fault::Page, Some("https://www.example.lg.jp/"), true),
            ("https://www.example.lg.jp/goals?x=1", Fault::Query, Some(goals), false),
            ("https://www.example.lg.jp?x=1", Fault::Query, Some("https://www.example.lg.jp/"), false),
            ("https://www.example.lg.jp/goals/#a", Fault::Fragment, Some(goals), true),
            ("www.example.lg.jp/goals", Fault::NoScheme, Some(goals), false),
            ("https://www.example.lg.jp/goals/ ", Fault::Letters, Some(goals), true),
            ("\u{3000}https://www.example.lg.jp/goals/", Fault::Letters, Some(goals), true),
            ("ｈｔｔｐｓ：／／www.example.lg.jp／goals／", Fault::Letters, Some(goals), true),
            ("HTTPS://www.example.lg.jp/goals/", Fault::Letters, Some(goals), true),
            ("https://user:pass@www.example.lg.jp/goals/", Fault::User, Some(goals), true),
            ("http://localhost/", Fault::OwnMachine, None, false),
            ("http://localhost:8000/goals/", Fault::OwnMachine, None, false),
            ("http://127.0.0.1/", Fault::OwnMachine, None, false),
            ("http://[::1]:8000/", Fault::OwnMachine, None, false),
            ("http://0.0.0.0:8000", Fault::OwnMachine, None, false),
            ("ftp://www.example.lg.jp/", Fault::NoAddress, None, false),
            ("/goals/", Fault::NoAddress, None, false),
            ("example", Fault::NoAddress, None, false),
            ("https://", Fault::NoAddress, None, false),
            ("https:///goals/", Fault::NoAddress, None, false),
            ("https://www.example.lg.jp/a b/", Fault::NoAddress, None, false),
        ] {
            assert_eq!(folder_address(text), Err((fault, right.map(Into::into), is_certain)), "{text}");
        }
    }

    #[test]
    fn what_is_written_instead_is_right() {
        for text in ["www.example.lg.jp", "https://a@b.jp/x/index.html?y#z", "http://x.jp/a.php", "https://x.jp//?"] {
            let (_, right, _) = folder_address(text).unwrap_err();
            let right = right.unwrap();
            assert_eq!(folder_address(&right), Ok(right.clone()), "{text}");
        }
    }
}
