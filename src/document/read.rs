//! Front matter to values, field by field.

use super::extras::extras;
use super::matter::{
    Action, ActionOutcome, Actual, Body, Correction, DepartmentMatter, GoalMatter, Indicator, Measured, OutcomeMatter,
    PillarMatter, Prose, Publication, Section, Target,
};
use super::{UNNUMBERED, findings};
use crate::config::{Column, Contact, contact, contact_fields};
use crate::fields::{
    Day, Field, FigureOr, Many, OneOrMany, action, action_result, correction, department, foreword, goal, indicator,
    indicator_range, measured, outcome, page, pillar, prose, public, section, updated,
};
use crate::markdown::value;
use crate::text::span::{Span, Spanned};
use crate::value::calendar::Date;
use crate::value::choice::{ColumnOn, Direction, Unmeasured, Untargeted};
use crate::yaml::{self, Fields, Given, Node, Scribe, Value};

pub(super) struct Reader<'n, 't, 'c> {
    pub(super) fields: Fields<'n, 't>,
    pub(super) columns: &'c [Column],
}

impl Reader<'_, '_, '_> {
    fn publication(&mut self, scribe: &mut Scribe) -> Publication {
        // Whoever left it open has not decided to publish now.
        if let Some(at) = self.fields.blank(&public::PUBLISH_AT) {
            scribe.note(findings::undecided(scribe.place(at), public::PUBLISH_AT.key, "2026-06-25", "2026-06-25"));
        }
        if let Some(at) = self.fields.blank(&public::DRAFT) {
            scribe.note(findings::undecided(scribe.place(at), public::DRAFT.key, "はい", "yes"));
        }
        let publish_at = self.fields.date(&public::PUBLISH_AT, scribe);
        Publication {
            publish_at: publish_at.map(|date| date.value),
            publish_at_at: publish_at.map(|date| date.at).unwrap_or_default(),
            draft: self.fields.flag(&public::DRAFT, scribe),
            ..self.always_public(scribe)
        }
    }

    /// The dates of a document that is always public: the ledgers.
    fn always_public(&mut self, scribe: &mut Scribe) -> Publication {
        let updated = self.fields.date(&updated::UPDATED, scribe);
        Publication {
            updated: updated.map(|date| date.value),
            updated_at: updated.map(|date| date.at).unwrap_or_default(),
            sample: self.fields.flag(&updated::SAMPLE, scribe),
            ..Publication::default()
        }
    }

    pub(super) fn prose(mut self, titled: bool, body: Body, scribe: &mut Scribe) -> Prose {
        let title = if titled { &page::TITLE } else { &foreword::TITLE };
        let prose = Prose {
            title: self.fields.text(title, scribe).map(|text| text.value),
            description: self.fields.text(&prose::DESCRIPTION, scribe).map(|text| text.value),
            page_id: self.fields.text(&prose::PAGE_ID, scribe).map(|text| text.value),
            head: self.fields.text(&prose::HEAD, scribe).map(|text| text.value),
            menu: self.fields.flag(&prose::MENU, scribe),
            order: self.fields.number(&prose::ORDER, scribe).unwrap_or(1000),
            publication: self.publication(scribe),
            body,
        };
        self.fields.finish(&[], scribe);
        prose
    }

    pub(super) fn pillar(mut self, body: Body, scribe: &mut Scribe) -> Option<PillarMatter> {
        let name = self.fields.text(&pillar::NAME, scribe);
        let number = self.fields.number(&pillar::NUMBER, scribe).unwrap_or(UNNUMBERED);
        let under = self.fields.word(&pillar::UNDER, scribe);
        let short = self.fields.text(&pillar::SHORT, scribe).map(|text| text.value);
        let years = self.fields.years(&pillar::YEARS, scribe);
        let publication = self.always_public(scribe);
        self.fields.finish(&[], scribe);
        let name = name?;
        Some(PillarMatter { number, name_at: name.at, name: name.value, under, short, years, publication, body })
    }

    pub(super) fn department(mut self, body: Body, scribe: &mut Scribe) -> Option<DepartmentMatter> {
        let name = self.fields.text(&department::NAME, scribe);
        let reading = self.fields.text(&department::READING, scribe).map(|text| text.value);
        let order = self.fields.number(&department::ORDER, scribe).unwrap_or(1000);
        let years_at = self.fields.at_of(&department::YEARS);
        let years = self.fields.years(&department::YEARS, scribe);
        let becomes = self.fields.words(&department::BECOMES, scribe);
        let sections = match self.fields.take(&department::SECTIONS, scribe).map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().filter_map(|item| section(item, scribe)).collect(),
            Some(Value::Text(text)) => {
                vec![Section { name: (&**text).into(), at: Span::default(), contact: Contact::default() }]
            }
            _ => Vec::new(),
        };
        let contact = self.fields.nested(&department::CONTACT, scribe).map(|fields| contact(fields, scribe));
        let contact = contact.unwrap_or_default();
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
        let title = self.fields.text(&goal::TITLE, scribe);
        let pillar = self.fields.word(&goal::PILLAR, scribe);
        let columns = self.columns;
        let (nodes, actions_at) = list(&mut self.fields, &goal::ACTIONS, scribe);
        let actions = nodes.iter().filter_map(|node| action(node, columns, scribe)).collect();
        let indicators = indicators(&mut self.fields, &goal::INDICATOR, scribe);
        let continues = self.fields.words(&goal::CONTINUES, scribe).into();
        let ended = self.fields.text(&goal::ENDED, scribe);
        let order = self.fields.number(&goal::ORDER, scribe);
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
            indicators,
            continues,
            ended,
            order,
            extras,
            publication,
            body,
        })
    }

    /// A result, or a report during the year: of the city's own columns, only results have any.
    pub(super) fn outcome(mut self, is_result: bool, body: Body, scribe: &mut Scribe) -> OutcomeMatter {
        let evaluation = self.fields.word(&outcome::EVALUATION, scribe);
        let (nodes, actions_at) = list(&mut self.fields, &outcome::ACTIONS, scribe);
        let actions: Box<[_]> = nodes.iter().filter_map(|node| action_outcome(node, scribe)).collect();
        let nodes = self.fields.maps(&outcome::INDICATOR, scribe);
        let measured: Box<[_]> = nodes.iter().filter_map(|node| measured(node, scribe)).collect();
        let reason = self.fields.text(&outcome::REASON, scribe).map(|text| text.value);
        let (nodes, _) = list(&mut self.fields, &outcome::CORRECTIONS, scribe);
        let corrections = nodes.iter().filter_map(|node| correction(node, scribe)).collect();
        let publication = self.publication(scribe);
        let columns = if is_result { self.columns } else { &[] };
        let (extras, names) = extras(&mut self.fields, columns, ColumnOn::Result, scribe);
        self.fields.finish(&names, scribe);
        let says_nothing = |it: &ActionOutcome| it.result.is_none() && it.measured.iter().all(|it| it.actual.is_none());
        // Where something else is wrong, that may be why.
        if body.is_empty && !actions.is_empty() && actions.iter().all(says_nothing) && scribe.findings.is_empty() {
            scribe.note(findings::empty_results(scribe.place(actions_at)));
        }
        OutcomeMatter { evaluation, actions, actions_at, measured, reason, extras, corrections, publication, body }
    }
}

/// The items of a list field, and where the list is written (the start of the front matter when it is absent).
fn list<'n, 't>(fields: &mut Fields<'n, 't>, field: &Field<Many>, scribe: &mut Scribe) -> (&'n [Node<'t>], Span) {
    let start = fields.at().start as usize;
    match fields.take(field, scribe) {
        None => (&[], Span::new(start, start)),
        Some(node) => match &node.value {
            Value::List(items) => (items, items.first().map_or(node.at, |first| first.at)),
            Value::Null | Value::Broken(_) => (&[], node.at),
            _ => {
                scribe.note(yaml::no_list(node, field.key, scribe));
                (&[], node.at)
            }
        },
    }
}

fn section(node: &Node<'_>, scribe: &mut Scribe) -> Option<Section> {
    if let Value::Map(_) = node.value {
        let mut fields = Fields::open(node, &section::MAP, scribe)?;
        let name = fields.text(&section::NAME, scribe);
        let contact = contact_fields(&mut fields, scribe);
        fields.finish(&[], scribe);
        let name = name?;
        return Some(Section { at: name.at, name: name.value, contact });
    }
    let name = yaml::name(node, scribe)?;
    Some(Section { at: name.at, name: name.value, contact: Contact::default() })
}

fn action(node: &Node<'_>, columns: &[Column], scribe: &mut Scribe) -> Option<Action> {
    let mut fields = Fields::open(node, &action::MAP, scribe)?;
    let text = fields.text(&action::TEXT, scribe);
    let sections = fields.names(&action::SECTIONS, scribe).into();
    let (criterion, criterion_at) = apart(fields.text(&action::CRITERION, scribe));
    let indicators = indicators(&mut fields, &action::INDICATOR, scribe);
    let (extras, names) = extras(&mut fields, columns, ColumnOn::Action, scribe);
    fields.finish(&names, scribe);
    // An action that cannot be read still counts, so that its result is not reported as one too many.
    let text = text.map_or_else(|| "?".into(), |text| text.value);
    Some(Action { text, sections, criterion, criterion_at, indicators, extras, at: node.at })
}

/// The indicators of a goal or an action. Where there are several, results tell them apart by their names.
fn indicators(fields: &mut Fields<'_, '_>, field: &Field<OneOrMany>, scribe: &mut Scribe) -> Box<[Indicator]> {
    let nodes = fields.maps(field, scribe);
    let mut all: Vec<Indicator> = Vec::new();
    for node in nodes {
        let Some(indicator) = indicator(node, scribe) else { continue };
        match indicator.known_as() {
            Some(name) => {
                if let Some(first) = all.iter().find(|other| other.is_called(name)) {
                    let (place, first) = (scribe.place(indicator.at), scribe.place(first.at));
                    scribe.note(findings::duplicate_indicator(place, name, first));
                }
            }
            None if nodes.len() > 1 => scribe.note(findings::unnamed_indicator(scribe.place(indicator.at))),
            None => {}
        }
        all.push(indicator);
    }
    all.into()
}

fn indicator(node: &Node<'_>, scribe: &mut Scribe) -> Option<Indicator> {
    let mut fields = Fields::open(node, &indicator::MAP, scribe)?;
    let mut indicator = Indicator {
        name: fields.text(&indicator::NAME, scribe).map(|text| text.value),
        key: fields.word(&indicator::KEY, scribe).map(|text| text.value),
        kind: fields.word(&indicator::KIND, scribe),
        unit: fields.text(&indicator::UNIT, scribe).map(|text| text.value),
        direction: fields.choice(&indicator::DIRECTION, scribe).unwrap_or(Direction::Up),
        baseline: None,
        target: None,
        revised_target: None,
        target_at: Span::default(),
        at: node.at,
    };
    let unit = indicator.unit.as_deref();
    indicator.baseline = fields.figure(&indicator::BASELINE, unit, scribe).map(|figure| figure.value);
    let (target, target_at) = aim(&mut fields, &indicator::TARGET, unit, scribe);
    let (revised_target, revised_at) = aim(&mut fields, &indicator::REVISED_TARGET, unit, scribe);
    indicator.target_at = if revised_target.is_some() { revised_at } else { target_at };
    (indicator.target, indicator.revised_target) = (target, revised_target);
    fields.finish(&[], scribe);
    Some(indicator)
}

fn action_outcome(node: &Node<'_>, scribe: &mut Scribe) -> Option<ActionOutcome> {
    let mut fields = Fields::open(node, &action_result::MAP, scribe)?;
    let (result, result_at) = apart(fields.text(&action_result::RESULT, scribe));
    // `actual: 3` is the value of the only indicator.
    let (actual, actual_at) = actual(&mut fields, &action_result::ACTUAL, scribe);
    let expected = expected(&mut fields, &action_result::EXPECTED, actual.as_ref(), scribe);
    let note = fields.text(&action_result::NOTE, scribe).map(|text| text.value);
    let is_there = actual_at != Span::default() || note.is_some();
    let short = is_there.then_some(Measured { name: None, actual, actual_at, expected, note, at: node.at });
    let nodes = fields.maps(&action_result::INDICATOR, scribe);
    let listed = nodes.iter().filter_map(|node| measured(node, scribe));
    let measured = short.into_iter().chain(listed).collect();
    let outcome = ActionOutcome {
        result,
        result_at,
        measured,
        evaluation: fields.word(&action_result::EVALUATION, scribe),
        at: node.at,
    };
    fields.finish(&[], scribe);
    Some(outcome)
}

/// The value of an indicator, and where it is written, also when it is none.
fn actual(
    fields: &mut Fields<'_, '_>,
    field: &Field<FigureOr<Unmeasured>>,
    scribe: &mut Scribe,
) -> (Option<Actual>, Span) {
    let found_before = scribe.findings.len();
    let (given, actual_at) = apart(fields.figure_or(field, None, scribe));
    let actual = match given {
        Some(Given::Figure(figure)) => Some(Actual::Figure(figure)),
        Some(Given::Word(word)) => Some(Actual::None(word)),
        Some(Given::Fields(_)) | None => None,
    };
    let finding = scribe.findings.get(found_before);
    (actual, finding.map_or(actual_at, |finding| finding.place.span))
}

/// When a value is expected that is not there yet.
fn expected(
    fields: &mut Fields<'_, '_>,
    field: &Field<Day>,
    actual: Option<&Actual>,
    scribe: &mut Scribe,
) -> Option<Date> {
    let expected = fields.date(field, scribe)?;
    if !matches!(actual, Some(Actual::None(Unmeasured::Pending))) {
        scribe.note(findings::expected_of_nothing(scribe.place(expected.at)));
    }
    Some(expected.value)
}

/// A target: a figure, a range, or a word that there is none.
fn aim(
    fields: &mut Fields<'_, '_>,
    field: &Field<FigureOr<Untargeted>>,
    unit: Option<&str>,
    scribe: &mut Scribe,
) -> (Option<Target>, Span) {
    let (given, at) = apart(fields.figure_or(field, unit, scribe));
    let target = match given {
        Some(Given::Figure(figure)) => Some(Target::Figure(figure)),
        Some(Given::Word(word)) => Some(Target::None(word)),
        Some(Given::Fields(fields)) => range(fields, unit, at, scribe),
        None => None,
    };
    (target, at)
}

fn range(mut fields: Fields<'_, '_>, unit: Option<&str>, at: Span, scribe: &mut Scribe) -> Option<Target> {
    let from = fields.figure(&indicator_range::FROM, unit, scribe);
    let to = fields.figure(&indicator_range::TO, unit, scribe);
    fields.finish(&[], scribe);
    let (from, to) = (from?.value, to?.value);
    if from.compare(&to).is_gt() {
        scribe.note(findings::turned_range(scribe.place(at), from.as_str(), to.as_str()));
    }
    Some(Target::Range(from, to))
}

fn measured(node: &Node<'_>, scribe: &mut Scribe) -> Option<Measured> {
    let mut fields = Fields::open(node, &measured::MAP, scribe)?;
    let name = fields.word(&measured::NAME, scribe);
    let (actual, actual_at) = actual(&mut fields, &measured::ACTUAL, scribe);
    let expected = expected(&mut fields, &measured::EXPECTED, actual.as_ref(), scribe);
    let note = fields.text(&measured::NOTE, scribe).map(|text| text.value);
    fields.finish(&[], scribe);
    Some(Measured { name, actual, actual_at, expected, note, at: node.at })
}

fn correction(node: &Node<'_>, scribe: &mut Scribe) -> Option<Correction> {
    let mut fields = Fields::open(node, &correction::MAP, scribe)?;
    let date = fields.date(&correction::DATE, scribe);
    let item = fields.text(&correction::ITEM, scribe).map(|text| text.value);
    let was = fields.text(&correction::WAS, scribe).map(|text| text.value);
    let now = fields.text(&correction::NOW, scribe).map(|text| text.value);
    let why = fields.text(&correction::WHY, scribe).map(|text| text.value);
    fields.finish(&[], scribe);
    let date = date?;
    Some(Correction { date: date.value, date_at: date.at, item, was, now, why, at: node.at })
}

/// A value, and where it is written.
fn apart<T>(written: Option<Spanned<T>>) -> (Option<T>, Span) {
    written.map_or((None, Span::default()), |written| (Some(written.value), written.at))
}
