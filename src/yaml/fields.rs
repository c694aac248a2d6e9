//! Typed fields taken out of a tree.

use super::cause::{Cause, colon_and_blanks, colon_without_space};
use super::{Node, Scribe, Shown, Value, field_findings, findings};
use crate::diagnostic::{Diagnostic, Safety};
use crate::fields::{
    self, Choice, Choices, Day, Decimal, Field, FigureOr, Flag, Form, Key, Many, Map, NameOrMap, Needed, Nested,
    OneOrMany, Range, Text, Texts, Vocabulary, Word, Words, YearRange,
};
use crate::markdown::value;
use crate::text::nearest;
use crate::text::span::{Span, Spanned};
use crate::value::calendar::{Date, FiscalYear, Years, parse_date};
use crate::value::figure::Figure;

/// A figure, or what stands in its place.
pub enum Given<'n, 't, T> {
    /// A figure.
    Figure(Figure),
    /// A word.
    Word(T),
    /// A map of fields.
    Fields(Fields<'n, 't>),
}

/// The entries of a map, taken out field by field; what is left at the end is unknown.
pub struct Fields<'n, 't> {
    map: &'static Map,
    entries: &'n [(Node<'t>, Node<'t>)],
    taken: Vec<bool>,
    absent: Vec<Key>,
    at: Span,
}

/// What a field holds that is a name or a map.
pub enum NameOrFields<'n, 't> {
    /// A name alone.
    Name(Spanned<Box<str>>),
    /// The map.
    Fields(Fields<'n, 't>),
}

impl<'n, 't> Fields<'n, 't> {
    /// Opens what should be such a map. `None`, with a finding, when `node` is something else; nothing at all is an empty map.
    pub fn open(node: &'n Node<'t>, map: &'static Map, scribe: &mut Scribe) -> Option<Self> {
        let entries = entries_of(node, scribe)?;
        Some(Self { map, entries, taken: vec![false; entries.len()], absent: Vec::new(), at: node.at })
    }

    /// Where the whole map stands.
    pub fn at(&self) -> Span {
        self.at
    }

    /// Where the value of a field stands; the start of the map when it is absent.
    pub fn at_of<K>(&self, field: &Field<K>) -> Span {
        let start = self.at.start as usize;
        self.entry(field).map_or(Span::new(start, start), |(_, node)| node.at)
    }

    /// Where the value of a field stands, if it is there.
    pub fn at_if<K>(&self, field: &Field<K>) -> Option<Span> {
        self.entry(field).map(|(_, node)| node.at)
    }

    /// Whether a field is there.
    pub fn has<K>(&self, field: &Field<K>) -> bool {
        self.entry(field).is_some()
    }

    fn entry<K>(&self, field: &Field<K>) -> Option<&'n (Node<'t>, Node<'t>)> {
        self.entries.iter().find(|(name, _)| matches!(&name.value, Value::Text(text) if field.key.is_called(text)))
    }

    /// Takes a field; a second spelling of the same field is a finding.
    pub fn take<K>(&mut self, field: &Field<K>, scribe: &mut Scribe) -> Option<&'n Node<'t>> {
        let key = field.key;
        debug_assert!(self.map.keys().any(|known| known == key), "{key:?} is no field of {}", self.map.name);
        let mut found: Option<(&'n Node<'t>, &'n Node<'t>)> = None;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            let Value::Text(text) = &name.value else { continue };
            if !key.is_called(text) {
                continue;
            }
            self.taken[index] = true;
            match found {
                None => found = Some((name, node)),
                // One of them may have been meant as something else.
                Some((_, first)) if first.is_broken() || node.is_broken() => {}
                Some((first, _)) => {
                    scribe.note(field_findings::duplicate_key(scribe.place(name.at), text, scribe.place(first.at)));
                }
            }
        }
        found.map(|(_, node)| node)
    }

    /// Takes a field whose name the city chose (a column): by its key or its label.
    pub fn take_named(&mut self, names: [&str; 2]) -> Option<&'n Node<'t>> {
        let mut found = None;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            if matches!(&name.value, Value::Text(text) if names.contains(&&**text)) && !self.taken[index] {
                self.taken[index] = true;
                found = found.or(Some(node));
            }
        }
        found
    }

    /// Reports every entry that is none of the map's fields, with the nearest known name. `more` are the city's own names.
    pub fn finish(mut self, more: &[&str], scribe: &mut Scribe) {
        // What is there already, or has been taken for another slip, is not what was meant.
        let is_there = |key: &Key| {
            let mut names = self.entries.iter().map(|(name, _)| &name.value);
            names.any(|name| matches!(name, Value::Text(text) if key.is_called(text)))
        };
        let broken: Vec<&str> = self.entries.iter().filter_map(|(_, node)| node.broken()).collect();
        let mut open: Option<Vec<Key>> = None;
        for ((name, node), taken) in self.entries.iter().zip(&self.taken) {
            if *taken || node.is_broken() {
                continue;
            }
            match &name.value {
                // In quotes, it is part of the name.
                Value::Text(_) if let Some(text) = name.verbatim().filter(|text| text.starts_with('\u{3000}')) => {
                    let blanks = text.len() - text.trim_start_matches('\u{3000}').len();
                    let at = Span::new(name.at.start as usize, name.at.start as usize + blanks);
                    scribe.note(findings::yaml_syntax(scribe.place(at), Cause::WideIndent, "", ""));
                }
                Value::Text(text) => {
                    let open = open.get_or_insert_with(|| self.map.keys().filter(|key| !is_there(key)).collect());
                    let known = open.iter().flat_map(|key| [key.en, key.ja]).chain(more.iter().copied());
                    let near = nearest::nearest(text, known.clone());
                    let place = scribe.place(name.at);
                    scribe.note(field_findings::unknown_key(place, text, known, self.map, scribe.vocabulary));
                    if let Some(near) = near {
                        self.absent.retain(|key| !key.is_called(near));
                        open.retain(|key| !key.is_called(near));
                    }
                }
                _ => {
                    let place = scribe.place(name.at);
                    scribe.note(field_findings::unknown_key(place, "", std::iter::empty(), self.map, Vocabulary::ANY));
                }
            }
        }
        let start = Span::new(self.at.start as usize, self.at.start as usize);
        // What is missing may be what the broken entry was meant to be, or stand in its lines.
        let names_something = |lines: &&str| {
            let key = lines.split([':', '：']).next().unwrap_or("").trim_end();
            self.map.field(key).is_some()
        };
        let is_clear = broken.iter().all(names_something);
        let may_be_there = |key: &Key| {
            let written = |lines: &&str| lines.contains(key.en) || lines.contains(key.ja);
            !is_clear || broken.iter().any(written)
        };
        for key in self.absent.iter().filter(|key| !may_be_there(key)).copied() {
            scribe.note(field_findings::missing_field(scribe.place(start), key));
        }
    }

    /// What is written in a field. Where the field must be there, its absence and its emptiness are findings.
    fn written<K>(&mut self, field: &Field<K>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let is_needed = field.needed == Needed::Always;
        let Some(node) = self.take(field, scribe) else {
            // Told at the end, unless a misspelt key explains it.
            self.absent.extend(is_needed.then_some(field.key));
            return None;
        };
        if is_needed && is_blank(node) {
            scribe.note(field_findings::empty_field(scribe.place(node.at), field.key));
            return None;
        }
        text(node, scribe)
    }

    /// A word that names something; nothing written counts as absent.
    pub fn word(&mut self, field: &Field<Word>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        self.written(field, scribe)
    }

    /// A text that pages show; nothing written counts as absent.
    pub fn text(&mut self, field: &Field<Text>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.written(field, scribe)?;
        let at = text.at;
        scribe.keep_whole(at);
        let said = said(text, field.kind.form, scribe);
        match said {
            Some(_) if field.kind.is_read => scribe.read.push(at),
            None if field.needed == Needed::Always => {
                scribe.note(field_findings::empty_field(scribe.place(at), field.key));
            }
            _ => {}
        }
        said
    }

    /// A word that pages show; nothing written counts as absent.
    pub fn shown(&mut self, field: &Field<fields::Shown>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.written(field, scribe)?;
        scribe.keep_whole(text.at);
        said(text, Form::Name, scribe)
    }

    /// Where a field is named although nothing is written in it.
    pub fn blank<K>(&self, field: &Field<K>) -> Option<Span> {
        let (name, node) = self.entry(field).filter(|(_, node)| is_blank(node))?;
        Some(if node.at.start < node.at.end { node.at } else { name.at })
    }

    /// A list of names that pages show; a single name is a list of one.
    pub fn names(&mut self, field: &Field<Texts>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
        let texts = self.take(field, scribe).map(|node| texts(node, scribe)).unwrap_or_default();
        texts.into_iter().filter_map(|text| said(text, Form::Name, scribe)).collect()
    }

    /// A list of words; a single word is a list of one.
    pub fn words(&mut self, field: &Field<Words>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
        self.take(field, scribe).map(|node| texts(node, scribe)).unwrap_or_default()
    }

    /// The entries of a field that is a map of its own; `None` where it is absent.
    pub fn nested(&mut self, field: &Field<Nested>, scribe: &mut Scribe) -> Option<Self> {
        let Some(node) = self.take(field, scribe) else {
            self.absent.extend((field.needed == Needed::Always).then_some(field.key));
            return None;
        };
        Fields::open(node, field.kind.0, scribe)
    }

    /// A name, or the fields of what stands for it; nothing written counts as absent.
    pub fn name_or_nested(&mut self, field: &Field<NameOrMap>, scribe: &mut Scribe) -> Option<NameOrFields<'n, 't>> {
        let node = self.take(field, scribe).filter(|node| !is_blank(node))?;
        if let Value::Map(_) = node.value {
            return Fields::open(node, field.kind.0, scribe).map(NameOrFields::Fields);
        }
        let name = name(node, scribe)?;
        scribe.read.push(name.at);
        Some(NameOrFields::Name(name))
    }

    /// The nodes of a list; a single value is a finding.
    pub fn list(&mut self, field: &Field<Many>, scribe: &mut Scribe) -> Option<&'n [Node<'t>]> {
        let node = self.take(field, scribe)?;
        match &node.value {
            Value::List(items) => Some(items),
            Value::Null => Some(&[]),
            Value::Broken(_) => None,
            _ => {
                scribe.note(no_list(node, field.key, scribe));
                None
            }
        }
    }

    /// The nodes of a list of maps; a single map is a list of one.
    pub fn maps(&mut self, field: &Field<OneOrMany>, scribe: &mut Scribe) -> &'n [Node<'t>] {
        match self.take(field, scribe) {
            Some(Node { value: Value::List(items), .. }) => items,
            Some(Node { value: Value::Null | Value::Broken(_), .. }) | None => &[],
            Some(node) => std::slice::from_ref(node),
        }
    }

    /// A date.
    pub fn date(&mut self, field: &Field<Day>, scribe: &mut Scribe) -> Option<Spanned<Date>> {
        read_date(&self.written(field, scribe)?, scribe)
    }

    /// A decimal figure. Its unit, where it is known, tells which number was meant by 「1億2500万」.
    pub fn figure(
        &mut self,
        field: &Field<Decimal>,
        unit: Option<&str>,
        scribe: &mut Scribe,
    ) -> Option<Spanned<Figure>> {
        read_figure(&self.written(field, scribe)?, unit, scribe)
    }

    /// A decimal figure, or what stands in its place.
    pub fn figure_or<T: Copy>(
        &mut self,
        field: &Field<FigureOr<T>>,
        unit: Option<&str>,
        scribe: &mut Scribe,
    ) -> Option<Spanned<Given<'n, 't, T>>> {
        let node = self.take(field, scribe)?;
        if let (Value::Map(_), Some(map)) = (&node.value, field.kind.map) {
            return Some(Spanned::new(Given::Fields(Fields::open(node, map, scribe)?), node.at));
        }
        let text = text(node, scribe)?;
        let found = field.kind.words.iter().find(|(en, ja, _)| *text.value == **en || *text.value == **ja);
        if let Some((.., word)) = found {
            return Some(Spanned::new(Given::Word(*word), text.at));
        }
        let figure = Figure::parse(&text.value);
        if figure.is_none() {
            let words: Vec<Key> = field.kind.words.iter().map(|(en, ja, _)| Key { en, ja, also: None }).collect();
            scribe.note(field_findings::bad_figure_or(scribe.place(text.at), &text.value, unit, &words));
        }
        Some(Spanned::new(Given::Figure(figure?), text.at))
    }

    /// A whole number in a range.
    pub fn number(&mut self, field: &Field<Range>, scribe: &mut Scribe) -> Option<i64> {
        let text = self.written(field, scribe)?;
        let Range(from, to) = field.kind;
        let number = text.value.parse::<i64>().ok().filter(|number| (from..=to).contains(number));
        if number.is_none() {
            scribe.note(field_findings::bad_number(scribe.place(text.at), &text.value, from, to));
        }
        number
    }

    /// Yes or no; absent is no.
    pub fn flag(&mut self, field: &Field<Flag>, scribe: &mut Scribe) -> bool {
        let Some(text) = self.written(field, scribe) else { return false };
        choose(&text, Flag::CHOICES, scribe).unwrap_or_default()
    }

    /// One of several words, each in English and Japanese.
    pub fn choice<T: Copy>(&mut self, field: &Field<Choice<T>>, scribe: &mut Scribe) -> Option<T> {
        let text = self.written(field, scribe)?;
        choose(&text, field.kind.0, scribe)
    }

    /// Several of several words, in order and each once; a single one is a list of one.
    pub fn choices<T: Copy + Ord>(&mut self, field: &Field<Choices<T>>, scribe: &mut Scribe) -> Vec<T> {
        let texts = self.take(field, scribe).map(|node| texts(node, scribe)).unwrap_or_default();
        let mut chosen: Vec<T> = texts.iter().filter_map(|text| choose(text, field.kind.0, scribe)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// The years in which something holds: `[2013, 2015]`, or `[2016]` for "from 2016 on".
    pub fn years(&mut self, field: &Field<YearRange>, scribe: &mut Scribe) -> Option<Years> {
        let node = self.take(field, scribe).filter(|node| !node.is_broken())?;
        let texts = texts(node, scribe);
        let mut years = Vec::new();
        for text in &texts {
            match FiscalYear::parse(&text.value) {
                Some(year) => years.push(year),
                None => scribe.note(field_findings::bad_year(scribe.place(text.at), &text.value)),
            }
        }
        if years.len() != texts.len() {
            return None;
        }
        match years[..] {
            [from] => Some(Years { from, to: None }),
            [from, to] if from <= to => Some(Years { from, to: Some(to) }),
            _ => {
                scribe.note(field_findings::bad_years(scribe.place(node.at)));
                None
            }
        }
    }
}

/// The date that a node is.
pub fn date(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Date>> {
    read_date(&text(node, scribe)?, scribe)
}

fn read_date(text: &Spanned<Box<str>>, scribe: &mut Scribe) -> Option<Spanned<Date>> {
    let date = parse_date(&text.value);
    if date.is_none() {
        scribe.note(field_findings::bad_date(scribe.place(text.at), &text.value));
    }
    Some(Spanned::new(date?, text.at))
}

/// The figure that a node is.
pub fn figure(node: &Node<'_>, unit: Option<&str>, scribe: &mut Scribe) -> Option<Spanned<Figure>> {
    read_figure(&text(node, scribe)?, unit, scribe)
}

fn read_figure(text: &Spanned<Box<str>>, unit: Option<&str>, scribe: &mut Scribe) -> Option<Spanned<Figure>> {
    let figure = Figure::parse(&text.value);
    if figure.is_none() {
        scribe.note(field_findings::bad_figure(scribe.place(text.at), &text.value, unit));
    }
    Some(Spanned::new(figure?, text.at))
}

/// Every entry of a map whose keys are anything. Nothing, with a finding, when `node` is something else.
pub fn entries<'n, 't>(node: &'n Node<'t>, scribe: &mut Scribe) -> &'n [(Node<'t>, Node<'t>)] {
    entries_of(node, scribe).unwrap_or_default()
}

fn entries_of<'n, 't>(node: &'n Node<'t>, scribe: &mut Scribe) -> Option<&'n [(Node<'t>, Node<'t>)]> {
    match &node.value {
        Value::Map(entries) => Some(entries),
        Value::Null => Some(&[]),
        Value::Broken(_) => None,
        // `text:目標`: the blank after the colon is missing.
        Value::Text(_)
            if let Some((text, colon)) = node.verbatim().and_then(|text| Some((text, colon_without_space(text)?))) =>
        {
            let at = colon_and_blanks(text, colon).shifted(node.at.start as usize);
            scribe.note(findings::yaml_syntax(scribe.place(at), Cause::NoSpaceAfterColon, ":", ""));
            None
        }
        _ => {
            scribe.note(field_findings::expected_map(scribe.place(node.at)));
            None
        }
    }
}

/// Whether nothing is written.
pub fn is_blank(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The meaning of one of several words, each in English and Japanese.
pub fn choose<T: Copy>(text: &Spanned<Box<str>>, choices: &[(&str, &str, T)], scribe: &mut Scribe) -> Option<T> {
    let found = choices.iter().find(|(en, ja, _)| *text.value == **en || *text.value == **ja);
    if found.is_none() {
        let mut known: Vec<&str> = Vec::new();
        for name in choices.iter().flat_map(|(en, ja, _)| [*en, *ja]) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        scribe.note(field_findings::bad_choice(scribe.place(text.at), &text.value, &known));
    }
    found.map(|(_, _, value)| *value)
}

/// What is wrong with a value that should be a list.
pub fn no_list(node: &Node<'_>, key: Key, scribe: &Scribe) -> Diagnostic {
    let first = match &node.value {
        Value::Map(entries) => entries.first().map(|(name, _)| name),
        _ => Some(node),
    };
    match first.and_then(|first| Some((first.verbatim()?, first.at.start as usize))) {
        // `-text: 開く`
        Some((text, start)) if text.starts_with('-') && text[1..].starts_with(|c: char| !c.is_whitespace()) => {
            let dash = scribe.place(Span::new(start, start + 1));
            let mut finding = findings::yaml_syntax(dash, Cause::NoSpaceAfterDash, "-", "");
            // `actions: -開く` is a slip of another kind: on the line of its key, there can be no item.
            if let (Value::Text(_), Some(fix)) = (&node.value, &mut finding.fix) {
                fix.safety = Safety::Guess;
            }
            finding
        }
        // `－ text: 開く`
        Some((text, start)) if let Some(dash) = wide_dash(text) => {
            let place = scribe.place(Span::new(start, start + dash.len_utf8()));
            findings::yaml_syntax(place, Cause::WideDash, &dash.to_string(), "")
        }
        _ => field_findings::expected_list(scribe.place(node.at), key),
    }
}

/// The dash that a text starts with, of those that an input method offers for `-`, where a word follows it.
fn wide_dash(text: &str) -> Option<char> {
    let dash = text.chars().next().filter(|c| matches!(c, '－' | 'ー' | '―' | '—' | '–' | '‐' | '−' | '─' | 'ｰ'))?;
    (!text[dash.len_utf8()..].trim().is_empty()).then_some(dash)
}

/// The text of a node; a list or map is a finding, nothing written is `None`.
pub fn text(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => None,
        Value::Text(text) => Some(Spanned::new(text.trim().into(), node.at)),
        Value::Null | Value::Broken(_) => None,
        _ => {
            scribe.note(field_findings::expected_text(scribe.place(node.at)));
            None
        }
    }
}

/// The text of a node that pages show: nothing of it may be taken for a comment of YAML.
fn shown(node: &Node<'_>, form: Form, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    let text = text(node, scribe)?;
    scribe.keep_whole(text.at);
    said(text, form, scribe)
}

/// The name that a node is.
pub fn name(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    shown(node, Form::Name, scribe)
}

/// What pages say of a text, without the notes of its authors; nothing where it is one. Nearly all texts stay as they are.
fn said(text: Spanned<Box<str>>, form: Form, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    if !value::may_hold_signs(&text.value) {
        return Some(text);
    }
    let at = text.at;
    scribe.signs.push(Shown { at, form });
    let said = value::without_comments(&text.value);
    let said = match form {
        Form::Lines => said,
        Form::Line | Form::Name if said.trim().contains('\n') => {
            let line = value::one_line(&said).into_owned();
            scribe.note(field_findings::lines_in_a_name(scribe.place(at), &line));
            line.into()
        }
        _ => value::one_line(&said).into_owned().into(),
    };
    let said = if matches!(form, Form::Name | Form::Summary) { value::plain(&said) } else { said };
    let said = said.trim();
    (!said.is_empty()).then(|| Spanned::new(said.into(), at))
}

/// The texts of a list; a single text is a list of one.
pub fn texts(node: &Node<'_>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(item, scribe)).collect(),
        _ => text(node, scribe).into_iter().collect(),
    }
}

/// The texts of a list that pages show as they are written; a single text is a list of one.
pub fn all_shown(node: &Node<'_>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
    let texts = texts(node, scribe);
    texts.iter().for_each(|text| scribe.keep_whole(text.at));
    texts.into_iter().filter_map(|text| said(text, Form::Lines, scribe)).collect()
}

#[cfg(test)]
mod tests {
    use crate::config;
    use crate::fix;
    use crate::text::place::FileId;

    #[test]
    fn a_text_that_reads_in_another_way_than_it_is_written_is_not_mended_inside() {
        let about_scale = |text: &str| {
            let text = format!("title: 青葉市\norganization: {{ name: 青葉市 }}\nscale: {text}\n");
            let findings = config::parse(FileId(1), text.as_bytes()).diagnostics;
            let marked: Vec<String> = findings.iter().map(|it| it.place.span.slice(&text).to_owned()).collect();
            (marked, fix::plan(&findings).len())
        };
        assert_eq!(about_scale("\n  -key: above"), (vec!["-".to_owned()], 1));
        for text in ["\"-above\"", "|\n  -   above", "|\n  -above\n  -below"] {
            let (marked, changes) = about_scale(text);
            assert_eq!((marked.len(), changes), (1, 0), "{text}: {marked:?}");
            assert!(marked[0].len() > 1, "{text}: {marked:?}");
        }
        assert_eq!(about_scale("-above"), (vec!["-".to_owned()], 0));
    }
}
