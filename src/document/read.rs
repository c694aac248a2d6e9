//! Front matter to values, field by field.

use super::matter::{
    Action, ActionOutcome, Body, Correction, DepartmentMatter, Direction, Extras, GoalMatter, Indicator, OutcomeMatter,
    PillarMatter, Prose, Publication, Section,
};
use super::{UNNUMBERED, findings, keys};
use crate::config::{Column, ColumnOn, Contact, contact, contact_fields};
use crate::markdown::value;
use crate::text::span::{Span, Spanned};
use crate::yaml::{self, Fields, Form, Key, Node, Scribe, Value};

pub(super) struct Reader<'n, 't, 'c> {
    pub(super) fields: Fields<'n, 't>,
    pub(super) columns: &'c [Column],
}

impl Reader<'_, '_, '_> {
    fn publication(&mut self, scribe: &mut Scribe) -> Publication {
        // Whoever left it open has not decided to publish now.
        for (key, ja, en) in [(keys::PUBLISH_AT, "2026-06-25", "2026-06-25"), (keys::DRAFT, "はい", "yes")] {
            if let Some(at) = self.fields.blank(key) {
                scribe.note(findings::undecided(scribe.place(at), key, ja, en));
            }
        }
        let publish_at = self.fields.date(keys::PUBLISH_AT, scribe);
        Publication {
            publish_at: publish_at.map(|date| date.value),
            publish_at_at: publish_at.map(|date| date.at).unwrap_or_default(),
            draft: self.fields.flag(keys::DRAFT, scribe),
            ..self.always_public(scribe)
        }
    }

    /// The dates of a document that is always public: the ledgers.
    fn always_public(&mut self, scribe: &mut Scribe) -> Publication {
        let updated = self.fields.date(keys::UPDATED, scribe);
        Publication {
            updated: updated.map(|date| date.value),
            updated_at: updated.map(|date| date.at).unwrap_or_default(),
            sample: self.fields.flag(keys::SAMPLE, scribe),
            ..Publication::default()
        }
    }

    pub(super) fn prose(mut self, titled: bool, body: Body, scribe: &mut Scribe) -> Prose {
        let title = match titled {
            true => self.fields.required_prose(keys::PAGE_TITLE, Form::Name, scribe),
            false => self.fields.prose(keys::PAGE_TITLE, Form::Name, scribe),
        };
        let prose = Prose {
            title: title.map(|text| text.value),
            description: self.fields.prose(keys::DESCRIPTION, Form::Summary, scribe).map(|text| text.value),
            page_id: self.fields.shown(keys::PAGE_ID, Form::Name, scribe).map(|text| text.value),
            head: self.fields.prose(keys::HEAD, Form::Name, scribe).map(|text| text.value),
            menu: self.fields.flag(keys::MENU, scribe),
            order: self.order(scribe).unwrap_or(1000),
            publication: self.publication(scribe),
            body,
        };
        self.fields.finish(&[], scribe);
        prose
    }

    fn order(&mut self, scribe: &mut Scribe) -> Option<i64> {
        self.fields.number(keys::ORDER, 0..=100_000, scribe)
    }

    pub(super) fn pillar(mut self, body: Body, scribe: &mut Scribe) -> Option<PillarMatter> {
        let name = self.fields.required_prose(keys::NAME, Form::Name, scribe);
        let number = self.fields.number(keys::NUMBER, 0..=998, scribe).unwrap_or(UNNUMBERED);
        let short = self.fields.prose(keys::SHORT, Form::Name, scribe).map(|text| text.value);
        let years = self.fields.years(keys::YEARS, scribe);
        let publication = self.always_public(scribe);
        self.fields.finish(&[], scribe);
        let name = name?;
        Some(PillarMatter { number, name_at: name.at, name: name.value, short, years, publication, body })
    }

    pub(super) fn department(mut self, body: Body, scribe: &mut Scribe) -> Option<DepartmentMatter> {
        let name = self.fields.required_prose(keys::NAME, Form::Name, scribe);
        let reading = self.fields.shown(keys::READING, Form::Name, scribe).map(|text| text.value);
        let order = self.order(scribe).unwrap_or(1000);
        let years_at = self.fields.at_of(keys::YEARS);
        let years = self.fields.years(keys::YEARS, scribe);
        let becomes = self.fields.texts(keys::BECOMES, scribe);
        let sections = match self.fields.take(keys::SECTIONS, scribe).map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().filter_map(|item| section(item, scribe)).collect(),
            Some(Value::Text(text)) => {
                vec![Section { name: (&**text).into(), at: Span::default(), contact: Contact::default() }]
            }
            _ => Vec::new(),
        };
        let contact = self.fields.take(keys::CONTACT, scribe).map(|node| contact(node, scribe)).unwrap_or_default();
        let publication = self.always_public(scribe);
        self.fields.finish(&[], scribe);
        let name = name?;
        Some(DepartmentMatter {
            name_at: name.at,
            name: name.value,
            reading,
            order,
            years,
            years_at,
            becomes,
            sections,
            contact,
            publication,
            body,
        })
    }

    pub(super) fn goal(mut self, body: Body, scribe: &mut Scribe) -> Option<GoalMatter> {
        let title = self.fields.required_prose(keys::TITLE, Form::Line, scribe);
        let pillar = self.fields.required_text(keys::PILLAR, scribe);
        let columns = self.columns;
        let (nodes, actions_at) = list(&mut self.fields, keys::ACTIONS, scribe);
        let actions = nodes.iter().filter_map(|node| action(node, columns, scribe)).collect();
        let continues = self.fields.text(keys::CONTINUES, scribe);
        let order = self.order(scribe);
        let publication = self.publication(scribe);
        let (extras, names) = extras(&mut self.fields, columns, ColumnOn::Goal, scribe);
        self.fields.finish(&names, scribe);
        // A goal without a readable title still exists: its result is no orphan and links to it are not broken.
        let title = title.unwrap_or_else(|| Spanned::new("?".into(), Span::default()));
        let (written, title_at) = (title.value, title.at);
        let title: Box<str> = value::plain(&written).into();
        let title_with_ruby = (title != written).then_some(written);
        Some(GoalMatter {
            title,
            title_with_ruby,
            title_at,
            pillar,
            actions,
            actions_at,
            continues,
            order,
            extras,
            publication,
            body,
        })
    }

    pub(super) fn outcome(mut self, body: Body, scribe: &mut Scribe) -> OutcomeMatter {
        let evaluation = self.fields.text(keys::EVALUATION, scribe);
        let (nodes, actions_at) = list(&mut self.fields, keys::ACTIONS, scribe);
        let actions: Box<[_]> = nodes.iter().filter_map(|node| action_outcome(node, scribe)).collect();
        let reason = self.fields.prose(keys::REASON, Form::Lines, scribe).map(|text| text.value);
        let (nodes, _) = list(&mut self.fields, keys::CORRECTIONS, scribe);
        let corrections = nodes.iter().filter_map(|node| correction(node, scribe)).collect();
        let publication = self.publication(scribe);
        self.fields.finish(&[], scribe);
        let says_nothing = |it: &ActionOutcome| it.result.is_none() && it.actual.is_none();
        // Where something else is wrong, that may be why.
        if body.is_empty && !actions.is_empty() && actions.iter().all(says_nothing) && scribe.findings.is_empty() {
            scribe.note(findings::empty_results(scribe.place(actions_at)));
        }
        OutcomeMatter { evaluation, actions, actions_at, reason, corrections, publication, body }
    }
}

/// The items of a list field, and where the list is written (the start of the front matter when it is absent).
fn list<'n, 't>(fields: &mut Fields<'n, 't>, key: Key, scribe: &mut Scribe) -> (&'n [Node<'t>], Span) {
    let start = fields.at().start as usize;
    match fields.take(key, scribe) {
        None => (&[], Span::new(start, start)),
        Some(node) => match &node.value {
            Value::List(items) => (items, items.first().map_or(node.at, |first| first.at)),
            Value::Null | Value::Broken(_) => (&[], node.at),
            _ => {
                scribe.note(yaml::no_list(node, key, scribe));
                (&[], node.at)
            }
        },
    }
}

fn section(node: &Node<'_>, scribe: &mut Scribe) -> Option<Section> {
    if let Value::Map(_) = node.value {
        let mut fields = Fields::open(node, scribe)?;
        let name = fields.required_prose(keys::NAME, Form::Name, scribe);
        let contact = contact_fields(&mut fields, scribe);
        fields.finish(&[], scribe);
        let name = name?;
        return Some(Section { at: name.at, name: name.value, contact });
    }
    let name = yaml::name(node, scribe)?;
    Some(Section { at: name.at, name: name.value, contact: Contact::default() })
}

/// Values of the city's columns, and the names under which they may be written.
fn extras<'c>(
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
        let texts: Vec<Box<str>> = yaml::all_shown(node, scribe).into_iter().map(|text| text.value).collect();
        if !texts.is_empty() {
            values.push((index as u16, texts));
        }
    }
    (values.into(), names)
}

fn action(node: &Node<'_>, columns: &[Column], scribe: &mut Scribe) -> Option<Action> {
    let mut fields = Fields::open(node, scribe)?;
    let text = fields.required_prose(keys::TEXT, Form::Lines, scribe);
    let sections = fields.names(keys::SECTIONS, scribe).into();
    let (criterion, criterion_at) = apart(fields.prose(keys::CRITERION, Form::Lines, scribe));
    let indicator = fields.take(keys::INDICATOR, scribe).and_then(|node| indicator(node, scribe)).map(Box::new);
    let (extras, names) = extras(&mut fields, columns, ColumnOn::Action, scribe);
    fields.finish(&names, scribe);
    // An action that cannot be read still counts, so that its result is not reported as one too many.
    let text = text.map_or_else(|| "?".into(), |text| text.value);
    Some(Action { text, sections, criterion, criterion_at, indicator, extras, at: node.at })
}

fn indicator(node: &Node<'_>, scribe: &mut Scribe) -> Option<Indicator> {
    let mut fields = Fields::open(node, scribe)?;
    let directions = [("up", "増やす", Direction::Up), ("down", "減らす", Direction::Down)];
    let mut indicator = Indicator {
        name: fields.prose(keys::NAME, Form::Line, scribe).map(|text| text.value),
        unit: fields.prose(keys::UNIT, Form::Name, scribe).map(|text| text.value),
        direction: fields.choice(keys::DIRECTION, &directions, scribe).unwrap_or_default(),
        baseline: None,
        target: None,
        revised_target: None,
        target_at: Span::default(),
    };
    let unit = indicator.unit.as_deref();
    indicator.baseline = fields.figure(keys::BASELINE, unit, scribe).map(|figure| figure.value);
    let (target, target_at) = apart(fields.figure(keys::TARGET, unit, scribe));
    let (revised_target, revised_at) = apart(fields.figure(keys::REVISED_TARGET, unit, scribe));
    indicator.target_at = if revised_target.is_some() { revised_at } else { target_at };
    (indicator.target, indicator.revised_target) = (target, revised_target);
    fields.finish(&[], scribe);
    Some(indicator)
}

fn action_outcome(node: &Node<'_>, scribe: &mut Scribe) -> Option<ActionOutcome> {
    let mut fields = Fields::open(node, scribe)?;
    let (result, result_at) = apart(fields.prose(keys::RESULT, Form::Lines, scribe));
    let found_before = scribe.findings.len();
    let (actual, mut actual_at) = apart(fields.figure(keys::ACTUAL, None, scribe));
    if let Some(finding) = scribe.findings.get(found_before) {
        actual_at = finding.place.span;
    }
    let outcome = ActionOutcome {
        result,
        result_at,
        actual,
        actual_at,
        evaluation: fields.text(keys::EVALUATION, scribe),
        at: node.at,
    };
    fields.finish(&[], scribe);
    Some(outcome)
}

fn correction(node: &Node<'_>, scribe: &mut Scribe) -> Option<Correction> {
    let mut fields = Fields::open(node, scribe)?;
    let found_before = scribe.findings.len();
    let date = fields.date(keys::DATE, scribe);
    // A date that was written but is wrong has been reported already.
    if date.is_none() && scribe.findings.len() == found_before {
        fields.missing(keys::DATE);
    }
    let item = fields.prose(keys::ITEM, Form::Lines, scribe).map(|text| text.value);
    let was = fields.shown(keys::WAS, Form::Lines, scribe).map(|text| text.value);
    let now = fields.shown(keys::NOW, Form::Lines, scribe).map(|text| text.value);
    let why = fields.prose(keys::WHY, Form::Lines, scribe).map(|text| text.value);
    fields.finish(&[], scribe);
    let date = date?;
    Some(Correction { date: date.value, date_at: date.at, item, was, now, why, at: node.at })
}

/// A value, and where it is written.
fn apart<T>(written: Option<Spanned<T>>) -> (Option<T>, Span) {
    written.map_or((None, Span::default()), |written| (Some(written.value), written.at))
}
