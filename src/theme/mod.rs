//! A theme: templates, words and assets, layered: a city's own theme over the one it extends, over the built-in one.
//!
//! Everything is checked at load: syntax, missing includes, the contract version, fields, words. Tera loads all
//! templates; those of each kind of page are also compiled ([`program`]), and most pages are made that way.

mod findings;
mod program;
mod slip;
mod stray;
mod style;
mod template;
mod wordbook;

use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic, Rule};
use crate::document::findings::unreadable;
use crate::source::Sources;
use crate::text::html;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::text::words::{FILLED, Words, fill};
use crate::value::edition::Edition;
use crate::view;
use crate::view::reflect::Struct;
use anyhow::{Context as _, Result};
use findings::{Slip, Thing};
use include_dir::{Dir, include_dir};
use program::{Fields, Library, Names, Program, Values};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::ops::Range;
use template::Templates;
use tera::{Context, ErrorKind, Kwargs, State, Tera};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/templates");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/assets");
static WORDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/words");

/// Booklets need their letters and their form wherever the program runs, also where only a site's folder is.
#[cfg(feature = "pdf")]
static PRINT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/print");
#[cfg(feature = "pdf")]
static FONTS: [(&str, &[u8]); 4] = [
    ("BIZUDPGothic-Regular.ttf", include_bytes!("../../themes/default/fonts/BIZUDPGothic-Regular.ttf")),
    ("KohyoRareKanji-Regular.ttf", include_bytes!("../../themes/default/fonts/KohyoRareKanji-Regular.ttf")),
    ("BIZUDPGothic-Bold.ttf", include_bytes!("../../themes/default/fonts/BIZUDPGothic-Bold.ttf")),
    ("KohyoRareKanji-Bold.ttf", include_bytes!("../../themes/default/fonts/KohyoRareKanji-Bold.ttf")),
];

/// Name of the theme inside the program.
pub const BUILT_IN: &str = "default";

/// A compiled theme.
#[derive(Debug, Default)]
pub struct Theme {
    tera: Tera,
    /// Compiled templates by name (`screen/goal.html`), of those kinds of pages that can be.
    programs: BTreeMap<String, Program>,
    /// What is the same on every page.
    site: Option<view::Site>,
    /// Words of the interface in the site's language.
    pub words: Words,
    /// Files copied to `assets/`, sorted by path.
    pub assets: Vec<Asset>,
    /// Hash of every file it is made of.
    pub digest: u64,
    /// Templates of booklets by name: `booklet.typ`.
    pub print: BTreeMap<String, (Cow<'static, [u8]>, Option<FileId>)>,
    /// Letters of booklets by file name, the upper layers' first.
    pub fonts: Vec<(String, FontFile)>,
    /// The press with these letters and templates, and what it has made.
    #[cfg(feature = "pdf")]
    pub shelf: crate::print::Shelf,
    /// What was found in templates that load.
    told: Vec<Diagnostic>,
    places: BTreeMap<String, FileId>,
    site_file: Option<FileId>,
    templates: Templates,
}

/// Where the letters of a booklet come from.
#[derive(Clone, Copy, Debug)]
pub enum FontFile {
    /// A file of the project.
    File(FileId),
    /// The program itself.
    BuiltIn(&'static [u8]),
}

/// A file of the theme that is published as it is.
#[derive(Debug)]
pub struct Asset {
    /// Path under `public/`: `assets/site.css`.
    pub path: String,
    /// Content.
    pub bytes: Cow<'static, [u8]>,
    /// Short mark of the content, so that browsers fetch a changed file again.
    pub version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    contract: u32,
    extends: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
}

/// One theme of the chain: its files by path inside the theme.
struct Layer {
    name: String,
    files: BTreeMap<String, File>,
}

/// Content, and the file of the project where it is none of the program's own.
type File = (Cow<'static, [u8]>, Option<FileId>);

/// Loads the theme that `site.yaml` names.
pub fn compile(config: &Config, sources: &Sources) -> Checked<Theme> {
    let mut out = Vec::new();
    let mut theme = Theme { site_file: sources.find("site.yaml"), ..Theme::default() };
    let layers = layers(&config.theme, sources, theme.site_file, &mut out);
    let built_in = built_in();
    let words_file = format!("words/{}.yaml", config.language.tag());
    // A site's own copy of the default theme may lack some.
    let mut words = wordbook::of(&built_in, &words_file);
    let mut assets: BTreeMap<String, Cow<'static, [u8]>> = BTreeMap::new();
    let mut templates: Vec<(String, String)> = Vec::new();
    let mut digest = Xxh3::new();
    // The last layer is the built-in one; earlier layers replace what later ones brought.
    for layer in layers.iter().rev() {
        for (path, (bytes, file)) in &layer.files {
            (&layer.name, path, bytes).hash(&mut digest);
            if path == &words_file {
                let more = wordbook::read(bytes, file.unwrap_or(FileId::NONE), &mut out);
                words.extend(more.into_iter().map(|word| (word.name.value, word.text.value)));
            } else if let Some(name) = path.strip_prefix("print/").filter(|name| name.ends_with(".typ")) {
                theme.print.insert(name.to_owned(), (bytes.clone(), *file));
            } else if path.starts_with("assets/") {
                assets.insert(path.clone(), bytes.clone());
            } else if let Some(name) = path.strip_prefix("templates/").filter(|name| name.ends_with(".html")) {
                let name = format!("{}/{name}", layer.name);
                theme.places.extend(file.map(|file| (name.clone(), file)));
                templates.push((name, String::from_utf8_lossy(bytes).into_owned()));
            }
        }
    }
    theme.digest = digest.digest();
    theme.words = Words::new(words);
    theme.assets = assets
        .into_iter()
        .map(|(path, bytes)| {
            let version = format!("{:08x}", xxh3_64(&bytes) as u32);
            Asset { path, bytes, version }
        })
        .collect();
    theme.templates = Templates::new(templates);
    theme.fonts = fonts(&layers, config, sources, &mut out);
    theme.load(&layers, &mut out);
    wordbook::check(&layers, &built_in, &words_file, &mut out);
    stray::check(&layers, &built_in, sources, &mut out);
    style::check(&layers, &mut out);
    Checked::new(theme, out)
}

/// Letters of all layers, upper ones first, then those that `site.yaml` adds.
fn fonts(layers: &[Layer], config: &Config, sources: &Sources, out: &mut Vec<Diagnostic>) -> Vec<(String, FontFile)> {
    let mut fonts: Vec<(String, FontFile)> = Vec::new();
    let mut add = |name: &str, font: FontFile| {
        if !fonts.iter().any(|(known, _)| known == name) {
            fonts.push((name.to_owned(), font));
        }
    };
    // The base theme is what a booklet looks like; what other layers bring stands in for characters it does not have.
    let mut order: Vec<&Layer> = layers.iter().collect();
    order.sort_by_key(|layer| layer.name != BUILT_IN);
    for layer in &order {
        let folder = format!("themes/{}/fonts/", layer.name);
        let mut own: Vec<(&str, FileId)> = sources
            .under(&folder)
            .filter_map(|(file, it)| Some((it.path.strip_prefix(&folder)?, file)))
            .filter(|(path, _)| is_font(path))
            .collect();
        // Regular before Bold before others, so that the first family is the theme's.
        own.sort_by_key(|(path, _)| (!path.contains("Regular"), *path));
        for (name, file) in own {
            add(name, FontFile::File(file));
        }
        #[cfg(feature = "pdf")]
        if layer.name == BUILT_IN {
            for (name, bytes) in FONTS {
                add(name, FontFile::BuiltIn(bytes));
            }
        }
    }
    for path in &config.pdf.fonts {
        match sources.find(&path.value) {
            Some(file) => add(&path.value, FontFile::File(file)),
            None => {
                let place = sources.find("site.yaml").map_or(Place::start(FileId::NONE), |it| Place::new(it, path.at));
                out.push(findings::font_missing(place, &path.value));
            }
        }
    }
    fonts
}

/// Whether a file is one of letters, by its name.
fn is_font(path: &str) -> bool {
    [".ttf", ".otf", ".ttc"].iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

/// The chain of themes: the one named, what it extends, and the built-in one at the end.
fn layers(
    wanted: &Spanned<Box<str>>,
    sources: &Sources,
    site_file: Option<FileId>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut name = wanted.value.to_string();
    let mut place = Place::new(site_file.unwrap_or(FileId::NONE), wanted.at);
    while name != BUILT_IN || sources.find(&format!("themes/{BUILT_IN}/theme.yaml")).is_some() {
        if layers.iter().any(|layer| layer.name == name) {
            out.push(findings::theme_file(Rule::ThemeContract, place, &format!("extends: {name} → … → {name}")));
            break;
        }
        let prefix = format!("themes/{name}/");
        let files: BTreeMap<String, FileId> = sources
            .iter()
            .filter_map(|(id, file)| Some((file.path.strip_prefix(&prefix)?.to_owned(), id)))
            .filter(|(path, _)| {
                ["theme.yaml", "words/", "templates/", "assets/", "print/"].iter().any(|it| path.starts_with(it))
            })
            .collect();
        let Some(&manifest_file) = files.get("theme.yaml") else {
            let known: Vec<&str> = sources
                .iter()
                .filter_map(|(_, file)| file.path.strip_prefix("themes/")?.strip_suffix("/theme.yaml"))
                .chain([BUILT_IN])
                .collect();
            out.push(findings::theme_missing(place, &name, known));
            break;
        };
        let mut layer = Layer { name: name.clone(), files: BTreeMap::new() };
        for (path, file) in files {
            match sources.bytes(file) {
                Ok(bytes) => drop(layer.files.insert(path, (Cow::Owned(bytes.into_owned()), Some(file)))),
                Err(error) => out.push(unreadable(Place::start(file), &format!("{error:#}"))),
            }
        }
        let bytes = layer.files.get("theme.yaml").map(|(bytes, _)| bytes.clone()).unwrap_or_default();
        layers.push(layer);
        let manifest = match parse_yaml::<Manifest>(&bytes) {
            Ok(manifest) => manifest,
            Err((span, message)) => {
                out.push(findings::theme_file(Rule::ThemeContract, Place::new(manifest_file, span), &message));
                break;
            }
        };
        if manifest.contract != view::CONTRACT {
            let found = manifest.contract.to_string();
            out.push(findings::theme_contract(Place::start(manifest_file), &found, view::CONTRACT));
        }
        if name == BUILT_IN {
            // An older copy of it may have no booklets; those are the program's then.
            if let Some(layer) = layers.last_mut()
                && !layer.files.keys().any(|path| path.starts_with("print/"))
            {
                let own = built_in().files.into_iter().filter(|(path, _)| path.starts_with("print/"));
                layer.files.extend(own);
            }
            return layers;
        }
        name = manifest.extends.unwrap_or_else(|| BUILT_IN.into());
        place = Place::start(manifest_file);
    }
    layers.push(built_in());
    layers
}

fn built_in() -> Layer {
    let mut files = BTreeMap::new();
    let mut open: Vec<(&str, &'static Dir<'static>)> =
        vec![("templates", &TEMPLATES), ("assets", &ASSETS), ("words", &WORDS)];
    #[cfg(feature = "pdf")]
    open.push(("print", &PRINT));
    while let Some((top, dir)) = open.pop() {
        open.extend(dir.dirs().map(|dir| (top, dir)));
        for file in dir.files() {
            let path = format!("{top}/{}", file.path().to_string_lossy().replace('\\', "/"));
            files.insert(path, (Cow::Borrowed(file.contents()), None));
        }
    }
    Layer { name: BUILT_IN.into(), files }
}

/// Reads one of a theme's own files; the error is a place in it and a sentence.
fn parse_yaml<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, (Span, String)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        (Span::new(at, at), "UTF-8".to_owned())
    })?;
    serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |location| location.index().min(text.len()));
        (Span::new(at, at), error.to_string())
    })
}

impl Theme {
    fn place(&self, file: Option<FileId>, span: Span) -> Place {
        match file {
            Some(file) => Place::new(file, span),
            None => Place::start(self.site_file.unwrap_or(FileId::NONE)),
        }
    }

    /// Loads all templates. Tera stops at the first bad one, so a bad one is reported, left out, and the rest loaded.
    fn load(&mut self, layers: &[Layer], out: &mut Vec<Diagnostic>) {
        let names: Vec<&str> = layers.iter().map(|layer| &*layer.name).collect();
        let mut templates = self.templates.texts();
        let mut left_out: BTreeSet<String> = BTreeSet::new();
        loop {
            let error = match tera_of(&templates, &names) {
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
        let mut fields = Fields::default();
        for edition in [Edition::Screen, Edition::Large] {
            for (kind, own) in view::KINDS {
                let name = template_name(edition, kind);
                let names = Names { own, frame: view::Frame::SHAPE, site: view::Site::SHAPE };
                let (program, named) = library.compile(&name, names);
                self.programs.extend(program.ok().map(|program| (name, program)));
                fields.extend(named);
            }
        }
        for ((template, at), field) in fields.nowhere() {
            let (place, name) = self.located(&template, at..at + field.name.len());
            let slip = Slip::Unknown(if field.is_word { Thing::Word } else { Thing::Field }, &field.name);
            let known = field.known.iter().map(String::as_str);
            self.told.push(findings::theme_template(place, &name, slip, known, ""));
        }
        out.extend(self.told.iter().cloned());
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
            let mut lines = template.split_inclusive('\n');
            let before: usize = lines.by_ref().take(line_number.saturating_sub(1)).map(str::len).sum();
            // Columns count characters.
            let line = lines.next().unwrap_or("");
            let at = before + line.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
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
    fn template_finding(&self, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) => {
                self.placed(report.filename(), report.span().range.clone(), report.message(), Slip::Unreadable)
            }
            ErrorKind::RenderingError(report) => {
                self.placed(report.filename(), report.span().range.clone(), report.message(), Slip::Unusable)
            }
            ErrorKind::MissingParent { current, parent } => {
                let at = self.templates.text(current).and_then(|text| text.find(parent.as_str())).unwrap_or(0);
                self.placed(current, at..at + parent.len(), &format!("Unknown template `{parent}`"), Slip::Unreadable)
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
        match self.places.get(name) {
            Some(file) => (Place::new(*file, Span::new(start, start + range.len())), String::new()),
            None => (self.place(None, Span::default()), format!("{name}:{line}: ")),
        }
    }

    /// Makes a page.
    ///
    /// # Errors
    /// A finding that points into the template.
    pub fn render(&self, edition: Edition, page: &view::Page, out: &mut Vec<u8>) -> Result<(), Box<Diagnostic>> {
        let name = template_name(edition, page.kind);
        if self.render_compiled(&name, page, out) {
            return Ok(());
        }
        out.clear();
        self.render_by_tera(&name, page, out).map_err(|error| {
            let finding = self.template_finding(&error);
            // What was told when the theme was loaded is not told again in other words. Another mistake in the same
            // template comes to light once that one is mended.
            let told = self.told.iter().find(|told| told.place.file == finding.place.file);
            Box::new(told.cloned().unwrap_or(finding))
        })
    }

    /// Makes a page by its program; not when it has none, or one that does not know what to do on this page.
    fn render_compiled(&self, name: &str, page: &view::Page, out: &mut Vec<u8>) -> bool {
        let (Some(program), Some(site)) = (self.programs.get(name), &self.site) else { return false };
        program.run(&Values { own: page.own.as_deref(), frame: &page.frame, site }, out).is_ok()
    }

    fn render_by_tera(&self, name: &str, page: &view::Page, out: &mut Vec<u8>) -> tera::TeraResult<()> {
        let mut context = Context::new();
        let own = view::KINDS.iter().find(|(kind, _)| *kind == page.kind).and_then(|(_, own)| *own);
        if let (Some((name, _)), Some(own)) = (own, &page.own) {
            context.insert_value(name, own.value());
        }
        context.insert_value("page", page.frame.value());
        self.tera.render_to(name, &context, out)
    }

    /// Gives the theme what is the same on every page.
    pub fn dress(&mut self, site: view::Site) {
        let global = self.tera.global_context();
        global.insert("w", self.words.all());
        global.insert("site", &site);
        self.site = Some(site);
    }

    /// The words that Markdown needs, as the theme has them.
    pub fn language_words(&self) -> &Words {
        &self.words
    }

    /// Version mark of an asset, by its file name.
    pub fn version_of(&self, name: &str) -> Option<&str> {
        let found = self.assets.iter().find(|asset| asset.path.strip_prefix("assets/") == Some(name))?;
        Some(&found.version)
    }

    /// Version marks of assets by file name.
    pub fn asset_versions(&self) -> BTreeMap<String, String> {
        let name = |asset: &Asset| asset.path.trim_start_matches("assets/").to_owned();
        self.assets.iter().map(|asset| (name(asset), asset.version.clone())).collect()
    }
}

/// Templates by name and text, loaded; `layers` are the names of the layers, upper ones first.
fn tera_of(templates: &[(String, String)], layers: &[&str]) -> tera::TeraResult<Tera> {
    let mut tera = Tera::new();
    tera.autoescape_on([".html"]);
    tera.set_escape_fn(escape_to);
    tera.register_filter("fill", fill_filter);
    tera.set_fallback_prefixes(layers.iter().map(|name| format!("{name}/")))?;
    tera.add_raw_templates(templates.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    Ok(tera)
}

/// The template of a kind of page.
fn template_name(edition: Edition, kind: &str) -> String {
    format!("{}/{kind}.html", edition.name())
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

/// The built-in words of a language, for tests of completeness.
pub fn built_in_words(language: Language) -> Result<BTreeMap<String, String>> {
    let file = WORDS.get_file(format!("{}.yaml", language.tag())).context("no words")?;
    parse_yaml(file.contents()).map_err(|(_, message)| anyhow::anyhow!(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_words() {
        let names = |language| built_in_words(language).unwrap().into_keys().collect::<Vec<_>>();
        assert_eq!(names(Language::Japanese), names(Language::English));
    }

    #[test]
    fn names_of_pages_have_places_to_tell_them_apart() {
        let words = built_in_words(Language::Japanese).unwrap();
        for name in crate::text::words::TELLING {
            assert!(words[name].contains("{a}"), "{name}");
        }
    }
}
