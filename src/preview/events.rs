//! What a page that is open is told: that it would look different now, that its styles did, what was found.

use super::desk::{Desk, Face};
use super::http::Events;
use super::live::Now;
use super::own::View;
use serde_json::json;
use std::io;
use std::time::Duration;

/// How long nothing is said at most: a client that is gone is noticed by then.
const BEAT: Duration = Duration::from_secs(15);

/// How long a page is told things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until it leaves.
    Gone,
    /// Once; it asks again after a second, and holds no connection in between.
    Told,
}

/// An open page, and what it was made of.
pub struct Page {
    /// As what the site is shown.
    pub view: View,
    /// Its address under the view's root.
    pub address: String,
    /// What it was made of.
    pub has: Face,
    /// In which generation.
    pub since: u64,
}

/// Tells one open page of every change that concerns it.
///
/// # Errors
/// When the client is gone.
pub fn tell(desk: &Desk, page: Page, until: Until, out: &mut Events<'_>) -> io::Result<()> {
    let Page { view, address, mut has, since } = page;
    let mut seen: Option<(u64, u64)> = None;
    let mut now = desk.live().now();
    let mut told = since.min(now.generation);
    loop {
        if now.is_over {
            return out.send("over", "{}");
        }
        let is_same_site = seen == Some((now.generation, now.booklets));
        let (face, panel) = desk.look(view, &address, &now);
        // Only findings can be new in a site that was seen before, with all that is known of its booklets.
        if !is_same_site && face.page != has.page {
            out.send("page", &json!({ "hash": face.page, "generation": now.generation }).to_string())?;
        }
        if !is_same_site && face.styles != has.styles {
            out.send("style", &json!(face.styles).to_string())?;
        }
        if panel.hash != has.panel {
            out.send("panel", &json!({ "html": panel.html.as_str(), "hash": panel.hash }).to_string())?;
        }
        has = Face { panel: panel.hash, ..face };
        let replaced: Vec<&str> = now.replaced.iter().filter(|(at, _)| *at > told).map(|(_, path)| &**path).collect();
        if !replaced.is_empty() {
            out.send(
                "media",
                &json!({ "paths": desk.public_paths(&now.site, &replaced), "mark": now.generation }).to_string(),
            )?;
        }
        told = now.generation;
        out.send("seen", &json!({ "generation": now.generation, "examined": now.findings.generation }).to_string())?;
        if until == Until::Told {
            return Ok(());
        }
        seen = Some((now.generation, now.booklets));
        let tick = now.tick;
        // A page that waits holds no site: whoever lets go of the last one of them takes a while, and memory.
        drop(now);
        match next(desk, tick, out)? {
            Some(next) => now = next,
            None => return Ok(()),
        }
    }
}

/// Tells the editors' page of everything new. `has` is what it was made of.
///
/// # Errors
/// When the client is gone.
pub fn tell_board(desk: &Desk, has: &str, out: &mut Events<'_>) -> io::Result<()> {
    let mut now = desk.live().now();
    loop {
        if now.is_over {
            return out.send("over", "{}");
        }
        if format!("{}.{}", now.generation, now.findings.generation) != has {
            return out.send("page", "{}");
        }
        let tick = now.tick;
        drop(now);
        match next(desk, tick, out)? {
            Some(next) => now = next,
            None => return Ok(()),
        }
    }
}

/// Waits for the next state; `None` when the client left.
fn next(desk: &Desk, tick: u64, out: &mut Events<'_>) -> io::Result<Option<Now>> {
    loop {
        let next = desk.live().wait(tick, BEAT);
        if out.is_gone() {
            return Ok(None);
        }
        if next.tick != tick || next.is_over {
            return Ok(Some(next));
        }
        out.beat()?;
    }
}
