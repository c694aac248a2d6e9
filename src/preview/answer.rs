//! A request to a response: the site's own files, and the preview's few addresses under `/_preview/`.

use super::events::{self, Face, Until};
use super::http::{Body, Request, Response, Telling};
use super::live::{Live, Now, lock};
use super::panel::{self, Panel};
use super::places::{self, Found};
use super::{Editor, Options, board};
use crate::diagnostic::Diagnostic;
use crate::output::{self, Output};
use crate::plan::booklets::Booklet;
use crate::plan::{self, Page, Route};
use crate::prepared::Prepared;
use crate::render::Failure;
use crate::text::address;
use crate::text::html::Html;
use crate::text::language::Language;
use crate::text::place::FileId;
use crate::value::calendar::{Date, parse_date};
use crate::value::edition::Edition;
use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Seek, SeekFrom};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

/// Where the preview's own addresses start.
const OWN: &str = "_preview/";

const SCRIPT: &str = include_str!("assets/preview.js");
const STYLE: &str = include_str!("assets/preview.css");

/// The standard theme's script. It listens on the document and holds on to nothing on it, so parts of a page can be
/// exchanged under it; of a script that a theme brings, nobody knows that.
const KNOWN_SCRIPT: (&str, &str) = ("assets/site.js", include_str!("../../themes/default/assets/site.js"));

/// Nothing from elsewhere, nothing inline; forms of the preview go to the preview.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; \
    media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For what is asked for by a mark made of its content: a browser need not ask again when a page is loaded anew.
const KEEP: &str = "private, max-age=31536000, immutable";

/// How often a page is tried again when a file changes while it is made.
const TRIES: usize = 5;

/// As what the site is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// With drafts and what is published later.
    Now,
    /// As citizens see it on a day.
    On(Date),
}

impl View {
    /// The address under which the view's pages are.
    pub fn root(self) -> String {
        match self {
            Self::Now => "/".into(),
            Self::On(date) => format!("/{OWN}on/{date}/"),
        }
    }
}

/// Everything that answers need.
pub struct Desk {
    live: Arc<Live>,
    options: Options,
    address: SocketAddr,
    token: String,
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
struct Made {
    status: u16,
    content: Content,
    /// What it is made of, where it is a page.
    face: Face,
    /// Documents behind it, where it is a page.
    files: Vec<FileId>,
    /// Booklets that it links to and nothing is known of yet.
    booklets: Vec<Booklet>,
    /// What could not be made, where that is so.
    fault: Option<Box<Diagnostic>>,
}

#[derive(Clone)]
enum Content {
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
    /// Answers for a live site that is reached at `address`.
    pub fn new(live: Arc<Live>, options: Options, address: SocketAddr) -> Self {
        // The system's randomness, as maps use it: no page of another site can guess it.
        let part = || RandomState::new().build_hasher().finish();
        let token = format!("{:016x}{:016x}", part(), part());
        Self { live, options, address, token, kept: Mutex::default() }
    }

    /// The site that is shown.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Language of the preview's own words.
    pub fn language(&self) -> Language {
        self.options.language
    }

    /// What opens files.
    pub fn editor(&self) -> &Editor {
        &self.options.editor
    }

    /// What a form must carry.
    pub fn token(&self) -> &str {
        &self.token
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

    /// Answers one request.
    pub fn answer(self: &Arc<Self>, request: &Request) -> Response {
        if !self.is_meant(request) {
            return Response::plain(421, "this preview answers to localhost only");
        }
        let Some(address) = address(&request.path) else {
            return Response::plain(400, "this is no address of a page");
        };
        let is_open = address == format!("{OWN}open");
        match &*request.method {
            "GET" | "HEAD" if !is_open => {}
            "POST" if is_open => return self.open(request),
            _ => {
                let allowed = if is_open { "POST" } else { "GET, HEAD" };
                return Response::plain(405, "method not allowed").with("Allow", allowed);
            }
        }
        match address.strip_prefix(OWN) {
            Some(own) => self.own(own, request),
            None => self.file(View::Now, &address, request),
        }
    }

    /// Whether the request was sent to this server by name. A name that someone points at 127.0.0.1 is another one: that
    /// is how a stranger's page would read the preview (DNS rebinding).
    fn is_meant(&self, request: &Request) -> bool {
        let Some(host) = request.header("host") else { return false };
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((inside, _)) => inside,
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        let is_port =
            |text: &str| text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        let after = host.trim_start_matches('[').get(name.len()..).unwrap_or_default().trim_start_matches(']');
        if !is_port(after) {
            return false;
        }
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        match name.parse::<IpAddr>() {
            // An address cannot be rebound. Others than loopback are only reached where `--host` opened them.
            Ok(ip) => ip.is_loopback() || !self.address.ip().is_loopback(),
            Err(_) => false,
        }
    }

    /// Whether a request comes from a page of the preview itself, or from no page at all.
    fn is_same_origin(request: &Request) -> bool {
        let origin = match request.count("origin") {
            0 => true,
            _ => request.header("origin").zip(request.header("host")).is_some_and(|(origin, host)| {
                origin.strip_prefix("http://").is_some_and(|origin| origin.eq_ignore_ascii_case(host))
            }),
        };
        let site = match request.count("sec-fetch-site") {
            0 => true,
            _ => matches!(request.header("sec-fetch-site"), Some("same-origin" | "none")),
        };
        origin && site
    }

    fn own(self: &Arc<Self>, own: &str, request: &Request) -> Response {
        let asset = |kind: &str, text: &'static str| Response::new(200, kind, text);
        match own {
            "" => {
                let department = field(&request.query, "department");
                self.html(200, in_pool(|| board::page(self, &self.live.now(), department.as_deref())))
            }
            "preview.js" => kept(asset("text/javascript; charset=utf-8", SCRIPT), request, Some(own_mark())),
            "preview.css" => kept(asset("text/css; charset=utf-8", STYLE), request, Some(own_mark())),
            "events" => self.events(request),
            "on" => self.choose(request),
            _ => match own.strip_prefix("on/").and_then(|rest| rest.split_once('/')) {
                Some((date, address)) => match parse_date(date) {
                    Some(date) => self.file(View::On(date), address, request),
                    None => Response::plain(404, "not found"),
                },
                None => Response::plain(404, "not found"),
            },
        }
    }

    /// From the form that asks for a day to the page as it is on that day.
    fn choose(&self, request: &Request) -> Response {
        let path = field(&request.query, "path").unwrap_or_default();
        let Some(path) = address(&format!("/{}", address::encode(&path))) else {
            return Response::plain(400, "this is no address of a page");
        };
        let date = field(&request.query, "date").unwrap_or_default();
        let view = parse_date(&date).map_or(View::Now, View::On);
        Response::plain(303, "see there").with("Location", view.root() + &address::encode(&path))
    }

    fn html(&self, status: u16, page: Html) -> Response {
        Response::new(status, "text/html; charset=utf-8", page.into_string()).with("Content-Security-Policy", POLICY)
    }

    fn file(&self, view: View, address: &str, request: &Request) -> Response {
        let (now, site, made) = self.make(view, address);
        let made = Arc::unwrap_or_clone(made);
        self.live.wanted().add(&site, now.generation, &made.booklets);
        match made.content {
            Content::Elsewhere(path) => {
                Response::plain(302, "see there").with("Location", view.root() + &address::encode(&path))
            }
            Content::Page(bytes) => {
                let bytes = in_pool(|| {
                    let panel = self.panel_of(&site, &made.files, made.fault.as_deref(), &now, view, address);
                    panel::augment(bytes, &self.additions(&now, &site, &made.face, &panel, view, address))
                });
                Response::new(made.status, "text/html; charset=utf-8", bytes).with("Content-Security-Policy", POLICY)
            }
            Content::Bytes(kind, bytes) => {
                let mark = address.strip_prefix("assets/").and_then(|name| site.theme.version_of(name));
                partial(kept(Response::new(made.status, &kind, bytes), request, mark), request)
            }
            Content::File(kind, file) => match open_file(&site, file) {
                Ok((opened, length)) => {
                    let headers = vec![("Content-Type", kind)];
                    partial(Response { status: made.status, headers, body: Body::File(opened, length) }, request)
                }
                Err(_) => Response::plain(404, "not found"),
            },
        }
    }

    /// Makes what is at an address. A file that changes meanwhile is looked at again, and the page made from what it
    /// says then.
    fn make(&self, view: View, address: &str) -> (Now, Arc<Output>, Arc<Made>) {
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
            Found::Missing => match base_path(site).and_then(|base| address.strip_prefix(&*base)) {
                Some(inner) => places::find(site, inner),
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
        let page = panel::fault_page(site, what, self.language());
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

    fn panel_of(
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
        panel::panel(self, &panel::Here { site, files: &files, file, fault, view, address }, now)
    }

    fn additions(
        &self,
        now: &Now,
        site: &Prepared,
        face: &Face,
        panel: &Panel,
        view: View,
        address: &str,
    ) -> panel::Additions {
        let mut events = format!("/{OWN}events?path={}", address::encode(address).replace('/', "%2F"));
        if let View::On(date) = view {
            events.push_str(&format!("&on={date}"));
        }
        let styles: Vec<String> =
            face.styles.iter().map(|(name, mark)| format!("{}:{mark}", address::encode(name))).collect();
        events.push_str(&format!(
            "&page={}&panel={}&styles={}&since={}",
            face.page,
            panel.hash,
            styles.join(",").replace('/', "%2F"),
            now.generation
        ));
        panel::additions(&events, known_script(site).as_deref(), panel)
    }

    fn events(self: &Arc<Self>, request: &Request) -> Response {
        if !Self::is_same_origin(request) {
            return Response::plain(403, "for pages of this preview only");
        }
        let text = |name| field(&request.query, name).unwrap_or_default();
        let desk = self.clone();
        let stream = |run: Telling| Response {
            status: 200,
            headers: vec![("Content-Type", "text/event-stream; charset=utf-8".into())],
            body: Body::Events(run),
        };
        if let Some(has) = field(&request.query, "board") {
            return stream(Box::new(move |out| events::tell_board(&desk, &has, out)));
        }
        let Some(address) = address(&format!("/{}", address::encode(&text("path")))) else {
            return Response::plain(400, "this is no address of a page");
        };
        let view = parse_date(&text("on")).map_or(View::Now, View::On);
        let styles = text("styles");
        let styles = styles.split(',').filter_map(|pair| pair.split_once(':'));
        let has = Face {
            page: text("page"),
            styles: styles.map(|(name, mark)| (name.to_owned(), mark.to_owned())).collect(),
            panel: text("panel"),
        };
        // Without a generation it is someone who only wants to know what happens from now on.
        let since = text("since").parse().unwrap_or(u64::MAX);
        let page = events::Page { view, address, has, since };
        let until = if field(&request.query, "once").is_some() { Until::Told } else { Until::Gone };
        stream(Box::new(move |out| events::tell(&desk, page, until, out)))
    }

    /// Opens a file of the site in the editor.
    fn open(&self, request: &Request) -> Response {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let is_ours = field(&form, "token").is_some_and(|token| token == self.token);
        if !is_ours || !Self::is_same_origin(request) {
            return Response::plain(403, "for pages of this preview only");
        }
        let path = field(&form, "file").unwrap_or_default();
        let number = |name| field(&form, name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1).max(1);
        // Only what the snapshot lists: nothing outside the site can be named.
        let site = self.live.now().site;
        let Some(file) = site.sources.find(&path) else { return Response::plain(404, "no such file in this site") };
        let path = self.live.root().join(site.sources.path(file));
        match self.editor().open(&path, number("line"), number("column")) {
            Ok(()) => Response::plain(303, "opened").with("Location", format!("/{OWN}")),
            Err(error) => Response::plain(500, &format!("the editor could not be started: {error}")),
        }
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
fn known_script(site: &Prepared) -> Option<String> {
    let (path, text) = KNOWN_SCRIPT;
    let asset = site.theme.assets.iter().find(|asset| asset.path == path)?;
    (*asset.bytes == *text.as_bytes()).then(|| format!("{path}?v={}", asset.version))
}

/// The decoded path of an address without its first `/`; `None` for what no link of a site can be: parts that go up,
/// empty parts, backslashes, control characters, broken encoding.
fn address(path: &str) -> Option<String> {
    let decoded = address::decode(path)?;
    let address = decoded.strip_prefix('/')?;
    let is_clean = |part: &str| !matches!(part, "." | "..");
    let has_empty = address.starts_with('/') || address.contains("//");
    let is_fine =
        address.split('/').all(is_clean) && !has_empty && !address.contains(|c: char| c.is_control() || c == '\\');
    is_fine.then(|| address.to_owned())
}

/// Does something in the few threads of the pool, because every thread that makes pages keeps memory for it.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

/// A mark of the preview's own script and styles.
pub fn own_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| format!("{:016x}", crate::document::hash([SCRIPT, STYLE].concat().as_bytes())))
}

/// Lets a browser keep what it asked for by the mark that it has.
fn kept(response: Response, request: &Request, mark: Option<&str>) -> Response {
    let is_marked = mark.is_some() && field(&request.query, "v").as_deref() == mark;
    if is_marked { response.with("Cache-Control", KEEP) } else { response }
}

/// A field of a query or a form.
fn field(text: &str, name: &str) -> Option<String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.into_iter().find(|(key, _)| *key == name)?.1;
    address::decode(&value.replace('+', "%20"))
}

/// The path of `base_url`, without its first `/`; `None` where the site stands at the top of its host.
fn base_path(site: &Prepared) -> Option<String> {
    let url = site.site.config.base_url.as_deref()?;
    let (_, path) = url.split_once("://")?.1.split_once('/')?;
    address::decode(path).filter(|path| !path.is_empty())
}

fn open_file(site: &Prepared, file: FileId) -> std::io::Result<(std::fs::File, u64)> {
    let path = site.sources.on_disk(file).ok_or(std::io::ErrorKind::NotFound)?;
    let opened = std::fs::File::open(path)?;
    let metadata = opened.metadata()?;
    if metadata.is_file() { Ok((opened, metadata.len())) } else { Err(std::io::ErrorKind::NotFound.into()) }
}

/// Cuts a response to the one range that was asked for; films and large PDFs are read in parts.
fn partial(mut response: Response, request: &Request) -> Response {
    response.headers.push(("Accept-Ranges", "bytes".into()));
    let Some(range) = request.header("range").and_then(|range| range.strip_prefix("bytes=")) else { return response };
    let length = match &response.body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_, length) => *length,
        Body::Events(_) => return response,
    };
    let Some((from, to)) = range.split_once('-').filter(|_| !range.contains(',')) else { return response };
    let (first, last) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(first), Ok(last)) => (first, last.min(length.saturating_sub(1))),
        (Ok(first), Err(_)) if to.is_empty() => (first, length.saturating_sub(1)),
        (Err(_), Ok(count)) if from.is_empty() => (length.saturating_sub(count), length.saturating_sub(1)),
        _ => return response,
    };
    if first > last || first >= length {
        return Response::plain(416, "no such part").with("Content-Range", format!("bytes */{length}"));
    }
    response.headers.push(("Content-Range", format!("bytes {first}-{last}/{length}")));
    response.status = 206;
    response.body = match response.body {
        Body::Bytes(bytes) => Body::Bytes(bytes[first as usize..=last as usize].to_vec()),
        Body::File(mut file, _) => match file.seek(SeekFrom::Start(first)) {
            Ok(_) => Body::File(file, last - first + 1),
            Err(_) => return Response::plain(500, "the file cannot be read"),
        },
        events => events,
    };
    response
}

/// The type of a file by its ending. Text says its encoding where we know it.
fn content_type(path: &str, content: &output::Content) -> String {
    let ending = path.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let kind = match &*ending {
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "jsonld" => "application/ld+json",
        "xml" => "application/xml",
        "txt" | "md" => "text/plain",
        "csv" => "text/csv",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/vnd.microsoft.icon",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xls" => "application/vnd.ms-excel",
        "doc" => "application/msword",
        "ppt" => "application/vnd.ms-powerpoint",
        _ => "application/octet-stream",
    };
    // What we made ourselves is UTF-8; in which encoding a department saved its CSV file, nobody knows.
    let is_ours = matches!(content, output::Content::Bytes(_));
    match kind.starts_with("text/") && is_ours {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_no_link_can_be_are_refused() {
        for path in [
            "/../etc/passwd",
            "/%2e%2e/x",
            "/a/./b",
            "//server/share",
            "/a//b",
            "/a%00b",
            "/a\\b",
            "/%5c%5cserver",
            "/%zz",
            "/%ff",
            "/a%0d%0ab",
            "x",
        ] {
            assert_eq!(address(path), None, "{path}");
        }
        assert_eq!(address("/2026/%E7%B7%8F%E5%8B%99/").as_deref(), Some("2026/総務/"));
        assert_eq!(address("/").as_deref(), Some(""));
    }

    #[test]
    fn the_script_that_is_known_listens_on_the_document_only() {
        let text = KNOWN_SCRIPT.1;
        assert_eq!(text.matches("addEventListener").count(), 1);
        assert!(text.contains("document.addEventListener(\"click\""), "the preview exchanges parts of a page: {text}");
        for word in ["querySelector", "getElement", "onclick", "Observer", "setTimeout", "append", "innerHTML"] {
            assert!(!text.contains(word), "{word} may hold on to a part of a page that the preview exchanges");
        }
    }

    #[test]
    fn fields_are_decoded() {
        assert_eq!(field("a=1&path=%E7%B7%8F+x", "path").as_deref(), Some("総 x"));
        assert_eq!(field("a=1", "path"), None);
    }
}
