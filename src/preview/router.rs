//! A request to a response: the site's own files, and the preview's few addresses under `/_preview/`.

use super::board;
use super::desk::{Content, Desk, Face, in_pool, known_script};
use super::events::{self, Until};
use super::http::{Body, Request, Response, Telling, parse_head};
use super::live::Now;
use super::own::{OWN, SCRIPT, STYLE, View, own_mark};
use super::panel::{self, Panel};
use super::respond::{field, kept, of_attachment, open_file, partial};
use crate::prepared::Prepared;
use crate::text::address;
use crate::text::html::Html;
use crate::value::calendar::parse_date;
use std::net::IpAddr;
use std::sync::Arc;

/// Nothing from elsewhere, nothing inline; forms of the preview go to the preview.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; \
    media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page that servers show where there is none.
const NOT_FOUND: &str = "404.html";

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

/// What bytes from a stranger ask for, as far as no site is needed to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many bytes the head has.
    pub head: usize,
    /// `GET`, `HEAD` …
    pub method: String,
    /// The address that is looked up in the site; `None` where it is refused.
    pub address: Option<String>,
    /// Whether it was sent to this machine by a name that nobody can point elsewhere.
    pub is_meant: bool,
    /// Whether no other site's page sent it.
    pub is_same_origin: bool,
}

/// Reads the head of a request from what a client has sent so far; `None` while there is more to come.
///
/// # Errors
/// The status with which it is refused.
pub fn asked(sent: &[u8]) -> Result<Option<Asked>, u16> {
    let Some((request, head)) = parse_head(sent).map_err(|refusal| refusal.status)? else { return Ok(None) };
    let is_meant = request.header("host").is_some_and(|host| is_own_name(host, true));
    let is_same_origin = Desk::is_same_origin(&request);
    Ok(Some(Asked { head, address: address(&request.path), is_meant, is_same_origin, method: request.method }))
}

/// Whether a host is this server, by a name or an address that cannot be rebound.
fn is_own_name(host: &str, only_loopback: bool) -> bool {
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
        Ok(ip) => ip.is_loopback() || !only_loopback,
        Err(_) => false,
    }
}

/// An address with what was asked behind it, which leads on with whoever is led on.
fn with_query(address: String, request: &Request) -> String {
    let query = &request.query;
    match !query.is_empty() && query.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => format!("{address}?{query}"),
        false => address,
    }
}

fn nothing_here() -> Response {
    Response::told(404, "ここには何もありません。", "there is nothing here")
}

fn no_address() -> Response {
    Response::told(400, "これは、ページの住所ではありません。", "this is no address of a page")
}

fn for_own_pages() -> Response {
    Response::told(403, "このプレビューのページからだけ使えます。", "for pages of this preview only")
}

impl Desk {
    /// Refuses a request that was sent to another name. The name is not told again, nor what is behind the address.
    fn refuse_name(&self) -> Response {
        let port = self.address.port();
        match self.address.ip().is_loopback() {
            true => Response::told(
                421,
                &format!(
                    "このプレビューは、この機械の http://127.0.0.1:{port}/ か http://localhost:{port}/ から始まる住所だけに答えます。端末に示された住所を開いてください。ほかの機械から見るには、kohyo serve を --host 0.0.0.0 を付けて始めます。"
                ),
                &format!(
                    "this preview answers to http://127.0.0.1:{port}/ and http://localhost:{port}/ on this machine only. Open the address that is shown at the terminal. To see it from other machines, start kohyo serve with --host 0.0.0.0"
                ),
            ),
            false => Response::told(
                421,
                &format!(
                    "このプレビューは、数字の住所（http://192.168.0.10:{port}/ など）だけに答えます。機械の名前では見られません。端末に示された住所を開いてください。"
                ),
                &format!(
                    "this preview answers to addresses in figures only (http://192.168.0.10:{port}/), not to the name of a machine. Open the address that is shown at the terminal"
                ),
            ),
        }
    }

    /// Answers one request.
    pub fn answer(self: &Arc<Self>, request: &Request) -> Response {
        // Before all else, and always the same: who does not know the secret does not learn what is behind it.
        let Some(path) = self.behind_secret(&request.path) else { return Response::plain(404, "not found") };
        if !self.is_meant(request) {
            return self.refuse_name();
        }
        if path.is_empty() {
            return Response::moved(with_query(self.own.base.clone(), request));
        }
        let Some(address) = address(path) else {
            return no_address();
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
            Some(own) => self.answer_own(own, request),
            None if format!("{address}/") == OWN => Response::moved(with_query(self.own.address(""), request)),
            None => self.file(View::Now, &address, request),
        }
    }

    /// What follows the base of every address, with its `/`; `None` where the base is another. Takes as long whichever
    /// letter of a secret is wrong.
    fn behind_secret<'p>(&self, path: &'p str) -> Option<&'p str> {
        let secret = self.own.base.trim_end_matches('/');
        let (first, rest) = path.split_at_checked(secret.len())?;
        let differs = first.bytes().zip(secret.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        (differs == 0 && (rest.starts_with('/') || rest.is_empty())).then_some(rest)
    }

    /// Whether the request was sent to this server by name. A name that someone points at 127.0.0.1 is another one: that
    /// is how a stranger's page would read the preview (DNS rebinding).
    fn is_meant(&self, request: &Request) -> bool {
        request.header("host").is_some_and(|host| is_own_name(host, self.address.ip().is_loopback()))
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

    fn answer_own(self: &Arc<Self>, own: &str, request: &Request) -> Response {
        let asset = |kind: &str, text: &'static str| Response::new(200, kind, text);
        match own {
            "" => {
                let department = field(&request.query, "department");
                self.html(200, in_pool(|| board::page(&self.own, &self.live.now(), department.as_deref())))
            }
            "preview.js" => kept(asset("text/javascript; charset=utf-8", SCRIPT), request, Some(own_mark())),
            "preview.css" => kept(asset("text/css; charset=utf-8", STYLE), request, Some(own_mark())),
            "events" => self.events(request),
            "on" => self.choose(request),
            _ => match own.strip_prefix("on/").and_then(|rest| rest.split_once('/')) {
                Some((date, address)) => match parse_date(date) {
                    Some(date) => self.file(View::On(date), address, request),
                    None => nothing_here(),
                },
                None => match own.strip_prefix("on/").and_then(parse_date) {
                    Some(date) => Response::moved(with_query(self.own.root_of(View::On(date)), request)),
                    None => nothing_here(),
                },
            },
        }
    }

    /// From the form that asks for a day to the page as it is on that day.
    fn choose(&self, request: &Request) -> Response {
        let path = field(&request.query, "path").unwrap_or_default();
        let Some(path) = address(&format!("/{}", address::encode(&path))) else {
            return no_address();
        };
        let date = field(&request.query, "date").unwrap_or_default();
        let view = parse_date(&date).map_or(View::Now, View::On);
        Response::plain(303, "see there").with("Location", self.own.root_of(view) + &address::encode(&path))
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
                Response::moved(with_query(self.own.root_of(view) + &address::encode(&path), request))
            }
            Content::Page(bytes) => {
                let bytes = match made.status == 404 || address == NOT_FOUND {
                    true => self.based(bytes),
                    false => bytes,
                };
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
                Some((opened, length)) => {
                    let headers = of_attachment(&site, file, kind);
                    partial(Response { status: made.status, headers, body: Body::File(opened, length) }, request)
                }
                None => nothing_here(),
            },
        }
    }

    /// The page of what is not there names addresses from the top of its server, because nobody knows where it will be
    /// shown: here the top is behind the base. All other links of a site are relative.
    fn based(&self, page: Vec<u8>) -> Vec<u8> {
        if self.own.base == "/" {
            return page;
        }
        let text = String::from_utf8_lossy(&page);
        text.replace("=\"/", &format!("=\"{}", self.own.base)).into_bytes()
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
        let mut events = self.own.address(&format!("events?path={}", address::encode(address).replace('/', "%2F")));
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
        panel::additions(&self.own, &events, known_script(site).as_deref(), panel)
    }

    fn events(self: &Arc<Self>, request: &Request) -> Response {
        if !Self::is_same_origin(request) {
            return for_own_pages();
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
            return no_address();
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
        let is_ours = field(&form, "token").is_some_and(|token| token == self.own.token);
        if !is_ours || !Self::is_same_origin(request) {
            return for_own_pages();
        }
        let path = field(&form, "file").unwrap_or_default();
        let number = |name| field(&form, name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1).max(1);
        // Only what the snapshot lists and what is the site's: nothing outside the site can be named, or linked to.
        let site = self.live.now().site;
        let file = site.sources.find(&path).filter(|file| site.sources.open(*file).is_ok());
        let Some(file) = file else { return nothing_here() };
        let path = self.live.root().join(site.sources.path(file));
        match self.own.editor.open(&path, number("line"), number("column")) {
            Ok(()) => Response::plain(303, "opened").with("Location", self.own.address("")),
            Err(error) => Response::told(
                500,
                &format!("エディターを始められませんでした。kohyo serve --editor でコマンドを指定します: {error}"),
                &format!("the editor could not be started; name its command with kohyo serve --editor: {error}"),
            ),
        }
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
}
