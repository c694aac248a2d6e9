//! A theme: templates, words and assets, layered: a city's own theme over the one it extends, over the built-in one.
//!
//! Everything is checked at load: syntax, missing includes, the contract version, fields, words. Tera loads all
//! templates; those of each kind of page are also compiled ([`crate::program`]), and most pages are made that way.

mod alone;
mod budget;
mod by_tera;
mod findings;
mod layers;
mod load;
mod slip;
mod stray;
mod style;
mod template;
#[cfg(test)]
mod tests;
mod wordbook;

use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic};
use crate::program::{Program, Values};
use crate::source::Sources;
use crate::text::place::FileId;
use crate::text::terms;
use crate::text::words::Words;
use crate::value::edition::Edition;
use crate::view;
use crate::view::reflect::Struct;
pub use alone::alone;
use anyhow::Result;
use budget::Bounded;
pub use layers::FontFile;
use layers::{built_in, fonts, layers};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hash;
use template::Templates;
use tera::{Context, Tera};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

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
    /// What was found in templates that load.
    told: Vec<Diagnostic>,
    places: BTreeMap<String, FileId>,
    site_file: Option<FileId>,
    templates: Templates,
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

/// Loads the theme that `site.yaml` names.
pub fn compile(config: &Config, sources: &Sources) -> Checked<Theme> {
    let mut out = Vec::new();
    let mut theme = Theme { site_file: sources.find("site.yaml"), ..Theme::default() };
    let layers = layers(&config.theme, sources, theme.site_file, &mut out);
    let built_in = built_in();
    let words_file = format!("words/{}.yaml", config.language.tag());
    // A site's own copy of the default theme may lack some.
    let original = wordbook::of(&built_in, &words_file);
    let mut words = original.clone();
    let mut assets: BTreeMap<String, Cow<'static, [u8]>> = BTreeMap::new();
    let mut templates: Vec<(String, String)> = Vec::new();
    let mut digest = Xxh3::new();
    // The last layer is the built-in one; earlier layers replace what later ones brought.
    for layer in layers.iter().rev() {
        for (path, (bytes, file)) in &layer.files {
            (&layer.name, path, bytes).hash(&mut digest);
            if path == &words_file {
                let more = wordbook::read(bytes, file.unwrap_or(FileId::NONE), &mut out);
                terms::lay_over(&mut words, more.into_iter().map(|word| (word.name.value, word.text.value)));
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
    terms::fill(&mut words, &original, &config.terms);
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

impl Theme {
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
        let mut out = Bounded { out, is_full: false };
        self.render_by_tera(&name, page, &mut out).map_err(|error| {
            let finding = if out.is_full { self.too_long(&name) } else { self.template_finding(&error) };
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

    fn render_by_tera(&self, name: &str, page: &view::Page, out: &mut Bounded<'_>) -> tera::TeraResult<()> {
        budget::begin();
        let mut context = Context::new();
        let own = view::KINDS.iter().find(|(kind, _)| *kind == page.kind).and_then(|(_, own)| *own);
        if let (Some((name, _)), Some(own)) = (own, &page.own) {
            context.insert_value(name, own.value());
        }
        context.insert_value("page", page.frame.value());
        self.tera.render_to(name, &context, &mut *out)
    }

    /// Gives the theme what is the same on every page.
    pub fn dress(&mut self, config: &Config) {
        let site = view::Site {
            title: config.title.to_string(),
            organization: config.organization.name.to_string(),
            language: config.language.tag(),
            notice: config.notice.as_deref().map(str::to_owned),
            feedback_url: config.feedback_url.as_deref().map(str::to_owned),
            assets: self.asset_versions(),
        };
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

/// The template of a kind of page.
fn template_name(edition: Edition, kind: &str) -> String {
    format!("{}/{kind}.html", edition.name())
}
