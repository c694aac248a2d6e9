//! The stages in order, on one screen, and nothing else: sources to a [`Prepared`] site, and that to every file.

use crate::calendar::Date;
use crate::config::{self, Config};
use crate::diagnostic::{self, Checked, Diagnostic, FileId, Place, catalog};
use crate::document::{self, Document, Kind};
use crate::plan::{self, Plan, Route};
use crate::render;
use crate::site::{self, Attachment, Documents, Site};
use crate::source::Sources;
use crate::theme::{self, Theme};
use crate::{check, source};
use rayon::prelude::*;
use std::sync::Arc;

/// What the user chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day for which the site is built: what is published later is in no output.
    pub as_of: Date,
    /// Drafts and what is published later are shown, and marked.
    pub drafts: bool,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
}

/// A site, checked and planned: everything that `render` needs.
#[derive(Debug)]
pub struct Prepared {
    /// The files.
    pub sources: Arc<Sources>,
    /// The record, as it may be seen.
    pub site: Site,
    /// Its pages.
    pub plan: Plan,
    /// Its look.
    pub theme: Theme,
    /// What the user chose.
    pub options: Options,
    /// Frames shared by all pages.
    pub globals: render::Global,
}

/// Reads and joins everything, and finds everything that is wrong. Findings are in canonical order.
pub fn prepare(sources: Arc<Sources>, options: Options) -> Checked<Prepared> {
    let mut out = Vec::new();
    let config = read_config(&sources, &options).report(&mut out);
    let mut theme = theme::compile(&config, &sources).report(&mut out);
    let documents = read_documents(&sources, &config).report(&mut out);
    let record = site::assemble(documents, config).report(&mut out);
    let mut site = record.published(options.as_of, options.drafts);
    plan::drop_unpublished_attachments(&mut site, &sources);
    out.extend(check::record(&site));
    let plan = plan::plan(&site, &sources).report(&mut out);
    out.extend(check::links(&site, &plan, &sources));
    let globals = render::globals(&site, &mut theme);
    diagnostic::sort(&mut out);
    Checked::new(Prepared { sources, site, plan, theme, options, globals }, out)
}

fn read_config(sources: &Sources, options: &Options) -> Checked<Config> {
    let Some(file) = sources.find("site.yaml") else {
        return Checked::new(Config::default(), vec![catalog::no_site_file(Place::start(FileId(u32::MAX)))]);
    };
    let mut checked = match sources.bytes(file) {
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => config::parse(file, text),
            Err(_) => Checked::new(Config::default(), vec![catalog::not_utf8(Place::start(file))]),
        },
        Err(error) => {
            Checked::new(Config::default(), vec![catalog::unreadable(Place::start(file), &format!("{error:#}"))])
        }
    };
    if let Some(base) = &options.base_url {
        checked.value.base_url = Some(config::with_slash(base.as_str().into()));
    }
    checked
}

/// What one file of `content/` gives.
enum Item {
    Document(Box<Document>),
    Attachment(Attachment),
    Unread(Kind, FileId),
    Nothing,
}

fn read_documents(sources: &Sources, config: &Config) -> Checked<Documents> {
    let files: Vec<(FileId, &source::File)> = sources.iter().collect();
    let items = files.par_iter().map(|(id, file)| read_file(*id, file, sources, config)).collect::<Checked<Vec<_>>>();
    items.map(|items| {
        let mut documents = Documents::default();
        for item in items {
            match item {
                Item::Document(document) => documents.documents.push(*document),
                Item::Attachment(attachment) => documents.attachments.push(attachment),
                Item::Unread(kind, file) => documents.unread.push((kind, file)),
                Item::Nothing => {}
            }
        }
        documents
    })
}

fn read_file(id: FileId, file: &source::File, sources: &Sources, config: &Config) -> Checked<Item> {
    let one = |item, finding: Diagnostic| Checked::new(item, vec![finding]);
    let place = Place::start(id);
    let Some(kind) = document::kind(&file.path) else {
        return match &file.trouble {
            Some(why) if &**why != "folder" => one(Item::Nothing, catalog::unreadable(place, why)),
            _ => Checked::new(Item::Nothing, Vec::new()),
        };
    };
    if let Some(why) = &file.trouble {
        let finding = match &**why {
            "folder" => catalog::folder_called_document(place),
            why => catalog::unreadable(place, why),
        };
        return one(Item::Unread(kind, id), finding);
    }
    match kind {
        Kind::Misplaced => one(Item::Nothing, catalog::misplaced(place, &file.path)),
        Kind::BadName(name) => one(Item::Nothing, catalog::bad_name(place, &name)),
        Kind::Attachment(path) => {
            Checked::new(Item::Attachment(Attachment { path, file: id, size: sources.size(id) }), Vec::new())
        }
        kind => match sources.bytes(id) {
            Err(error) => one(Item::Unread(kind, id), catalog::unreadable(place, &format!("{error:#}"))),
            Ok(bytes) => document::parse(id, kind.clone(), &bytes, &config.columns)
                .map(|document| document.map_or(Item::Unread(kind, id), |document| Item::Document(Box::new(document)))),
        },
    }
}

impl Prepared {
    /// Every file of the site.
    pub fn routes(&self) -> Vec<Route> {
        let assets = (0..self.theme.assets.len()).map(|index| Route::Asset(index as u32));
        self.plan.routes(&self.site).chain(assets).collect()
    }
}
