//! Values of the city's own columns: texts, figures with their parts, chosen words, days, addresses.

use super::matter::{Extra, Extras};
use crate::config::{Column, web_address};
use crate::diagnostic::suggest::suggest;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::{Flag, column};
use crate::text::place::Place;
use crate::text::span::{Span, Spanned};
use crate::value::choice::{ColumnKind, ColumnOn};
use crate::value::figure::Figure;
use crate::yaml::{self, Fields, Node, Scribe, Value, field_findings};

/// Values of the columns that stand there, and the names under which they may be written.
pub(super) fn extras<'c>(
    fields: &mut Fields<'_, '_>,
    columns: &'c [Column],
    on: ColumnOn,
    scribe: &mut Scribe,
) -> (Extras, Vec<&'c str>) {
    let mut values = Vec::new();
    let mut names = Vec::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.on == on) {
        names.extend([&*column.key, &*column.label]);
        let Some(node) = fields.take_named([&column.key, &column.label]) else { continue };
        values.extend(extra(node, column, scribe).map(|value| (index as u16, value)));
    }
    (values.into(), names)
}

fn extra(node: &Node<'_>, column: &Column, scribe: &mut Scribe) -> Option<Extra> {
    match column.kind {
        ColumnKind::Text | ColumnKind::Articles => {
            let texts: Vec<Box<str>> = yaml::all_shown(node, scribe).into_iter().map(|text| text.value).collect();
            (!texts.is_empty()).then_some(Extra::Texts(texts))
        }
        ColumnKind::Amount | ColumnKind::Number => figure(node, column, scribe),
        ColumnKind::Choice => {
            let text = yaml::text(node, scribe)?;
            let choices: Vec<(&str, &str, usize)> =
                column.choices.iter().enumerate().map(|(index, word)| (&**word, &**word, index)).collect();
            let chosen = yaml::choose(&text, &choices, scribe)?;
            Some(Extra::Texts(vec![column.choices[chosen].clone()]))
        }
        ColumnKind::Flag => yaml::choose(&yaml::text(node, scribe)?, Flag::CHOICES, scribe).map(Extra::Flag),
        ColumnKind::Date => yaml::date(node, scribe).map(|date| Extra::Day(date.value)),
        ColumnKind::Link => web_address(yaml::text(node, scribe)?, scribe).map(Extra::Link),
    }
}

/// A figure, or its parts by their names. With parts and a total, both must agree; without a total, the parts are it.
fn figure(node: &Node<'_>, column: &Column, scribe: &mut Scribe) -> Option<Extra> {
    let unit = column.unit.as_deref();
    let Value::Map(entries) = &node.value else {
        return yaml::figure(node, unit, scribe).map(|total| Extra::Figure(total.value, Box::default()));
    };
    let total_key = column::TOTAL.key;
    let names = || column.parts.iter().map(|part| &**part);
    let (mut total, mut parts): (Option<Spanned<Figure>>, Vec<(u16, Figure)>) = (None, Vec::new());
    let (mut first, mut is_whole): (Vec<(&str, Span)>, bool) = (Vec::new(), true);
    for (key, value) in entries {
        let name = if let Value::Text(name) = &key.value { name } else { "" };
        let place = scribe.place(key.at);
        let is_total = total_key.is_called(name);
        let part = column.parts.iter().position(|part| **part == *name);
        if !is_total && part.is_none() {
            scribe.note(unknown_part(place, name, &column.label, names()));
            is_whole = false;
            continue;
        }
        let same = |known: &str| known == name || (is_total && total_key.is_called(known));
        if let Some((_, at)) = first.iter().find(|(known, _)| same(known)) {
            scribe.note(field_findings::duplicate_key(place, name, scribe.place(*at)));
            continue;
        }
        first.push((name, key.at));
        // A source that gives nothing.
        if yaml::is_blank(value) {
            continue;
        }
        let figure = yaml::figure(value, unit, scribe);
        is_whole &= figure.is_some();
        match (part, figure) {
            (Some(index), Some(figure)) => parts.push((index as u16, figure.value)),
            (None, Some(figure)) => total = Some(figure),
            (_, None) => {}
        }
    }
    parts.sort_by_key(|(index, _)| *index);
    // Of what is not all there, nothing can be said.
    let sum = Figure::sum(parts.iter().map(|(_, part)| part)).filter(|_| is_whole && !parts.is_empty());
    if let (Some(total), Some(sum)) = (&total, &sum)
        && total.value.compare(sum).is_ne()
    {
        let shown = |figure: &Figure| format!("{figure}{}", unit.unwrap_or_default());
        scribe.note(sum_mismatch(scribe.place(total.at), &shown(&total.value), &shown(sum), scribe.place(node.at)));
    }
    let total = total.map(|total| total.value).or(sum)?;
    Some(Extra::Figure(total, parts.into()))
}

/// A part that the column does not have.
pub fn unknown_part<'a>(
    place: Place,
    name: &str,
    column: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownKey,
        place,
        format!("列「{column}」に「{name}」という内訳はありません。"),
        format!("the column `{column}` has no part `{name}`"),
    );
    if field_findings::is_rest_of_number(name) {
        field_findings::comma_in_number(finding)
    } else {
        suggest(finding, name, known)
    }
}

/// A total, and parts that do not add up to it.
pub fn sum_mismatch(place: Place, total: &str, sum: &str, parts: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::SumMismatch,
        place,
        format!("合計は {total}、内訳を足すと {sum} です。"),
        format!("the total is {total}, its parts add up to {sum}"),
    )
    .help("どちらが正しいかを確かめて、そろえます。", "find out which is right, and make them agree")
    .also(parts, "内訳はここ", "the parts are here")
}
