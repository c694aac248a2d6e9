//! `kohyo serve`: the site as it will be, while it is being written.
//!
//! [`live`] notices changes and joins the site again; [`answer`] renders the page that is asked for, from that value,
//! with the functions `build` uses; [`http`] keeps strangers out. No output folder is written or read. What the preview
//! adds to a page (a script, a style sheet, a panel) is added while it is sent.

#![allow(
    clippy::disallowed_methods,
    reason = "io: watches and answers; clocks only measure, and sort what changed lately"
)]

mod board;
mod desk;
mod editor;
mod events;
mod http;
mod keeper;
mod live;
mod own;
mod panel;
mod places;
mod respond;
mod router;
mod setter;
mod shared;
mod stamps;
mod wanted;
mod watch;

use crate::pipeline;
use crate::reading::Reading;
use crate::source::Sources;
use crate::text::language::Language;
use crate::value::calendar::Date;
use crate::value::zone::TimeZone;
use anyhow::{Context as _, Result, anyhow};
pub use editor::Editor;
use keeper::Keeper;
use live::{Live, Now, join_options};
pub use own::secret;
pub use router::{Asked, asked};
use stamps::Stamps;
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use wanted::Wanted;
use watch::Watch;

/// What the user chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site's folder.
    pub site: PathBuf,
    /// Today in a zone, in that of this machine without one; asked again and again, because a preview may run past
    /// midnight.
    pub today: fn(Option<&TimeZone>) -> Date,
    /// A day that is taken for today.
    pub as_of: Option<Date>,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
    /// Where to listen; loopback unless someone says otherwise.
    pub host: IpAddr,
    /// Which port; the first free one from [`USUAL_PORT`] when none is given.
    pub port: Option<u16>,
    /// Look for changes now and then instead of waiting for events: for drives that send none.
    pub poll: bool,
    /// What opens a file at a place.
    pub editor: Editor,
    /// Language of the panel and of the editors' page.
    pub language: Language,
    /// Whether a secret, new at each start, stands in front of every address: on machines that several people use at once,
    /// all of them reach loopback.
    pub private: bool,
    /// What is said at the terminal; nothing in tests.
    pub say: fn(&str),
}

impl Options {
    /// The day on which drafts and embargoes are judged, on a site in this zone.
    fn day(&self, zone: Option<&TimeZone>) -> Date {
        self.as_of.unwrap_or_else(|| (self.today)(zone))
    }

    /// A preview of a folder on loopback.
    pub fn new(site: impl Into<PathBuf>, today: fn(Option<&TimeZone>) -> Date) -> Self {
        Self {
            site: site.into(),
            today,
            as_of: None,
            base_url: None,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: None,
            poll: false,
            editor: Editor::default(),
            language: Language::default(),
            private: false,
            say: |_| {},
        }
    }
}

/// The port that is tried first when none is given.
pub const USUAL_PORT: u16 = 8100;

/// How many ports are tried after the usual one.
const PORTS: u16 = 20;

/// A preview that runs.
pub struct Preview {
    address: SocketAddr,
    base: String,
    live: Arc<Live>,
    stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Reads the site and starts answering.
///
/// # Errors
/// When the folder cannot be read or the port cannot be had.
pub fn start(options: Options) -> Result<Preview> {
    let listener = listener(&options)?;
    let address = listener.local_addr().context("port")?;
    let (live, mut threads) = start_threads(options.clone())?;
    let stopping = Arc::new(AtomicBool::new(false));
    let base = if options.private { format!("/{}/", secret()) } else { "/".to_owned() };
    let desk = Arc::new(desk::Desk::new(live.clone(), &options, address, base.clone()));
    let is_stopping = stopping.clone();
    threads.push(std::thread::Builder::new().name("listener".into()).spawn(move || {
        http::listen(&listener, &is_stopping, http::Limits::default(), Arc::new(move |request| desk.answer(&request)));
    })?);
    Ok(Preview { address, base, live, stopping, threads })
}

fn listener(options: &Options) -> Result<TcpListener> {
    let at = |port| TcpListener::bind(SocketAddr::new(options.host, port));
    if let Some(port) = options.port {
        let next = || (port.saturating_add(1)..=u16::MAX).take(PORTS.into()).find(|port| at(*port).is_ok());
        return at(port).map_err(|error| anyhow!(refused(options, port, &error, next())));
    }
    let free = (USUAL_PORT..USUAL_PORT + PORTS).find_map(|port| at(port).ok());
    free.map_or_else(|| at(0), Ok).map_err(|error| anyhow!(refused(options, 0, &error, None)))
}

/// Why a port cannot be had, and what to do; `free` is one that can.
fn refused(options: &Options, port: u16, error: &io::Error, free: Option<u16>) -> String {
    let host = options.host;
    let ja = match (error.kind(), free) {
        (ErrorKind::AddrInUse, Some(free)) => format!(
            "ポート {port} は、ほかのプログラム（別の kohyo serve など）が使っています。--port {free} なら空いています。--port を付けなければ、空いている番号を選びます。"
        ),
        (ErrorKind::AddrInUse, None) => format!(
            "ポート {port} は、ほかのプログラム（別の kohyo serve など）が使っています。--port を付けずに始めると、空いている番号を選びます。"
        ),
        (ErrorKind::PermissionDenied, _) => {
            format!("ポート {port} を使う権限がありません。--port 8100 のように、1024 以上の番号にします。")
        }
        (ErrorKind::AddrNotAvailable, _) => {
            format!(
                "この機械には {host} という住所がありません。--host 0.0.0.0 なら、この機械のすべての住所で見られます。"
            )
        }
        _ => format!("{host} のポート {port} で始められません: {error}"),
    };
    let en = match (error.kind(), free) {
        (ErrorKind::AddrInUse, Some(free)) => format!(
            "port {port} is in use by another program (another kohyo serve?); --port {free} is free, and without --port a free one is chosen"
        ),
        (ErrorKind::AddrInUse, None) => format!(
            "port {port} is in use by another program (another kohyo serve?); without --port a free one is chosen"
        ),
        (ErrorKind::PermissionDenied, _) => {
            format!("port {port} may not be used; take one from 1024 on, such as --port 8100")
        }
        (ErrorKind::AddrNotAvailable, _) => {
            format!("this machine has no address {host}; with --host 0.0.0.0 the preview is seen at all that it has")
        }
        _ => format!("port {port} of {host} cannot be had: {error}"),
    };
    options.language.pick(&ja, &en).to_owned()
}

/// The addresses of this machine in its networks, as far as it is known which way something sent there would take. Nothing
/// is sent.
fn addresses_of_machine(is_wanted: impl Fn(&IpAddr) -> bool) -> Vec<IpAddr> {
    // What is set aside for documentation, and inside organisations.
    let others = ["192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254", "2001:db8::1", "fd00::1"];
    let mut found = Vec::new();
    for other in others.iter().filter_map(|it| it.parse::<IpAddr>().ok()) {
        let any = if other.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
        let own = UdpSocket::bind((any, 0)).and_then(|it| it.connect((other, 9)).and_then(|()| it.local_addr()));
        if let Ok(own) = own
            && !own.ip().is_loopback()
            && !own.ip().is_unspecified()
            && is_wanted(&own.ip())
            && !found.contains(&own.ip())
        {
            found.push(own.ip());
        }
    }
    found
}

impl Preview {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to open in a browser.
    pub fn url(&self) -> String {
        match self.address.ip() {
            // Never by name: `localhost` may be another program's at the other protocol, which would be told the secret.
            IpAddr::V4(ip) if ip.is_unspecified() => {
                format!("http://{}:{}{}", Ipv4Addr::LOCALHOST, self.address.port(), self.base)
            }
            IpAddr::V6(ip) if ip.is_unspecified() => {
                format!("http://[{}]:{}{}", Ipv6Addr::LOCALHOST, self.address.port(), self.base)
            }
            _ => format!("http://{}{}", self.address, self.base),
        }
    }

    /// The addresses under which other machines find it, where it listens to them.
    pub fn urls_for_others(&self) -> Vec<String> {
        let listens = self.address.ip();
        let found = match listens.is_unspecified() {
            // Who listens to all of the sixth version listens to the fourth as well, on most systems.
            true => addresses_of_machine(|ip| listens.is_ipv6() || ip.is_ipv4()),
            false => Vec::new(),
        };
        let at = |ip| SocketAddr::new(ip, self.address.port());
        found.into_iter().map(|ip| format!("http://{}{}", at(ip), self.base)).collect()
    }

    /// Whether changes are noticed by events; otherwise by looking now and then.
    pub fn has_events(&self) -> bool {
        self.live.has_events()
    }

    /// Stops answering and noticing. Connections that are open are closed.
    pub fn stop(self) {
        self.stopping.store(true, Ordering::Release);
        self.live.stop();
        // The listener waits for a connection; give it one.
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        drop(TcpStream::connect(SocketAddr::new(ip, self.address.port())));
        for thread in self.threads {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

/// Reads the site and starts the threads that keep it up to date.
///
/// # Errors
/// When the folder cannot be read.
pub fn start_threads(options: Options) -> Result<(Arc<Live>, Vec<JoinHandle<()>>)> {
    let root = std::path::absolute(&options.site).with_context(|| options.site.display().to_string())?;
    let (notices, inbox) = channel();
    // Watching starts before the first look, so that nothing falls between them.
    let watch = if options.poll { None } else { Watch::start(&root, notices.clone()).ok() };
    let mut stamps = Stamps::default();
    stamps.sweep(&root);
    let sources = Arc::new(Sources::read(&root)?);
    stamps.share(&sources);
    let mut reading = Reading::default();
    let joined = join_options(&options, &sources, &mut reading);
    let site = Arc::new(pipeline::join(sources, joined, &mut reading));
    let now = Now {
        tick: 1,
        generation: 1,
        site,
        findings: Arc::default(),
        unset: Vec::new(),
        booklets: 0,
        replaced: VecDeque::new(),
        is_over: false,
    };
    let live = Arc::new(Live {
        options,
        root: root.clone(),
        reading: Mutex::new(reading),
        now: Mutex::new(now),
        changed: Condvar::new(),
        notices: Mutex::new(notices.clone()),
        has_events: watch.is_some(),
        on_dates: Mutex::default(),
        wanted: Wanted::default(),
    });
    let (wakes, woken) = channel();
    let has_events = watch.is_some();
    let keeper = Keeper::new(live.clone(), watch, wakes);
    let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| std::thread::Builder::new().name(name.into()).spawn(run);
    let (examiner, setting) = (live.clone(), live.clone());
    let threads = vec![
        spawn("keeper", Box::new(move || keeper.run(&inbox)))?,
        spawn("sweeper", Box::new(move || watch::sweep(&root, stamps, has_events, &woken, &notices)))?,
        spawn("examiner", Box::new(move || examiner.examine()))?,
        spawn("setter", Box::new(move || setter::run(&setting)))?,
    ];
    Ok((live, threads))
}
