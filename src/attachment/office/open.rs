//! Texts, tables and slides of OpenDocument (ISO/IEC 26300).

use super::{Action, Archive, Element, Event, Hidden, Parts, Reach, Seen, reach};

/// What such a document does and says.
pub fn open_document(bytes: &[u8]) -> Seen {
    let Some(archive) = Archive::read(bytes) else { return Seen::default() };
    let names: Vec<&str> = archive.names().collect();
    let mut parts = Parts::new(archive);
    for name in names {
        let lower = name.to_ascii_lowercase();
        let is_in = |folder: &str| lower.starts_with(folder) || lower.contains(&format!("/{folder}"));
        let is_list = lower.ends_with("script-lc.xml") || lower.ends_with("script-lb.xml") || lower.ends_with('/');
        if is_in("basic/") || is_in("scripts/") || is_in("dialogs/") {
            parts.act(Action::Macro, !is_list && !lower.starts_with("dialogs/"));
            continue;
        }
        parts.hide(Hidden::Edits, is_in("versions/") || lower == "versionlist.xml");
        if is_in("pictures/") {
            parts.photo(name);
            continue;
        }
        let mut says = None;
        parts.elements(name, |parts, event| match event {
            Event::Open(element) => {
                says = told(element.name);
                open(parts, element);
            }
            Event::Close => says = None,
            Event::Text(text) => {
                if let Some(hidden) = says {
                    parts.hide(hidden, !text.trim().is_empty());
                }
            }
        });
    }
    parts.seen
}

/// What the text of an element tells.
fn told(element: &str) -> Option<Hidden> {
    matches!(element, "initial-creator" | "creator" | "printed-by").then_some(Hidden::Author)
}

fn open(parts: &mut Parts<'_>, it: &Element<'_>) {
    let href = it.value("href");
    let lower = href.trim_start().to_ascii_lowercase();
    let is_macro =
        ["vnd.sun.star.script:", "macro:", "script:", "javascript:"].iter().any(|word| lower.starts_with(word));
    parts.act(Action::Macro, is_macro || matches!(it.name, "event-listener" | "script"));
    parts.act(Action::Media, matches!(it.name, "plugin" | "applet"));
    parts.act(Action::Link, matches!(it.name, "dde-source" | "dde-connection-decl" | "dde-connection" | "dde-link"));
    match it.name {
        // The author of a note or a change is told with it.
        "annotation" => parts.hide(Hidden::Comments, true),
        "changed-region" => parts.hide(Hidden::Edits, true),
        "user-defined" => parts.hide(Hidden::Properties, it.attributes.iter().any(|it| it.name.starts_with("meta:"))),
        "object-ole" => parts.hide(Hidden::Embedded, true),
        "encryption-data" => parts.hide(Hidden::Unseen, true),
        "a" => parts.act(Action::Launch, !is_macro && reach(&href) == Reach::Program),
        "image" => parts.act(Action::Link, reach(&href) == Reach::Server && !lower.starts_with("http")),
        "section-source" | "table-source" | "cell-range-source" | "floating-frame" | "object" => {
            parts.act(Action::Link, matches!(reach(&href), Reach::Server | Reach::Program));
            parts.hide(Hidden::Paths, reach(&href) == Reach::Computer);
        }
        _ => {}
    }
    let formula = it.value("formula").to_ascii_uppercase();
    parts.act(Action::Link, formula.contains("DDE(") || formula.contains("WEBSERVICE("));
    let is_hidden = it.has("display", &["none", "false"]) || it.has("visibility", &["collapse", "filter"]);
    // In pages of styles it says how lists and notes are laid out; a style or a table that is hidden is what counts.
    parts.hide(Hidden::HiddenParts, is_hidden && it.attributes.iter().any(|it| is_of_content(it.name)));
}

fn is_of_content(attribute: &str) -> bool {
    matches!(attribute, "text:display" | "table:display" | "table:visibility")
}
