//! A real Chromium, driven through its own protocol over two pipes: no port, nothing to install beside it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long anything is waited for before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tells which mark is on the page, when the browser itself says that it has painted it, and how it came there.
///
/// - A new document: its first contentful paint. Where that comes before the whole page has been read, two frames after
///   it has.
/// - A document in which a part was exchanged: a dot is put into it at once, before anything can be painted, and its
///   element timing waited for. Both come with the same frame, and the browser tells of it when that has been shown.
///
/// Then tells when the page listens for the next save, which is long before an editor makes one.
const TELL: &str = r#"
(() => {
  let now = null;
  const find = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text; (text = walker.nextNode());) {
      const found = text.data.match(/印\d+印/);
      if (!found) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { top, bottom } = range.getBoundingClientRect();
      return { mark: found[0], isSeen: top >= 0 && bottom <= innerHeight };
    }
    return { mark: "", isSeen: true };
  };
  const listens = () => document.documentElement?.dataset.kohyoSeen !== undefined;
  const tell = (how) => {
    const { mark, isSeen } = find();
    now = mark;
    shown(`${mark} ${how} ${isSeen ? "seen" : "outside"}`);
    const wait = () => (listens() ? listening(mark) : setTimeout(wait, 5));
    wait();
  };
  const read = () => requestAnimationFrame(() => requestAnimationFrame(() => tell("loaded")));
  new PerformanceObserver((list) => {
    if (!list.getEntriesByName("first-contentful-paint").length || now !== null) return;
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", read);
    else tell("loaded");
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { element } of list.getEntries()) {
      if (element) element.remove();
      tell("exchanged");
    }
  }).observe({ type: "element" });
  new MutationObserver(() => {
    if (now === null || document.querySelector("[elementtiming]") || find().mark === now) return;
    const dot = document.createElement("p");
    dot.setAttribute("elementtiming", "exchanged");
    dot.textContent = "・";
    Object.assign(dot.style, { position: "fixed", top: 0, left: 0, color: "black" });
    document.documentElement.append(dot);
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
"#;

/// How a new page came to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The whole page was loaded again.
    Loaded,
    /// What is another was exchanged.
    Exchanged,
}

/// A browser with one page.
pub struct Chromium {
    program: Child,
    orders: ChildStdin,
    messages: Receiver<Value>,
    session: Option<String>,
    number: u64,
    _profile: tempfile::TempDir,
}

/// The browser to use: `CHROMIUM`, or the first one that is installed.
fn program() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let usual = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(str::to_owned);
    named.into_iter().chain(usual).find(|name| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    })
}

impl Chromium {
    /// Starts it; `None` where none is installed.
    pub fn start() -> Option<Self> {
        let name = program()?;
        let profile = tempfile::tempdir().unwrap();
        // It takes orders on its file 3 and answers on its file 4.
        let mut program = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", &name])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = program.stdin.take().unwrap();
        let mut answers = BufReader::new(program.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            loop {
                let mut message = Vec::new();
                if answers.read_until(0, &mut message).unwrap_or(0) == 0 {
                    return;
                }
                message.pop();
                let Ok(message) = serde_json::from_slice(&message) else { return };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser = Self { program, orders, messages, session: None, number: 0, _profile: profile };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let at = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.ask("Target.attachToTarget", &at);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        browser.ask("Runtime.enable", &json!({}));
        browser.ask("Page.enable", &json!({}));
        for name in ["shown", "listening"] {
            browser.ask("Runtime.addBinding", &json!({ "name": name }));
        }
        browser.ask("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": TELL }));
        Some(browser)
    }

    /// Which browser it is.
    pub fn version(&mut self) -> String {
        let session = self.session.take();
        let version = self.ask("Browser.getVersion", &json!({}));
        self.session = session;
        version["product"].as_str().unwrap_or("?").to_owned()
    }

    /// Opens a page of the preview and waits until it is shown.
    pub fn open(&mut self, address: SocketAddr, path: &str) {
        self.ask("Page.navigate", &json!({ "url": format!("http://{address}{path}") }));
        self.until_shown(|mark| mark.is_empty());
    }

    /// Loads the page again, as it is.
    pub fn reload(&mut self) {
        self.ask("Page.reload", &json!({}));
        self.until_shown(str::is_empty);
    }

    /// Waits until a page is painted with a mark that is the one meant, where a reader sees it.
    pub fn until_shown(&mut self, is_meant: impl Fn(&str) -> bool) -> Way {
        let told = self.until("shown", |told| is_meant(told.split(' ').next().unwrap_or_default()));
        assert!(told.ends_with(" seen"), "the new text is outside the window: {told}");
        if told.contains(" exchanged ") { Way::Exchanged } else { Way::Loaded }
    }

    /// Waits until the page with the mark that is meant listens for the next save.
    pub fn until_listening(&mut self, is_meant: impl Fn(&str) -> bool) {
        self.until("listening", is_meant);
    }

    fn until(&mut self, told: &str, is_meant: impl Fn(&str) -> bool) -> String {
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("a painted page in time");
            let is_told = message["method"] == "Runtime.bindingCalled" && message["params"]["name"] == told;
            let payload = message["params"]["payload"].as_str().filter(|payload| is_told && is_meant(payload));
            if let Some(payload) = payload {
                return payload.to_owned();
            }
        }
    }

    /// Scrolls to the element with a text.
    pub fn scroll_to(&mut self, text: &str) {
        let find =
            format!("[...document.querySelectorAll('main *')].findLast((it) => it.textContent.includes('{text}'))");
        self.ask(
            "Runtime.evaluate",
            &json!({ "expression": format!("{find}.scrollIntoView({{ block: 'center', behavior: 'instant' }})") }),
        );
    }

    /// Sends an order and waits for its answer; what is told in between is not needed.
    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut order = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            order["sessionId"] = json!(session);
        }
        self.orders.write_all(order.to_string().as_bytes()).unwrap();
        self.orders.write_all(&[0]).unwrap();
        self.orders.flush().unwrap();
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("an answer in time");
            if message["id"] == self.number {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
