//! Templates loaded, compiled and judged.

use super::findings::{self, Slip, Thing};
use super::layers::Layer;
use super::{Theme, budget, by_tera, slip, template_name};
use crate::diagnostic::Diagnostic;
use crate::markdown::value::{self, Form};
use crate::program::{Fields, Library, Names};
use crate::text::html;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::text::words::{FILLED, fill};
use crate::value::edition::Edition;
use crate::view;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use tera::{ErrorKind, Filter, Kwargs, State, Tera};

/// Templates by name and text, loaded; `layers` are the names of the layers, upper ones first.
pub(super) fn tera_of(templates: &[(String, String)], layers: &[&str]) -> tera::TeraResult<Tera> {
    let mut tera = Tera::new();
    tera.autoescape_on([".html"]);
    tera.set_escape_fn(escape_to);
    tera.register_filter("fill", fill_filter);
    tera.register_filter("value", Shown);
    budget::register(&mut tera);
    tera.set_fallback_prefixes(layers.iter().map(|name| format!("{name}/")))?;
    tera.add_raw_templates(templates.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    Ok(tera)
}

/// Which template an error is about.
fn template_of(error: &tera::Error) -> Option<String> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Some(report.filename().to_owned()),
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => Some(tpl.clone()),
        ErrorKind::MissingParent { current, .. } => Some(current.clone()),
        _ => None,
    }
}

/// Escapes what a template shows, as the rest of the program does.
fn escape_to(text: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let mut written = Ok(());
    html::escape(text, |part| {
        if written.is_ok() {
            written = out.write_all(part.as_bytes());
        }
    });
    written
}

/// `{{ w.goals_count | fill(n=78) }}`: fills the placeholders of a word.
fn fill_filter(word: Cow<'_, str>, values: Kwargs, _: &State) -> tera::TeraResult<String> {
    let n = values.get::<usize>("n")?;
    let mut named = Vec::new();
    for name in FILLED.into_iter().filter(|name| *name != "n") {
        if let Some(value) = values.get::<Cow<'_, str>>(name)? {
            named.push((name, value));
        }
    }
    let named: Vec<(&str, &str)> = named.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    Ok(fill(&word, n, &named))
}

/// `{{ action.text | value }}`: the lines, lists and ruby of a text of front matter. What it gives is escaped.
struct Shown;

impl Filter<String, tera::TeraResult<String>> for Shown {
    fn call(&self, text: String, values: Kwargs, _: &State) -> tera::TeraResult<String> {
        let mut form = Form::default();
        for (name, given) in values.iter() {
            let name = name.to_string();
            if !given.as_str().is_some_and(|given| form.set(&name, given)) {
                return Err(tera::Error::message(format!(
                    "`{name}={given}`: `value` takes `part=\"lead\"`, `part=\"rest\"`, `tag=\"span\"` or `tag=\"p\"`"
                )));
            }
        }
        let mut html = String::with_capacity(text.len());
        value::html(&text, form, |part| html.push_str(part));
        Ok(html)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl Theme {
    /// Loads all templates. Tera stops at the first bad one, so a bad one is reported, left out, and the rest loaded.
    pub(super) fn load(&mut self, layers: &[Layer], out: &mut Vec<Diagnostic>) {
        let names: Vec<&str> = layers.iter().map(|layer| &*layer.name).collect();
        let mut templates = self.templates.texts();
        let mut left_out: BTreeSet<String> = BTreeSet::new();
        loop {
            let counted: Vec<(String, String)> = templates
                .iter()
                .map(|(name, text)| (name.clone(), budget::Marked::new(text).text.into_owned()))
                .collect();
            let error = match tera_of(&counted, &names) {
                Ok(tera) => {
                    self.tera = tera;
                    self.compile_pages(&templates, &names, out);
                    return;
                }
                Err(error) => error,
            };
            let mut reported = self.reported(&error, &templates);
            if reported.is_empty() {
                let bad = template_of(&error).unwrap_or_default();
                let called = match error.kind() {
                    ErrorKind::MissingParent { parent, .. } => Some(parent.clone()),
                    _ => None,
                };
                reported.push((bad, called, self.template_finding(&error)));
            }
            let before = templates.len();
            templates.retain(|(name, _)| !reported.iter().any(|(bad, ..)| bad == name));
            for (bad, called, finding) in reported {
                // What calls a template that was left out is not at fault.
                if called.is_none_or(|called| !left_out.contains(&called)) {
                    out.push(finding);
                }
                left_out.extend(bad.split_once('/').map(|(_, name)| name.to_owned()));
                left_out.insert(bad);
            }
            if templates.len() == before {
                return;
            }
        }
    }

    /// Compiles what can be compiled, and reports fields that are not in the contract, also where no page names them yet.
    fn compile_pages(&mut self, templates: &[(String, String)], layers: &[&str], out: &mut Vec<Diagnostic>) {
        let library = Library::new(templates, layers, &self.words);
        let mut pages = Vec::new();
        for edition in [Edition::Screen, Edition::Large] {
            for (kind, own) in view::KINDS {
                let name = template_name(edition, kind);
                let names = Names { own, frame: view::Frame::SHAPE, site: view::Site::SHAPE };
                let Some(compiled) = library.compile(&name, names) else { continue };
                pages.push((name.clone(), names, compiled.reasons));
                self.programs.extend(compiled.program.map(|program| (name, program)));
            }
        }
        // Also where all are compiled: a block that others fill is then of no page.
        let (mut fields, mut by_tera) = (Fields::default(), Vec::new());
        for (name, names, reasons) in pages {
            let named = library.fields(&name, names);
            let undecided = named.undecided.clone();
            if !self.programs.contains_key(&name) {
                by_tera.push(by_tera::Page { name, reasons, undecided });
            }
            fields.extend(named);
        }
        fields.settle();
        for ((template, at), field) in &fields.missing {
            let (place, name) = self.located(template, *at..at + field.name.len());
            let slip = Slip::Unknown(if field.is_word { Thing::Word } else { Thing::Field }, &field.name);
            let known = field.known.iter().map(String::as_str);
            self.told.push(findings::theme_template(place, &name, slip, known, ""));
        }
        out.extend(self.told.iter().cloned());
        out.extend(by_tera::check(&by_tera, &fields, |template, at| self.located(template, at)));
    }

    /// Unknown filters, tests and functions come as one text with all of them: `error: …` lines, each followed by
    /// ` --> name:line:column`. For each, the template it is in, the one it calls, and the finding.
    fn reported(
        &self,
        error: &tera::Error,
        templates: &[(String, String)],
    ) -> Vec<(String, Option<String>, Diagnostic)> {
        let ErrorKind::Msg(text) = error.kind() else { return Vec::new() };
        let mut message = "";
        let mut found = Vec::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("error: ") {
                message = rest;
            }
            let Some(at) = line.trim_start().strip_prefix("--> ") else { continue };
            let mut parts = at.rsplitn(3, ':');
            let column = parts.next().and_then(|part| part.parse::<usize>().ok());
            let line_number = parts.next().and_then(|part| part.parse::<usize>().ok());
            let (Some(column), Some(line_number), Some(name)) = (column, line_number, parts.next()) else { continue };
            let Some((_, template)) = templates.iter().find(|(known, _)| known == name) else { continue };
            let template = budget::Marked::new(template);
            let mut lines = template.text.split_inclusive('\n');
            let before: usize = lines.by_ref().take(line_number.saturating_sub(1)).map(str::len).sum();
            // Columns count characters.
            let line = lines.next().unwrap_or("");
            let at = before + line.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
            let at = template.original(at);
            let called = message.strip_prefix("Unknown template `").and_then(|rest| rest.strip_suffix('`'));
            found.push((
                name.to_owned(),
                called.map(str::to_owned),
                self.placed(name, at..at, message, Slip::Unreadable),
            ));
        }
        found
    }

    /// A template error as a finding, placed in the theme's file where it is on disk.
    pub(super) fn template_finding(&self, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) => {
                let at = self.unmarked(report.filename(), &report.span().range);
                self.placed(report.filename(), at, report.message(), Slip::Unreadable)
            }
            ErrorKind::RenderingError(report) => {
                let at = self.unmarked(report.filename(), &report.span().range);
                if report.message().contains(budget::TOO_MANY) {
                    let (place, name) = self.located(report.filename(), at);
                    return findings::theme_rounds(place, &name);
                }
                self.placed(report.filename(), at, report.message(), Slip::Unusable)
            }
            ErrorKind::MissingParent { current, parent } => {
                // Not there letter by letter where it is written with signs that stand for others.
                let found = self.templates.text(current).and_then(|text| text.find(parent.as_str()));
                let at = found.map_or(0..0, |start| start..start + parent.len());
                self.placed(current, at, &format!("Unknown template `{parent}`"), Slip::Unreadable)
            }
            _ => {
                let mut message = error.to_string();
                let mut source = std::error::Error::source(error);
                while let Some(cause) = source {
                    message = format!("{message}: {cause}");
                    source = cause.source();
                }
                let file = template_of(error).and_then(|name| self.places.get(&name).copied());
                findings::theme_template(self.place(file, Span::default()), "", Slip::Unreadable, [], &message)
            }
        }
    }

    /// Bytes of a template without what counts its rounds.
    fn unmarked(&self, name: &str, at: &Range<usize>) -> Range<usize> {
        let marked = budget::Marked::new(self.templates.text(name).unwrap_or(""));
        marked.original(at.start)..marked.original(at.end)
    }

    /// A page that has no end, or none that a reader would come to, as a finding about its template.
    pub(super) fn too_long(&self, name: &str) -> Diagnostic {
        let layered =
            self.templates.names().filter(|known| known.split_once('/').is_some_and(|(_, short)| short == name)).last();
        let (place, template) = self.located(layered.unwrap_or(name), 0..0);
        findings::theme_bytes(place, &template)
    }

    /// What the template engine says about bytes of a loaded template, as a finding. It is `otherwise` where nothing more
    /// is known.
    fn placed(&self, name: &str, range: Range<usize>, message: &str, otherwise: Slip<'_>) -> Diagnostic {
        // What it knows instead comes as one long list.
        let (message, available) = message.split_once(" Available ").unwrap_or((message, ""));
        let (slip, at) = slip::of(message, self.templates.text(name).unwrap_or(""), range);
        let slip = slip.unwrap_or(otherwise);
        let known: BTreeSet<&str> = match slip {
            Slip::Unknown(Thing::Tag, _) => slip::TAGS.into(),
            Slip::Unknown(Thing::Filter, _) => slip::FILTERS.into(),
            Slip::Unknown(Thing::Template, _) => self.templates.names().collect(),
            Slip::Unknown(Thing::Block, ref name) => {
                self.templates.all_texts().flat_map(slip::blocks).filter(|known| known != name).collect()
            }
            Slip::Unknown(Thing::Field | Thing::Name | Thing::Word, _) => {
                available.split_once(": ").map_or(BTreeSet::new(), |(_, names)| names.split(", ").collect())
            }
            _ => BTreeSet::new(),
        };
        let (place, name) = self.located(name, at);
        findings::theme_template(place, &name, slip, known, message)
    }

    /// The place in the file of bytes of a loaded template, and how to name it: not at all where it has a file; a template
    /// of the program itself has none to point into.
    fn located(&self, name: &str, range: Range<usize>) -> (Place, String) {
        let (start, line) = self.templates.original(name, range.start);
        // Between the two ends there may be indentation, which the file has and the template has not.
        let end = match range.is_empty() {
            true => start,
            false => self.templates.original(name, range.end - 1).0 + 1,
        };
        match self.places.get(name) {
            Some(file) => (Place::new(*file, Span::new(start, end)), String::new()),
            None => (self.place(None, Span::default()), format!("{name}:{line}: ")),
        }
    }

    fn place(&self, file: Option<FileId>, span: Span) -> Place {
        match file {
            Some(file) => Place::new(file, span),
            None => Place::start(self.site_file.unwrap_or(FileId::NONE)),
        }
    }
}
