//! Whom to ask: offices and sections with their addresses, of the city and of its departments.

use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::{Field, Word, contact};
use crate::text::place::Place;
use crate::text::span::Spanned;
use crate::yaml::{Fields, Scribe};
use unicode_normalization::UnicodeNormalization;

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The office or section.
    pub office: Option<Box<str>>,
    /// `448-8501`
    pub postal_code: Option<Spanned<Box<str>>>,
    /// Postal address.
    pub address: Option<Box<str>>,
    /// Telephone.
    pub telephone: Option<Spanned<Box<str>>>,
    /// Fax.
    pub fax: Option<Spanned<Box<str>>>,
    /// Mail address.
    pub email: Option<Box<str>>,
    /// Inquiry form.
    pub form_url: Option<Box<str>>,
}

impl Contact {
    /// Whether it says how the office is reached; its name alone does not.
    pub fn is_reachable(&self) -> bool {
        let ways = [self.telephone.is_some(), self.fax.is_some(), self.email.is_some(), self.form_url.is_some()];
        self.address.is_some() || ways.contains(&true)
    }

    /// This contact under a name, unless it has one.
    pub fn named(&self, name: &str) -> Contact {
        Contact { office: self.office.clone().or_else(|| Some(name.into())), ..self.clone() }
    }
}

/// A contact block: of the site, a department or a section.
pub fn contact(mut fields: Fields<'_, '_>, scribe: &mut Scribe) -> Contact {
    let contact = contact_fields(&mut fields, scribe);
    fields.finish(&[], scribe);
    contact
}

/// The fields of a contact block, where other fields may stand beside them.
pub fn contact_fields(fields: &mut Fields<'_, '_>, scribe: &mut Scribe) -> Contact {
    Contact {
        office: fields.text(&contact::OFFICE, scribe).map(|text| text.value),
        address: fields.text(&contact::ADDRESS, scribe).map(|text| text.value),
        postal_code: fields.shown(&contact::POSTAL_CODE, scribe),
        telephone: fields.shown(&contact::TELEPHONE, scribe),
        fax: fields.shown(&contact::FAX, scribe),
        email: email(fields, scribe),
        form_url: url(fields, &contact::FORM_URL, scribe),
    }
}

/// A mail address: the page makes a link of it.
fn email(fields: &mut Fields<'_, '_>, scribe: &mut Scribe) -> Option<Box<str>> {
    let text = fields.shown(&contact::EMAIL, scribe)?;
    let is_address = |text: &str| {
        let ends = text.split_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'));
        ends.is_some() && text.bytes().all(|byte| byte.is_ascii_graphic()) && text.matches('@').count() == 1
    };
    if is_address(&text.value) {
        return Some(text.value);
    }
    let narrow: String = text.value.nfkc().collect();
    let right = Some(narrow.as_str()).filter(|narrow| is_address(narrow));
    scribe.note(bad_email(scribe.place(text.at), &text.value, right));
    None
}

pub(super) fn url(fields: &mut Fields<'_, '_>, field: &Field<Word>, scribe: &mut Scribe) -> Option<Box<str>> {
    web_address(fields.word(field, scribe)?, scribe)
}

/// The text, where it is an address of the web.
pub fn web_address(text: Spanned<Box<str>>, scribe: &mut Scribe) -> Option<Box<str>> {
    if !is_web_address(&text.value) {
        scribe.note(bad_url(scribe.place(text.at), &text.value));
        return None;
    }
    Some(text.value)
}

/// Whether a text is an http(s) address.
fn is_web_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>\\".contains(c))
}

/// An address that is not http(s).
pub fn bad_url(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」はウェブの住所ではありません。"),
        format!("`{text}` is not a web address"),
    )
    .help("https:// から書きます。", "start with https://")
}

/// A mail address that is none; `right` is the one that was meant.
pub fn bad_email(place: Place, text: &str, right: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」はメールアドレスではありません。"),
        format!("`{text}` is not a mail address"),
    );
    match right {
        Some(right) => {
            finding.help(format!("半角で {right} と書きます。"), format!("write `{right}` in ASCII")).fix(place, right)
        }
        None => finding.help("kikaku@example.lg.jp の形で書きます。", "write it like kikaku@example.lg.jp"),
    }
}
