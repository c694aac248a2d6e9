//! What the city calls things.

use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::{Field, NameOrMap, forms, terms};
use crate::text::place::Place;
use crate::text::span::Spanned;
use crate::text::terms::{Own, Term};
use crate::yaml::{Fields, NameOrFields, Scribe};
use std::collections::BTreeMap;

const TERMS: [(Term, &Field<NameOrMap>); 7] = [
    (Term::Record, &terms::RECORD),
    (Term::Results, &terms::RESULTS),
    (Term::Goal, &terms::GOAL),
    (Term::Action, &terms::ACTION),
    (Term::Pillar, &terms::PILLAR),
    (Term::Department, &terms::DEPARTMENT),
    (Term::Section, &terms::SECTION),
];

/// Reads `terms:`.
pub(super) fn terms(mut fields: Fields<'_, '_>, scribe: &mut Scribe) -> BTreeMap<Term, Own> {
    let mut own = BTreeMap::new();
    for (term, field) in TERMS {
        let (one, many) = match fields.name_or_nested(field, scribe) {
            Some(NameOrFields::Name(name)) => (clear(Some(name.clone()), scribe), Some(name.value)),
            Some(NameOrFields::Fields(mut forms)) => {
                let one = forms.text(&forms::ONE, scribe);
                let many = forms.text(&forms::MANY, scribe);
                forms.finish(&[], scribe);
                (clear(one, scribe), clear(many, scribe))
            }
            None => (None, None),
        };
        if let (Some(one), Some(many)) = (one, many) {
            own.insert(term, Own { one, many });
        }
    }
    fields.finish(&[], scribe);
    own
}

/// The text, unless words of the interface would take it for something else.
fn clear(text: Option<Spanned<Box<str>>>, scribe: &mut Scribe) -> Option<Box<str>> {
    let text = text?;
    if text.value.contains(['{', '}', '|']) {
        scribe.note(sign_in_a_term(scribe.place(text.at), &text.value));
        return None;
    }
    Some(text.value)
}

/// A term with signs that mean something in words of the interface.
fn sign_in_a_term(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("用語「{text}」に、{{ }} | は使えません。"),
        format!("the term `{text}` cannot hold `{{`, `}}` or `|`"),
    );
    match text.split_once('|').map(|(one, many)| (one.trim(), many.trim())) {
        Some((one, many))
            if !text.contains(['{', '}']) && !many.contains('|') && !one.is_empty() && !many.is_empty() =>
        {
            finding.help(
                "単数と複数で言葉が違うときは、{ one: …, many: … } と書きます。",
                "write `{ one: …, many: … }` where one and several are said differently",
            )
        }
        _ => finding.help("呼び方だけを書きます（例 政策）。", "write only what it is called"),
    }
}
