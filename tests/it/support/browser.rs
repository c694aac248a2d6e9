//! A client of the preview, over real sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long anything is waited for before a test fails. Nothing sleeps: every wait ends with an event.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Sends these bytes and reads what comes back until the server closes or the answer is whole.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    // A refused client may be cut off while it is still sending.
    let _ = stream.write_all(bytes);
    read(&mut BufReader::new(stream), bytes.starts_with(b"HEAD"))
}

fn read(stream: &mut BufReader<TcpStream>, is_head: bool) -> Option<Answer> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: Vec::new() };
    let length = answer.header("Content-Length").and_then(|text| text.parse::<usize>().ok());
    if let Some(length) = length.filter(|_| !is_head) {
        answer.body = vec![0; length];
        stream.read_exact(&mut answer.body).ok()?;
    }
    Some(answer)
}

/// Asks for a path.
pub fn get(address: SocketAddr, path: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    exchange(address, request.as_bytes()).unwrap_or_else(|| panic!("no answer for {path}"))
}

/// A page without what the preview added to it.
pub fn without_additions(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(page.to_vec()).expect("UTF-8");
    let cut = |text: &str, from: &str, to: &str| match text.split_once(from) {
        Some((before, rest)) => {
            let (_, after) = rest.split_once(to).expect("a whole addition");
            format!("{before}{after}")
        }
        None => text.to_owned(),
    };
    let text = cut(&text, "<link rel=\"stylesheet\" href=\"/_preview/preview.css", "</script>\n");
    match text.rsplit_once("<div id=\"kohyo-preview\">") {
        Some((before, rest)) => {
            let at = rest.rfind("</div>\n").expect("a whole addition") + "</div>\n".len();
            format!("{before}{}", &rest[at..]).into_bytes()
        }
        None => text.into_bytes(),
    }
}

/// A page that is open: what it is told.
pub struct Tab {
    lines: BufReader<TcpStream>,
    /// The last generation it heard of.
    pub generation: u64,
    /// The last generation whose findings it heard of.
    pub examined: u64,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub data: String,
}

impl Tab {
    /// Opens a page: loads it, subscribes with what it was made of, and waits until the server has said where it is.
    pub fn open(address: SocketAddr, path: &str) -> Self {
        let page = get(address, path).text();
        let events = page.split("data-events=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
        let mut tab = Self::subscribe(address, &events.replace("&amp;", "&"));
        tab.until_seen(0);
        tab
    }

    /// Subscribes without a page.
    pub fn subscribe(address: SocketAddr, events: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.write_all(format!("GET {events} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).expect("sent");
        let mut lines = BufReader::new(stream);
        let head = read(&mut lines, true).expect("a stream of events");
        assert_eq!(head.status, 200, "{events}");
        Self { lines, generation: 0, examined: 0 }
    }

    /// The next event.
    pub fn next(&mut self) -> Event {
        let (mut name, mut data) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            let count = self.lines.read_line(&mut line).expect("an event in time");
            assert!(count > 0, "the stream ended");
            match line.trim_end() {
                "" if !name.is_empty() => return Event { name, data },
                line => {
                    if let Some(value) = line.strip_prefix("event: ") {
                        name = value.to_owned();
                    } else if let Some(value) = line.strip_prefix("data: ") {
                        data = value.to_owned();
                    }
                }
            }
        }
    }

    /// Reads events until the server says that it has told everything of a generation after `generation`; gives those
    /// before it.
    pub fn until_seen(&mut self, generation: u64) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next();
            if event.name == "seen" {
                let seen: serde_json::Value = serde_json::from_str(&event.data).expect("JSON");
                self.generation = seen["generation"].as_u64().expect("a number");
                self.examined = seen["examined"].as_u64().expect("a number");
                if self.generation > generation {
                    return events;
                }
            } else {
                events.push(event);
            }
        }
    }

    /// Reads events until something holds; it is tried after everything that was told.
    #[track_caller]
    pub fn until(&mut self, mut holds: impl FnMut(&Self) -> bool) -> Vec<Event> {
        let began = Instant::now();
        let mut events = Vec::new();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "it never came to hold");
            events.extend(self.until_seen(0));
        }
        events
    }
}
