//! What the files say, each read once: a preview that joins the same files again reads only those that changed.
//!
//! A build starts with an empty [`Reading`] and throws it away; a preview keeps one and says what to forget. There is
//! no other difference between the two. Whether a file changed is not known here.

use crate::config::checks::RuleOptions;
use crate::config::{self, Column, Config};
use crate::diagnostic::{Checked, Diagnostic, Rule};
use crate::document::copies::is_leftover;
use crate::document::{self, Document, GoalName, Kind, findings};
use crate::print::Shelf;
use crate::proofread;
use crate::site::{Attachment, Documents};
use crate::source::{self, File, Sources, Unreadable, Why};
use crate::text::guard::guarded;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::theme::{self, Theme};
use crate::value::zone::TimeZone;
use rayon::prelude::*;
use std::sync::Arc;

/// Findings of one file, shared by every snapshot in which it says the same.
pub type Found = Option<Arc<[Diagnostic]>>;

/// What has been read so far.
#[derive(Debug, Default)]
pub struct Reading {
    config: Option<ReadConfig>,
    look: Option<Look>,
    /// The city's columns: what a document says depends on them.
    columns: Vec<Column>,
    /// What its texts are checked against.
    language: Language,
    options: RuleOptions,
    /// In order of file.
    files: Vec<ReadFile>,
}

#[derive(Debug)]
struct ReadConfig {
    file: Option<FileId>,
    base_url: Option<String>,
    config: Arc<Config>,
    found: Found,
}

#[derive(Debug)]
struct Look {
    config: Arc<Config>,
    files: Vec<FileId>,
    theme: Arc<Theme>,
    shelf: Arc<Shelf>,
    found: Found,
}

#[derive(Debug)]
struct ReadFile {
    file: FileId,
    path: Arc<str>,
    is_forgotten: bool,
    /// Whether something is excused in it.
    has_exceptions: bool,
    hash: Option<u64>,
    item: Item,
    found: Found,
}

/// What one file of `content/` gives.
#[derive(Clone, Debug)]
enum Item {
    Document(Document),
    Attachment(Attachment),
    Unread(Kind, FileId),
    Nothing,
}

fn found(findings: Vec<Diagnostic>) -> Found {
    (!findings.is_empty()).then(|| findings.into())
}

impl Reading {
    /// The file changed, or may have: it is read again when it is next asked for.
    pub fn forget(&mut self, file: FileId) {
        if let Ok(index) = self.files.binary_search_by_key(&file, |read| read.file) {
            self.files[index].is_forgotten = true;
        }
        if self.config.as_ref().is_some_and(|config| config.file == Some(file)) {
            self.config = None;
        }
        if self.look.as_ref().is_some_and(|look| look.files.contains(&file)) {
            self.look = None;
        }
    }

    /// Hash of the bytes that were read of a document; `None` for other files and those not read yet.
    pub fn hash(&self, file: FileId) -> Option<u64> {
        self.files.binary_search_by_key(&file, |read| read.file).ok().and_then(|index| self.files[index].hash)
    }

    /// Where it is the day on which the site shows what is public; `None` is wherever this machine is.
    pub fn time_zone(&mut self, sources: &Sources, base_url: Option<&str>) -> Option<TimeZone> {
        self.config(sources, base_url).0.time_zone.clone()
    }

    /// `site.yaml`, with the address the user chose.
    pub fn config(&mut self, sources: &Sources, base_url: Option<&str>) -> (Arc<Config>, Found) {
        let file = sources.find("site.yaml");
        let same = |read: &ReadConfig| read.file == file && read.base_url.as_deref() == base_url;
        let read = match self.config.take().filter(same) {
            Some(read) => read,
            None => {
                let Checked { value: mut config, diagnostics } = read_config(sources, file);
                if let Some(base) = base_url {
                    config.base_url = Some(config::with_slash(base.into()));
                }
                let base_url = base_url.map(String::from);
                ReadConfig { file, base_url, config: config.into(), found: found(diagnostics) }
            }
        };
        let read = self.config.insert(read);
        (read.config.clone(), read.found.clone())
    }

    /// The theme, with what is the same on every page, and the booklets that were set in it.
    pub fn theme(&mut self, sources: &Sources, config: &Arc<Config>) -> (Arc<Theme>, Arc<Shelf>, Found) {
        let files =
            sources.under("fonts/").chain(sources.under("themes/")).map(|(file, _)| file).collect::<Vec<FileId>>();
        let same = |look: &Look| Arc::ptr_eq(&look.config, config) && look.files == files;
        let look = match self.look.take().filter(same) {
            Some(look) => look,
            None => {
                let compiled = guarded(|| theme::compile(config, sources)).unwrap_or_else(|said| {
                    let place = sources.find("site.yaml").map_or(Place::start(FileId::NONE), Place::start);
                    Checked::new(Theme::default(), vec![findings::broke_the_program(place, &said)])
                });
                let Checked { value: mut theme, diagnostics } = compiled;
                theme.dress(config);
                let shelf = Arc::default();
                Look { config: config.clone(), files, theme: theme.into(), shelf, found: found(diagnostics) }
            }
        };
        let look = self.look.insert(look);
        (look.theme.clone(), look.shelf.clone(), look.found.clone())
    }

    /// Every document and attachment, and what was found in each file alone.
    pub fn documents(&mut self, sources: &Sources, config: &Config) -> (Documents<'_>, Vec<Arc<[Diagnostic]>>) {
        let (language, options) = (config.language, &config.checks.options);
        if self.columns != config.columns || self.language != language || self.options != *options {
            self.files.clear();
            (self.columns, self.language, self.options) = (config.columns.clone(), language, options.clone());
        }
        self.follow(sources);
        let missing = self.files.iter_mut().zip(sources.iter()).enumerate().filter(|(_, (read, _))| read.is_forgotten);
        let (indices, missing): (Vec<usize>, Vec<_>) = missing.unzip();
        let read = |(read, (id, file)): (&mut ReadFile, (FileId, &File))| *read = read_file(id, file, sources, config);
        // One file is read sooner than another thread is woken.
        match missing.len() {
            0..=2 => missing.into_iter().for_each(read),
            _ => missing.into_par_iter().for_each(read),
        }
        indices.into_iter().for_each(|index| self.share_names(index));
        let mut documents = Documents::default();
        documents.documents.reserve_exact(self.files.len());
        let mut all_found = Vec::new();
        for read in &self.files {
            match &read.item {
                Item::Document(document) => {
                    documents.documents.push(document);
                    if read.has_exceptions {
                        documents.with_exceptions.push(document);
                    }
                }
                Item::Attachment(attachment) => documents.attachments.push(attachment.clone()),
                Item::Unread(kind, file) => documents.unread.push((kind.clone(), *file)),
                Item::Nothing => {}
            }
            all_found.extend(read.found.clone());
        }
        (documents, all_found)
    }

    /// Lets a document that was just read have the texts of its name from the one before or behind it, where they are the
    /// same: thousands of documents lie in one folder, and a result has the name of its goal.
    fn share_names(&mut self, index: usize) {
        for near in [index.wrapping_sub(1), index + 1] {
            let Some(from) = self.files.get(near).and_then(ReadFile::name).cloned() else { continue };
            let Some(name) = self.files[index].name_mut() else { return };
            for (text, known) in [(&mut name.department, from.department), (&mut name.slug, from.slug)] {
                if *text == known {
                    *text = known;
                }
            }
        }
    }

    /// Makes the list that of `sources`: what is new in it is still to be read.
    fn follow(&mut self, sources: &Sources) {
        let is_same = |(read, (id, file)): (&ReadFile, (FileId, &File))| read.file == id && is_at(read, file);
        if self.files.len() == sources.len() && self.files.iter().zip(sources.iter()).all(is_same) {
            return;
        }
        let mut before = std::mem::take(&mut self.files).into_iter().peekable();
        let list = sources.iter().map(|(id, file)| {
            while before.next_if(|read| read.file < id).is_some() {}
            let known = before.next_if(|read| read.file == id).filter(|read| is_at(read, file));
            known.unwrap_or_else(|| ReadFile::unread(id, file))
        });
        self.files = list.collect();
    }
}

impl ReadFile {
    fn name(&self) -> Option<&GoalName> {
        match &self.item {
            Item::Document(Document::Goal(name, _) | Document::Outcome(name, ..)) => Some(name),
            _ => None,
        }
    }

    fn name_mut(&mut self) -> Option<&mut GoalName> {
        match &mut self.item {
            Item::Document(Document::Goal(name, _) | Document::Outcome(name, ..)) => Some(name),
            _ => None,
        }
    }

    fn unread(file: FileId, known: &File) -> Self {
        let path = known.path.clone();
        Self { file, path, is_forgotten: true, has_exceptions: false, hash: None, item: Item::Nothing, found: None }
    }
}

/// Whether it was read from this path; nearly always they share the text.
fn is_at(read: &ReadFile, file: &File) -> bool {
    Arc::ptr_eq(&read.path, &file.path) || read.path == file.path
}

fn read_config(sources: &Sources, file: Option<FileId>) -> Checked<Config> {
    let Some(file) = file else {
        return Checked::new(Config::default(), vec![findings::no_site_file(Place::start(FileId::NONE))]);
    };
    match sources.bytes(file) {
        Ok(bytes) => {
            let mut config = config::parse(file, &bytes);
            config.diagnostics.extend(proofread::settings(file, &bytes, &config.value));
            config
        }
        Err(error) => {
            let unknown = Config { is_partial: true, ..Config::default() };
            Checked::new(unknown, vec![findings::unreadable(Place::start(file), &error.why)])
        }
    }
}

fn read_file(id: FileId, file: &File, sources: &Sources, config: &Config) -> ReadFile {
    let mut hash = None;
    let mut checked = whole_or_told(id, file, || item(id, file, sources, config, &mut hash));
    if let Some(finding) = proofread::name(id, &file.path) {
        // That such a name can be no address goes without saying.
        checked.diagnostics.retain(|finding| finding.rule != Rule::BadName);
        checked.diagnostics.push(finding);
    }
    let found = found(checked.diagnostics);
    let item = checked.value;
    let has_exceptions = matches!(&item, Item::Document(document) if !document.body().exceptions.is_empty());
    ReadFile { file: id, path: file.path.clone(), is_forgotten: false, has_exceptions, hash, item, found }
}

/// Whether it is a text of a theme, by its ending: words, templates, styles.
fn is_theme_text(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    path.starts_with("themes/") && matches!(ending, "yaml" | "html" | "typ" | "css" | "js" | "svg" | "txt" | "md")
}

/// What reading a file gives; where a library panicked over it, the file counts as unread, and that is told.
fn whole_or_told(id: FileId, file: &File, read: impl FnOnce() -> Checked<Item>) -> Checked<Item> {
    guarded(read).unwrap_or_else(|said| {
        let unread = document::kind(&file.path).map_or(Item::Nothing, |kind| Item::Unread(kind, id));
        Checked::new(unread, vec![findings::broke_the_program(Place::start(id), &said)])
    })
}

fn item(id: FileId, file: &File, sources: &Sources, config: &Config, hash: &mut Option<u64>) -> Checked<Item> {
    let one = |item, finding: Diagnostic| Checked::new(item, vec![finding]);
    let place = Place::start(id);
    let Some(kind) = document::kind(&file.path) else {
        return match &file.trouble {
            Some(why) if *why != Why::Folder => one(Item::Nothing, findings::unreadable(place, why)),
            None if file.path.starts_with("themes/") && file.path.split('/').any(is_leftover) => {
                one(Item::Nothing, findings::leftover(place, &file.path))
            }
            // `site.yaml` is read by itself.
            None if is_theme_text(&file.path) => {
                let bytes = sources.bytes(id).unwrap_or_default();
                Checked::new(Item::Nothing, proofread::other(id, &file.path, &bytes))
            }
            _ => Checked::new(Item::Nothing, Vec::new()),
        };
    };
    if let Some(why) = &file.trouble {
        let finding = match why {
            Why::Folder => findings::folder_called_document(place),
            why => findings::unreadable(place, why),
        };
        return one(Item::Unread(kind, id), finding);
    }
    match kind {
        Kind::Leftover => one(Item::Nothing, findings::leftover(place, &file.path)),
        Kind::Misplaced => one(Item::Nothing, findings::misplaced(place, &file.path)),
        Kind::BadName(name) => one(Item::Nothing, findings::bad_name(place, &name)),
        Kind::Attachment(path) => match sources.open(id) {
            Ok(opened) => {
                let size = opened.as_ref().map_or_else(|| sources.size(id).unwrap_or(0), |it| it.metadata.len());
                let look = opened.and_then(|opened| opened.look());
                let attachment = Attachment { path, file: id, size, look, facts: Arc::default() };
                Checked::new(Item::Attachment(attachment), Vec::new())
            }
            Err(error) => one(Item::Nothing, findings::unreadable(place, &error.why)),
        },
        kind => match sources.bytes(id) {
            Err(Unreadable { why: Why::TooLarge(size), .. }) => {
                one(Item::Unread(kind, id), findings::large_document(place, size, source::LARGEST_TEXT))
            }
            Err(error) => one(Item::Unread(kind, id), findings::unreadable(place, &error.why)),
            Ok(bytes) => {
                *hash = Some(document::hash(&bytes));
                let Checked { value: parsed, mut diagnostics } =
                    document::parse(id, kind.clone(), &bytes, &config.columns);
                diagnostics.extend(proofread::file(id, parsed.text, &parsed.reading, config));
                Checked::new(parsed.document.map_or(Item::Unread(kind, id), Item::Document), diagnostics)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;

    #[test]
    fn a_panic_over_one_file_is_told_of_it_and_the_rest_is_read() {
        let page = |name: &str| (format!("content/pages/{name}.md"), "---\ntitle: 見本\n---\n本文です。\n");
        let sources = Sources::from_memory([page("a"), page("b"), page("c")]);
        let config = Config::default();
        let read = |(id, file): (FileId, &File)| {
            whole_or_told(id, file, || match &*file.path {
                "content/pages/b.md" => panic!("attempt to subtract with overflow"),
                _ => item(id, file, &sources, &config, &mut None),
            })
        };
        let all: Checked<Vec<Item>> = sources.iter().collect::<Vec<_>>().into_par_iter().map(read).collect();
        assert!(matches!(all.value[..], [Item::Document(_), Item::Unread(Kind::Page(_), _), Item::Document(_)]));
        let [finding] = &all.diagnostics[..] else { panic!("{:?}", all.diagnostics) };
        assert_eq!((finding.rule, sources.path(finding.place.file)), (Rule::Unreadable, "content/pages/b.md"));
        assert!(finding.message.en.contains("attempt to subtract with overflow"), "{}", finding.message.en);
    }
}
