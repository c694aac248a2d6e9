//! Numbers that nobody can call, and postal codes that are none.

use crate::config::Contact;
use crate::diagnostic::{Diagnostic, Rule};
use crate::site::Site;
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::value::telephone::{Telephone, postal_code, postal_digits};

/// Numbers that nobody can call, and postal codes that are none. A site in another language may be of another country.
pub(super) fn contacts(site: &Site, sources: &Sources, out: &mut Vec<Diagnostic>) {
    if site.config.language != Language::Japanese {
        return;
    }
    if let Some(settings) = sources.find("site.yaml") {
        contact(settings, &site.config.contact, out);
    }
    for department in &site.departments {
        let matter = &department.matter;
        let sections = matter.sections.iter().map(|section| &section.contact);
        sections.chain([&matter.contact]).for_each(|it| contact(matter.body.file, it, out));
    }
}

fn contact(file: FileId, contact: &Contact, out: &mut Vec<Diagnostic>) {
    for written in [&contact.telephone, &contact.fax].into_iter().flatten() {
        // Words without a digit, such as 未定, promise no number.
        let Some(found) = Telephone::find(&written.value) else { continue };
        let letter = found.letter();
        if letter.is_some() || !found.is_japanese() {
            out.push(bad_telephone(Place::new(file, written.at), &written.value, letter));
        }
    }
    if let Some(written) = &contact.postal_code
        && postal_code(&written.value).is_none()
    {
        out.push(bad_postal_code(Place::new(file, written.at), &written.value));
    }
}

/// A telephone or fax number that nobody can call; `letter` stands among its digits.
pub fn bad_telephone(place: Place, text: &str, letter: Option<char>) -> Diagnostic {
    let (ja, en) = match letter {
        Some(c) => {
            (format!("「{text}」の「{c}」は、数字ではありません。"), format!("`{c}` in `{text}` is not a digit"))
        }
        None => (
            format!("「{text}」は、かけられる番号ではありません。"),
            format!("`{text}` is not a number that can be called"),
        ),
    };
    Diagnostic::new(Rule::BadValue, place, ja, en).help(
        "市外局番から数字で書きます（例 0277-76-0000）。内線などは、番号の後に括弧で書きます。外国の番号は、+ と国番号から書きます。",
        "write digits with the area code, such as 0277-76-0000, and notes in brackets behind it; begin numbers abroad with +",
    )
}

/// Not a postal code.
pub fn bad_postal_code(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は郵便番号ではありません。"),
        format!("`{text}` is not a postal code"),
    );
    match postal_digits(text) {
        Some(right) => {
            finding.help(format!("「{right}」のことですか。"), format!("did you mean `{right}`?")).guess(place, right)
        }
        None => finding.help("379-2395 の形で、7桁の数字を書きます。", "write seven digits, like 379-2395"),
    }
}
