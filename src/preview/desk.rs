//! What is at an address: pages made of the site now, kept while they are what it says.

use super::Options;
use super::live::{Live, Now};
use super::own::{Own, View, secret};
use super::panel::{self, Panel};
use super::places::{self, Found};
use super::respond::content_type;
use super::shared::lock;
use crate::diagnostic::Diagnostic;
use crate::output::{self, Output};
use crate::plan::booklets::Booklet;
use crate::plan::{self, Page, Route};
use crate::prepared::Prepared;
use crate::render::Failure;
use crate::text::address;
use crate::text::place::FileId;
use crate::value::edition::Edition;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// The standard theme's script. It listens on the document and holds on to nothing on it, so parts of a page can be
/// exchanged under it; of a script that a theme brings, nobody knows that.
pub(super) const KNOWN_SCRIPT: (&str, &str) = ("assets/site.js", include_str!("../../themes/default/assets/site.js"));

/// How often a page is tried again when a file changes while it is made.
const TRIES: usize = 5;

/// Everything that answers need.
pub struct Desk {
    pub(super) live: Arc<Live>,
    pub(super) own: Own,
    pub(super) address: SocketAddr,
    kept: Mutex<VecDeque<Kept>>,
}

/// A page that was made of the site now: ten browsers that show it wait for one of it, and then load that one.
struct Kept {
    /// The site, which this does not keep alive.
    site: Weak<Output>,
    /// Links to booklets tell what is known of them, and more becomes known.
    booklets: usize,
    view: View,
    address: String,
    /// Held while it is made.
    made: Arc<Mutex<Option<Arc<Made>>>>,
}

/// How many pages are kept.
const MOST_KEPT: usize = 12;
/// Larger ones are not (bytes).
const LARGEST_KEPT: usize = 256 * 1024;

/// A file of the site, made.
#[derive(Clone, Default)]
pub(super) struct Made {
    pub(super) status: u16,
    pub(super) content: Content,
    /// What it is made of, where it is a page.
    pub(super) face: Face,
    /// Documents behind it, where it is a page.
    pub(super) files: Vec<FileId>,
    /// Booklets that it links to and nothing is known of yet.
    pub(super) booklets: Vec<Booklet>,
    /// What could not be made, where that is so.
    pub(super) fault: Option<Box<Diagnostic>>,
}

#[derive(Clone)]
pub(super) enum Content {
    Page(Vec<u8>),
    Bytes(String, Vec<u8>),
    File(String, FileId),
    Elsewhere(String),
}

impl Default for Content {
    fn default() -> Self {
        Self::Page(Vec::new())
    }
}

impl Desk {
    /// Answers for a live site that is reached at `address`, where every address starts with `base`.
    pub fn new(live: Arc<Live>, options: &Options, address: SocketAddr, base: String) -> Self {
        let Options { language, editor, .. } = options.clone();
        let own = Own { language, editor, root: live.root().to_owned(), token: secret(), base };
        Self { live, own, address, kept: Mutex::default() }
    }

    /// The site that is shown.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The site in a view, and the state it belongs to.
    fn site(&self, view: View) -> (Now, Arc<Output>) {
        let now = self.live.now();
        let site = match view {
            View::Now => now.site.clone(),
            View::On(date) => self.live.on_date(date),
        };
        (now, site)
    }

    /// Makes what is at an address. A file that changes meanwhile is looked at again, and the page made from what it
    /// says then.
    pub(super) fn make(&self, view: View, address: &str) -> (Now, Arc<Output>, Arc<Made>) {
        let mut tries = 0;
        loop {
            let (now, site) = self.site(view);
            tries += 1;
            match self.make_once(&site, view, address) {
                Ok(made) => return (now, site, made),
                Err((files, _)) if tries < TRIES => {
                    self.live.suspect(files.iter().map(|file| site.sources.path(*file).into()));
                    self.live.wait(now.tick, Duration::from_millis(500));
                }
                Err((files, error)) => {
                    let made = self.fault(&site, 500, files, &format!("{error:#}"), None);
                    return (now, site, Arc::new(made));
                }
            }
        }
    }

    /// Makes what is at an address of a site, or takes what was made of it before.
    fn make_once(
        &self,
        site: &Arc<Output>,
        view: View,
        address: &str,
    ) -> Result<Arc<Made>, (Vec<FileId>, anyhow::Error)> {
        let place = self.place_of(site, view, address);
        let mut kept = lock(&place);
        if let Some(made) = &*kept {
            return Ok(made.clone());
        }
        let made = in_pool(|| {
            let mut made = self.try_make(site, address)?;
            if let Content::Page(bytes) = &made.content {
                made.face = self.face_of(site, made.status, bytes);
            }
            Ok::<_, (Vec<FileId>, anyhow::Error)>(made)
        })?;
        let Content::Page(bytes) = &made.content else { return Ok(Arc::new(made)) };
        let is_small = bytes.len() <= LARGEST_KEPT;
        let made = Arc::new(made);
        *kept = is_small.then(|| made.clone());
        Ok(made)
    }

    /// Where the page at an address of a site is kept.
    fn place_of(&self, site: &Arc<Output>, view: View, address: &str) -> Arc<Mutex<Option<Arc<Made>>>> {
        let booklets = site.count_known();
        let mut kept = lock(&self.kept);
        kept.retain(|it| it.site.strong_count() > 0);
        let is_it = |it: &&Kept| {
            std::ptr::eq(it.site.as_ptr(), Arc::as_ptr(site))
                && (it.booklets, it.view) == (booklets, view)
                && it.address == address
        };
        if let Some(found) = kept.iter().find(is_it) {
            return found.made.clone();
        }
        if kept.len() >= MOST_KEPT {
            kept.pop_front();
        }
        let made = Arc::default();
        let site = Arc::downgrade(site);
        kept.push_back(Kept { site, booklets, view, address: address.to_owned(), made: Arc::clone(&made) });
        made
    }

    fn try_make(&self, site: &Output, address: &str) -> Result<Made, (Vec<FileId>, anyhow::Error)> {
        let found = match places::find(site, address) {
            // Links of the 404 page start at the path of `base_url`.
            Found::Missing => match base_path(site) {
                Some(base) if format!("{address}/") == base => Found::Elsewhere(base),
                Some(base) => address.strip_prefix(&*base).map_or(Found::Missing, |inner| places::find(site, inner)),
                None => Found::Missing,
            },
            found => found,
        };
        match found {
            Found::Route(Route::Page(page, edition)) => self.page(site, page, edition, 200),
            Found::Route(route) => match site.render(route) {
                Ok(output) => {
                    let kind = content_type(&site.path(route), &output);
                    let content = match output {
                        output::Content::Bytes(bytes) => Content::Bytes(kind, bytes),
                        output::Content::File(file) => Content::File(kind, file),
                    };
                    Ok(Made { status: 200, content, ..Made::default() })
                }
                Err(Failure::Finding(finding)) => {
                    let path = site.sources.path(finding.place.file).to_owned();
                    Ok(self.fault(site, 500, Vec::new(), &path, Some(finding)))
                }
                Err(Failure::Trouble(error)) => Err((Vec::new(), error)),
            },
            Found::Elsewhere(path) => Ok(Made { status: 302, content: Content::Elsewhere(path), ..Made::default() }),
            Found::Faulty(file) => Ok(self.fault(site, 422, vec![file], site.sources.path(file), None)),
            Found::Missing => self.page(site, Page::NotFound, Edition::Screen, 404),
        }
    }

    fn page(
        &self,
        site: &Output,
        page: Page,
        edition: Edition,
        status: u16,
    ) -> Result<Made, (Vec<FileId>, anyhow::Error)> {
        let files = places::documents_of(site, page);
        // Before the page is made: what becomes known meanwhile is asked for once more, and not missed.
        let booklets = site.unknown_booklets(page);
        match site.render(Route::Page(page, edition)) {
            Ok(output::Content::Bytes(bytes)) => {
                Ok(Made { status, content: Content::Page(bytes), files, booklets, ..Made::default() })
            }
            Ok(made @ output::Content::File(file)) => {
                let kind = content_type(site.sources.path(file), &made);
                Ok(Made { status, content: Content::File(kind, file), files, ..Made::default() })
            }
            Err(Failure::Finding(finding)) => {
                let path = site.sources.path(finding.place.file).to_owned();
                Ok(self.fault(site, 500, files, &path, Some(finding)))
            }
            Err(Failure::Trouble(error)) => Err((files, error)),
        }
    }

    /// A page of our own that stands where one could not be made.
    fn fault(
        &self,
        site: &Prepared,
        status: u16,
        files: Vec<FileId>,
        what: &str,
        fault: Option<Box<Diagnostic>>,
    ) -> Made {
        let page = panel::fault_page(&self.own, site, what);
        let content = Content::Page(page.into_string().into_bytes());
        Made { status, content, files, fault, ..Made::default() }
    }

    /// What an open page at an address would be made of now, and its panel.
    pub fn look(&self, view: View, address: &str, now: &Now) -> (Face, Panel) {
        let (made_of, site, made) = self.make(view, address);
        self.live.wanted().add(&site, made_of.generation, &made.booklets);
        let panel = in_pool(|| self.panel_of(&site, &made.files, made.fault.as_deref(), now, view, address));
        (made.face.clone(), panel)
    }

    fn face_of(&self, site: &Prepared, status: u16, bytes: &[u8]) -> Face {
        let mut face = Face::default();
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (name, version) in site.theme.asset_versions() {
            // A style sheet is exchanged without loading the page again, so its mark does not count.
            if name.ends_with(".css") {
                text = text.replace(&version, "");
                face.styles.insert(name, version);
            }
        }
        face.page = format!("{:016x}", crate::document::hash(format!("{status}\n{text}").as_bytes()));
        face
    }

    pub(super) fn panel_of(
        &self,
        site: &Prepared,
        files: &[FileId],
        fault: Option<&Diagnostic>,
        now: &Now,
        view: View,
        address: &str,
    ) -> Panel {
        let mut files = files.to_vec();
        files.extend(fault.map(|fault| fault.place.file));
        let own = places::find(site, address);
        let file = match own {
            Found::Route(Route::Page(page, _)) => plan::source(&site.site, page),
            Found::Faulty(file) => Some(file),
            _ => None,
        };
        panel::panel(&self.own, &panel::Here { site, files: &files, file, fault, view, address }, now)
    }

    /// Under which paths files that are shown as they are stand in the site.
    pub fn public_paths(&self, site: &Prepared, replaced: &[&str]) -> Vec<String> {
        let attachments = site.site.attachments.iter();
        let shown = attachments.filter(|attachment| replaced.contains(&site.sources.path(attachment.file)));
        let assets =
            replaced.iter().filter_map(|path| path.split_once("/assets/").filter(|_| path.starts_with("themes/")));
        let assets = assets.map(|(_, name)| address::encode(&format!("assets/{name}")));
        shown.map(|attachment| address::encode(&attachment.path)).chain(assets).collect()
    }
}

/// Where the script is that is known, if the site's theme has it as it is.
pub(super) fn known_script(site: &Prepared) -> Option<String> {
    let (path, text) = KNOWN_SCRIPT;
    let asset = site.theme.assets.iter().find(|asset| asset.path == path)?;
    (*asset.bytes == *text.as_bytes()).then(|| format!("{path}?v={}", asset.version))
}

/// Does something in the few threads of the pool, because every thread that makes pages keeps memory for it.
pub(super) fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

/// The path of `base_url`, without its first `/`; `None` where the site stands at the top of its host.
fn base_path(site: &Prepared) -> Option<String> {
    let url = site.site.config.base_url.as_deref()?;
    let (_, path) = url.split_once("://")?.1.split_once('/')?;
    address::decode(path).filter(|path| !path.is_empty())
}

/// What an open page was made of, as far as it would have to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// Hash of its bytes and status, apart from the marks of style sheets.
    pub page: String,
    /// Marks of the style sheets by file name.
    pub styles: BTreeMap<String, String>,
    /// Hash of the panel.
    pub panel: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_that_is_known_listens_on_the_document_only() {
        let text = KNOWN_SCRIPT.1;
        assert_eq!(text.matches("addEventListener").count(), 1);
        assert!(text.contains("document.addEventListener(\"click\""), "the preview exchanges parts of a page: {text}");
        for word in ["querySelector", "getElement", "onclick", "Observer", "setTimeout", "append", "innerHTML"] {
            assert!(!text.contains(word), "{word} may hold on to a part of a page that the preview exchanges");
        }
    }
}
