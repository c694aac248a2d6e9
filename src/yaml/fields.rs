//! Typed fields taken out of a tree.

use super::cause::{Cause, colon_and_blanks, colon_without_space};
use super::{Form, Key, Node, Scribe, Shown, Value, Vocabulary, field_findings, findings};
use crate::diagnostic::{Diagnostic, Safety};
use crate::markdown::value;
use crate::text::nearest;
use crate::text::span::{Span, Spanned};
use crate::value::calendar::{Date, FiscalYear, Years, parse_date};
use crate::value::figure::Figure;

/// The entries of a map, taken out field by field; what is left at the end is unknown.
pub struct Fields<'n, 't> {
    entries: &'n [(Node<'t>, Node<'t>)],
    taken: Vec<bool>,
    asked: Vec<Key>,
    absent: Vec<Key>,
    at: Span,
}

impl<'n, 't> Fields<'n, 't> {
    /// Opens a map. `None`, with a finding, when `node` is something else; nothing at all is an empty map.
    pub fn open(node: &'n Node<'t>, scribe: &mut Scribe) -> Option<Self> {
        let entries: &[(Node<'t>, Node<'t>)] = match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            Value::Broken(_) => return None,
            // `text:目標`: the blank after the colon is missing.
            Value::Text(_)
                if let Some((text, colon)) =
                    node.verbatim().and_then(|text| Some((text, colon_without_space(text)?))) =>
            {
                let at = colon_and_blanks(text, colon).shifted(node.at.start as usize);
                scribe.note(findings::yaml_syntax(scribe.place(at), Cause::NoSpaceAfterColon, ":", ""));
                return None;
            }
            _ => {
                scribe.note(field_findings::expected_map(scribe.place(node.at)));
                return None;
            }
        };
        Some(Self {
            entries,
            taken: vec![false; entries.len()],
            asked: Vec::with_capacity(12),
            absent: Vec::new(),
            at: node.at,
        })
    }

    /// Where the whole map stands.
    pub fn at(&self) -> Span {
        self.at
    }

    /// Where the value of a field stands; the start of the map when it is absent.
    pub fn at_of(&self, key: Key) -> Span {
        let is_it = |name: &Node<'_>| matches!(&name.value, Value::Text(text) if text == key.en || text == key.ja);
        let start = self.at.start as usize;
        self.entries.iter().find(|(name, _)| is_it(name)).map_or(Span::new(start, start), |(_, node)| node.at)
    }

    /// Takes a field; a second spelling of the same field is a finding.
    pub fn take(&mut self, key: Key, scribe: &mut Scribe) -> Option<&'n Node<'t>> {
        self.asked.push(key);
        let mut found: Option<(&'n Node<'t>, &'n Node<'t>)> = None;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            let Value::Text(text) = &name.value else { continue };
            if text != key.en && text != key.ja {
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

    /// Takes every entry that is left, whatever its name.
    pub fn take_rest(&mut self) -> Vec<(&'n Node<'t>, &'n Node<'t>)> {
        let rest = self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|((k, v), _)| (k, v));
        let rest = rest.collect();
        self.taken.fill(true);
        rest
    }

    /// Notes a field that must be there and is not; reported by [`Fields::finish`], unless a misspelt key explains it.
    pub fn missing(&mut self, key: Key) {
        self.absent.push(key);
    }

    /// Reports every entry nobody asked for, with the nearest known name. `more` are the city's own names.
    pub fn finish(mut self, more: &[&str], scribe: &mut Scribe) {
        // What is there already, or has been taken for another slip, is not what was meant.
        let is_there = |key: &Key| {
            let mut names = self.entries.iter().map(|(name, _)| &name.value);
            names.any(|name| matches!(name, Value::Text(text) if text == key.en || text == key.ja))
        };
        let mut open: Vec<Key> = self.asked.iter().copied().filter(|key| !is_there(key)).collect();
        let broken: Vec<&str> = self.entries.iter().filter_map(|(_, node)| node.broken()).collect();
        for ((name, node), taken) in self.entries.iter().zip(&self.taken) {
            if *taken || node.is_broken() {
                continue;
            }
            match &name.value {
                Value::Text(text) if text.starts_with('\u{3000}') => {
                    let blanks = text.len() - text.trim_start_matches('\u{3000}').len();
                    let at = Span::new(name.at.start as usize, name.at.start as usize + blanks);
                    scribe.note(findings::yaml_syntax(scribe.place(at), Cause::WideIndent, "", ""));
                }
                Value::Text(text) => {
                    let known = open.iter().flat_map(|key| [key.en, key.ja]).chain(more.iter().copied());
                    let near = nearest::nearest(text, known.clone());
                    scribe.note(field_findings::unknown_key(scribe.place(name.at), text, known, &scribe.vocabulary));
                    if let Some(near) = near {
                        self.absent.retain(|key| key.en != near && key.ja != near);
                        open.retain(|key| key.en != near && key.ja != near);
                    }
                }
                _ => scribe.note(field_findings::unknown_key(
                    scribe.place(name.at),
                    "",
                    std::iter::empty(),
                    &Vocabulary::ANY,
                )),
            }
        }
        let start = Span::new(self.at.start as usize, self.at.start as usize);
        // What is missing may be what the broken entry was meant to be, or stand in its lines.
        let names_something = |lines: &&str| {
            let key = lines.split([':', '：']).next().unwrap_or("").trim_end();
            self.asked.iter().any(|known| known.en == key || known.ja == key)
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

    /// A word that names something; nothing written counts as absent.
    pub fn text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let node = self.take(key, scribe)?;
        text(node, scribe)
    }

    /// Text that pages show and nobody reads as a sentence, such as an address; nothing written counts as absent.
    pub fn shown(&mut self, key: Key, form: Form, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let node = self.take(key, scribe)?;
        shown(node, form, scribe)
    }

    /// Text that readers of the site will read; nothing written counts as absent.
    pub fn prose(&mut self, key: Key, form: Form, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.shown(key, form, scribe)?;
        scribe.read.push(text.at);
        Some(text)
    }

    /// Text that readers of the site will read, and that must be there.
    pub fn required_prose(&mut self, key: Key, form: Form, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.required_text(key, scribe)?;
        let at = text.at;
        scribe.keep_whole(at);
        scribe.read.push(at);
        let said = said(text, form, scribe);
        if said.is_none() {
            scribe.note(field_findings::empty_field(scribe.place(at), key));
        }
        said
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        match self.take(key, scribe) {
            None => {
                self.missing(key);
                None
            }
            Some(Node { value: Value::Broken(_), .. }) => None,
            Some(Node { value: Value::Null, at }) => {
                scribe.note(field_findings::empty_field(scribe.place(*at), key));
                None
            }
            Some(node) => text(node, scribe),
        }
    }

    /// Whether a field is named although nothing is written in it; where it is.
    pub fn blank(&self, key: Key) -> Option<Span> {
        let is_it = |name: &Node<'_>| matches!(&name.value, Value::Text(text) if text == key.en || text == key.ja);
        let is_blank = |node: &Node<'_>| match &node.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        let found = self.entries.iter().find(|(name, node)| is_it(name) && is_blank(node));
        found.map(|(name, node)| if node.at.start < node.at.end { node.at } else { name.at })
    }

    /// A list of names that pages show; a single name is a list of one.
    pub fn names(&mut self, key: Key, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
        let texts = self.texts(key, scribe);
        texts.into_iter().filter_map(|text| said(text, Form::Name, scribe)).collect()
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(&mut self, key: Key, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
        self.take(key, scribe).map(|node| texts(node, scribe)).unwrap_or_default()
    }

    /// The nodes of a list; a single value is a finding.
    pub fn list(&mut self, key: Key, scribe: &mut Scribe) -> Option<&'n [Node<'t>]> {
        let node = self.take(key, scribe)?;
        match &node.value {
            Value::List(items) => Some(items),
            Value::Null => Some(&[]),
            Value::Broken(_) => None,
            _ => {
                scribe.note(no_list(node, key, scribe));
                None
            }
        }
    }

    /// A date.
    pub fn date(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Date>> {
        let text = self.text(key, scribe)?;
        let date = parse_date(&text.value);
        if date.is_none() {
            scribe.note(field_findings::bad_date(scribe.place(text.at), &text.value));
        }
        Some(Spanned::new(date?, text.at))
    }

    /// A decimal figure. Its unit, where it is known, tells which number was meant by 「1億2500万」.
    pub fn figure(&mut self, key: Key, unit: Option<&str>, scribe: &mut Scribe) -> Option<Spanned<Figure>> {
        let text = self.text(key, scribe)?;
        let figure = Figure::parse(&text.value);
        if figure.is_none() {
            scribe.note(field_findings::bad_figure(scribe.place(text.at), &text.value, unit));
        }
        Some(Spanned::new(figure?, text.at))
    }

    /// A whole number in a range.
    pub fn number(&mut self, key: Key, range: std::ops::RangeInclusive<i64>, scribe: &mut Scribe) -> Option<i64> {
        let text = self.text(key, scribe)?;
        let number = text.value.parse::<i64>().ok().filter(|number| range.contains(number));
        if number.is_none() {
            scribe.note(field_findings::bad_number(scribe.place(text.at), &text.value, *range.start(), *range.end()));
        }
        number
    }

    /// Yes or no; absent is no.
    pub fn flag(&mut self, key: Key, scribe: &mut Scribe) -> bool {
        let Some(text) = self.text(key, scribe) else { return false };
        match &*text.value {
            "true" | "yes" | "はい" => true,
            "false" | "no" | "いいえ" => false,
            other => {
                scribe.note(field_findings::bad_choice(
                    scribe.place(text.at),
                    other,
                    &["true", "false", "はい", "いいえ"],
                ));
                false
            }
        }
    }

    /// One of several words, each in English and Japanese.
    pub fn choice<T: Copy>(&mut self, key: Key, choices: &[(&str, &str, T)], scribe: &mut Scribe) -> Option<T> {
        let text = self.text(key, scribe)?;
        choose(&text, choices, scribe)
    }

    /// The years in which something holds: `[2013, 2015]`, or `[2016]` for "from 2016 on".
    pub fn years(&mut self, key: Key, scribe: &mut Scribe) -> Option<Years> {
        let node = self.take(key, scribe).filter(|node| !node.is_broken())?;
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

/// The meaning of one of several words, each in English and Japanese.
pub fn choose<T: Copy>(text: &Spanned<Box<str>>, choices: &[(&str, &str, T)], scribe: &mut Scribe) -> Option<T> {
    let found = choices.iter().find(|(en, ja, _)| *text.value == **en || *text.value == **ja);
    if found.is_none() {
        let known: Vec<&str> = choices.iter().flat_map(|(en, ja, _)| [*en, *ja]).collect();
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
