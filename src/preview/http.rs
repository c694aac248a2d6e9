//! HTTP/1.1 for one editor's machine: requests in, responses out, and limits on everything a stranger could send.
//!
//! One thread per connection, so many at most; a client that is slow, sends too much or sends nonsense
//! is answered and let go. Does not know what a site is.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Longest request line and headers, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;
/// Longest address, in bytes.
const LONGEST_TARGET: usize = 4 * 1024;
/// Most headers of a request.
const MOST_HEADERS: usize = 64;
/// Longest body: only the small form that opens the editor has one.
const LONGEST_BODY: usize = 8 * 1024;

/// What one client may take of the others' share.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at one time. A browser opens six.
    pub connections: usize,
    /// How long a request may take to arrive, from its first byte.
    pub request: Duration,
    /// How long a connection may be idle between requests.
    pub idle: Duration,
    /// How long a client may take no bytes while a response is written to it.
    pub write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            request: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            write: Duration::from_secs(15),
        }
    }
}

/// A request whose head is well-formed.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `HEAD` …
    pub method: String,
    /// The address as sent, without its query.
    pub path: String,
    /// What follows the first `?`, as sent.
    pub query: String,
    /// The body; empty for most.
    pub body: Vec<u8>,
    headers: Vec<(String, Vec<u8>)>,
    keep_alive: bool,
}

impl Request {
    /// A header by its lower-case name; `None` where it is absent, there twice, or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }

    /// How often a header is there.
    pub fn count(&self, name: &str) -> usize {
        self.headers.iter().filter(|(known, _)| known == name).count()
    }
}

/// What is sent back.
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers beside those that every response has.
    pub headers: Vec<(&'static str, String)>,
    /// The content.
    pub body: Body,
}

/// The content of a response.
pub enum Body {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// This many bytes of an opened file, from where it stands.
    File(std::fs::File, u64),
    /// A stream of events that goes on until the client or the preview leaves.
    Events(Telling),
}

/// What sends the events of a stream, until the client is gone or there is no more to say.
pub type Telling = Box<dyn FnOnce(&mut Events<'_>) -> io::Result<()> + Send>;

impl Response {
    /// A response with a body in memory.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("Content-Type", content_type.to_owned())], body: Body::Bytes(body.into()) }
    }

    /// A short sentence.
    pub fn plain(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{text}\n"))
    }

    /// What a person reads where there is no page, in both languages.
    pub fn told(status: u16, ja: &str, en: &str) -> Self {
        Self::plain(status, &format!("{ja}\n{en}"))
    }

    /// To where a page is.
    pub fn moved(to: String) -> Self {
        Self::plain(302, "see there").with("Location", to)
    }

    /// Another header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The sending side of an event stream.
pub struct Events<'s> {
    stream: &'s TcpStream,
}

impl Events<'_> {
    /// Sends one event. `data` is one line.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn send(&mut self, name: &str, data: &str) -> io::Result<()> {
        self.stream.write_all(format!("event: {name}\ndata: {data}\n\n").as_bytes())
    }

    /// Sends something that means nothing, so that a client that is gone is noticed.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn beat(&mut self) -> io::Result<()> {
        self.stream.write_all(b":\n\n")
    }

    /// Whether the client closed its side.
    pub fn is_gone(&mut self) -> bool {
        let mut byte = [0];
        let seen = self.stream.set_nonblocking(true).and_then(|()| self.stream.peek(&mut byte));
        let is_back = self.stream.set_nonblocking(false).is_ok();
        match seen {
            Ok(0) => true,
            Ok(_) => !is_back,
            Err(error) => !is_back || error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}

/// Answers requests until `stopping` is set and the listener is woken by one more connection.
pub fn listen<F>(listener: &TcpListener, stopping: &AtomicBool, limits: Limits, answer: Arc<F>)
where
    F: Fn(Request) -> Response + Send + Sync + 'static,
{
    let open = Arc::new(AtomicUsize::new(0));
    loop {
        let accepted = listener.accept();
        if stopping.load(Ordering::Acquire) {
            return;
        }
        let Ok((stream, _)) = accepted else {
            // Out of file handles, say: the next moment may be better.
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let guard = Open::new(open.clone());
        if guard.before >= limits.connections {
            let _ = stream.set_write_timeout(Some(Duration::from_millis(100)));
            let _ = write_response(&stream, &Response::plain(503, "busy"), Sent::Whole, false);
            continue;
        }
        let answer = answer.clone();
        let spawned = std::thread::Builder::new().name("connection".into()).spawn(move || {
            let _guard = guard;
            let _ = serve(&stream, limits, &*answer);
            let _ = stream.shutdown(Shutdown::Both);
        });
        // Where no thread can be had, the connection is dropped; the browser tries again.
        drop(spawned);
    }
}

/// Counts an open connection for as long as it lives.
struct Open {
    count: Arc<AtomicUsize>,
    before: usize,
}

impl Open {
    fn new(count: Arc<AtomicUsize>) -> Self {
        let before = count.fetch_add(1, Ordering::AcqRel);
        Self { count, before }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::AcqRel);
    }
}

/// How much of a response is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Whole,
    HeadOnly,
}

fn serve(stream: &TcpStream, limits: Limits, answer: &dyn Fn(Request) -> Response) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(limits.write))?;
    let mut buffer = Vec::with_capacity(2048);
    loop {
        let request = match read_request(stream, limits, &mut buffer) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(refusal) => {
                write_response(stream, &Response::plain(refusal.status, refusal.why), Sent::Whole, false)?;
                drain(stream);
                return Ok(());
            }
        };
        let keep_alive = request.keep_alive;
        let sent = if request.method == "HEAD" { Sent::HeadOnly } else { Sent::Whole };
        let response = answer(request);
        if let (Body::Events(_), Sent::Whole) = (&response.body, sent) {
            write_head(stream, &response, None, false)?;
            if let Body::Events(run) = response.body {
                return run(&mut Events { stream });
            }
            return Ok(());
        }
        write_response(stream, &response, sent, keep_alive)?;
        if !keep_alive {
            return Ok(());
        }
    }
}

/// Reads a little of what a refused client is still sending: closing at once would reset the connection, and the
/// refusal would be lost on the way.
fn drain(stream: &TcpStream) {
    let mut rest = [0; 4096];
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let until = Instant::now() + Duration::from_secs(1);
    while Instant::now() < until && matches!((&*stream).read(&mut rest), Ok(1..)) {}
}

/// Why a request is not even looked at.
pub(super) struct Refusal {
    pub(super) status: u16,
    why: &'static str,
}

impl Refusal {
    fn new(status: u16, why: &'static str) -> Self {
        Self { status, why }
    }
}

/// The next request; `None` when the client has no more. What follows it stays in the buffer.
fn read_request(stream: &TcpStream, limits: Limits, buffer: &mut Vec<u8>) -> Result<Option<Request>, Refusal> {
    let mut until = Instant::now() + if buffer.is_empty() { limits.idle } else { limits.request };
    let mut is_idle = buffer.is_empty();
    loop {
        if !buffer.is_empty() {
            if is_idle {
                (is_idle, until) = (false, Instant::now() + limits.request);
            }
            if let Some((request, length)) = parse_head(buffer)? {
                buffer.drain(..length);
                return read_body(stream, buffer, request, until).map(Some);
            }
            if buffer.len() >= LONGEST_HEAD {
                if !buffer.contains(&b'\n') {
                    return Err(Refusal::new(414, "the address is too long"));
                }
                return Err(Refusal::new(431, "the head of the request is too long"));
            }
        }
        match read_some(stream, buffer, LONGEST_HEAD, until) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(_) if is_idle => return Ok(None),
            Err(_) => return Err(Refusal::new(408, "the request took too long")),
        }
    }
}

fn read_some(mut stream: &TcpStream, buffer: &mut Vec<u8>, longest: usize, until: Instant) -> io::Result<usize> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    stream.set_read_timeout(Some(left))?;
    let mut chunk = [0; 4096];
    let room = (longest - buffer.len().min(longest)).min(chunk.len());
    let count = stream.read(&mut chunk[..room.max(1)])?;
    buffer.extend_from_slice(&chunk[..count]);
    Ok(count)
}

/// The head of a request, and how many bytes it has; `None` when there is more to come.
pub(super) fn parse_head(buffer: &[u8]) -> Result<Option<(Request, usize)>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::new(431, "too many headers")),
        Err(_) => return Err(Refusal::new(400, "this is no HTTP request")),
    };
    let target = head.path.unwrap_or_default();
    if target.len() > LONGEST_TARGET {
        return Err(Refusal::new(414, "the address is too long"));
    }
    if !target.starts_with('/') {
        return Err(Refusal::new(400, "the address must start with /"));
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_new = head.version == Some(1);
    let headers: Vec<(String, Vec<u8>)> =
        head.headers.iter().map(|header| (header.name.to_ascii_lowercase(), header.value.to_vec())).collect();
    let mut request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        body: Vec::new(),
        headers,
        keep_alive: is_new,
    };
    let connection = request.header("connection").unwrap_or_default().to_ascii_lowercase();
    request.keep_alive = if is_new { !connection.contains("close") } else { connection.contains("keep-alive") };
    Ok(Some((request, length)))
}

fn read_body(
    stream: &TcpStream,
    buffer: &mut Vec<u8>,
    mut request: Request,
    until: Instant,
) -> Result<Request, Refusal> {
    if request.count("transfer-encoding") > 0 {
        return Err(Refusal::new(411, "say the length of the body"));
    }
    if request.count("content-length") == 0 {
        return Ok(request);
    }
    let digits = request.header("content-length").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(length) = digits.and_then(|text| text.parse::<usize>().ok()) else {
        return Err(Refusal::new(400, "the length of the body is no number"));
    };
    if length > LONGEST_BODY {
        return Err(Refusal::new(413, "the body is too long"));
    }
    while buffer.len() < length {
        match read_some(stream, buffer, length, until) {
            Ok(0) => return Err(Refusal::new(400, "the body ends too early")),
            Ok(_) => {}
            Err(_) => return Err(Refusal::new(408, "the request took too long")),
        }
    }
    let rest = buffer.split_off(length);
    request.body = std::mem::replace(buffer, rest);
    Ok(request)
}

fn write_response(stream: &TcpStream, response: &Response, sent: Sent, keep_alive: bool) -> io::Result<()> {
    let length = match &response.body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_, length) => *length,
        Body::Events(_) => 0,
    };
    match &response.body {
        // One write for the usual page: the head must not wait for the body's packet.
        Body::Bytes(bytes) if sent == Sent::Whole => {
            let mut all = head(response, Some(length), keep_alive);
            all.extend_from_slice(bytes);
            (&*stream).write_all(&all)
        }
        Body::File(file, length) if sent == Sent::Whole => {
            write_head(stream, response, Some(*length), keep_alive)?;
            let mut file = file.take(*length);
            let copied = io::copy(&mut file, &mut &*stream)?;
            // A file that shrank meanwhile: the client must not wait for the rest.
            if copied < *length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
        }
        _ => write_head(stream, response, Some(length), keep_alive),
    }
}

fn write_head(mut stream: &TcpStream, response: &Response, length: Option<u64>, keep_alive: bool) -> io::Result<()> {
    stream.write_all(&head(response, length, keep_alive))
}

fn head(response: &Response, length: Option<u64>, keep_alive: bool) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    // A preview is never sniffed, framed, or read by another site, nor kept unless a response says so.
    if !response.headers.iter().any(|(name, _)| *name == "Cache-Control") {
        head.push_str("Cache-Control: no-store\r\n");
    }
    head.push_str("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
    head.push_str("Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n");
    for (name, value) in &response.headers {
        // A name of a file may end up in a header; a line break there would start another one.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(length) = length {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    head.push_str(if keep_alive { "Connection: keep-alive\r\n\r\n" } else { "Connection: close\r\n\r\n" });
    head.into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        302 => "Found",
        303 => "See Other",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        416 => "Range Not Satisfiable",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts a server that says hello, and gives its address to `run`.
    fn with_server(limits: Limits, run: impl FnOnce(std::net::SocketAddr)) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = Arc::new(AtomicBool::new(false));
        let is_stopping = stopping.clone();
        let thread = std::thread::spawn(move || {
            listen(&listener, &is_stopping, limits, Arc::new(|request: Request| Response::plain(200, &request.path)));
        });
        run(address);
        stopping.store(true, Ordering::Release);
        drop(TcpStream::connect(address));
        thread.join().unwrap();
    }

    fn all(mut stream: TcpStream) -> String {
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn a_client_that_never_finishes_its_request_is_let_go() {
        let limits = Limits { request: Duration::from_millis(50), ..Limits::default() };
        with_server(limits, |address| {
            let mut slow = TcpStream::connect(address).unwrap();
            slow.write_all(b"GET / HTTP/1.1\r\nHost: lo").unwrap();
            assert!(all(slow).starts_with("HTTP/1.1 408 "));
        });
    }

    #[test]
    fn an_idle_connection_is_closed_without_a_word() {
        let limits = Limits { idle: Duration::from_millis(50), ..Limits::default() };
        with_server(limits, |address| assert_eq!(all(TcpStream::connect(address).unwrap()), ""));
    }

    #[test]
    fn more_connections_than_allowed_are_told_so_and_room_comes_back() {
        let limits = Limits { connections: 2, ..Limits::default() };
        with_server(limits, |address| {
            let connect = || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
                let mut first = [0; 12];
                stream.read_exact(&mut first).unwrap();
                (stream, String::from_utf8_lossy(&first).into_owned())
            };
            let (one, status) = connect();
            assert_eq!(status, "HTTP/1.1 200");
            let (_two, status) = connect();
            assert_eq!(status, "HTTP/1.1 200");
            assert_eq!(connect().1, "HTTP/1.1 503");
            one.shutdown(Shutdown::Both).unwrap();
            // The server notices at its next read; until then it may say that it is busy.
            let until = Instant::now() + Duration::from_secs(10);
            while connect().1 != "HTTP/1.1 200" {
                assert!(Instant::now() < until, "no room again");
            }
        });
    }

    #[test]
    fn several_requests_on_one_connection_are_answered_in_order() {
        with_server(Limits::default(), |address| {
            let mut stream = TcpStream::connect(address).unwrap();
            let both = "GET /one HTTP/1.1\r\nHost: x\r\n\r\nHEAD /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            stream.write_all(both.as_bytes()).unwrap();
            let text = all(stream);
            assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
            assert!(text.contains("/one\n") && !text.contains("/two\n"), "{text}");
        });
    }
}
