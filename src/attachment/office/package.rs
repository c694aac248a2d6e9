//! Word, Excel and PowerPoint since 2007 (ISO/IEC 29500).

use super::{Action, Archive, Element, Event, Hidden, Parts, Reach, Seen, asks, reach};

/// What such a document does and says.
pub fn package(bytes: &[u8]) -> Seen {
    let Some(archive) = Archive::read(bytes) else { return Seen::default() };
    let names: Vec<&str> = archive.names().collect();
    let mut parts = Parts::new(archive);
    for name in names {
        let lower = name.to_ascii_lowercase();
        let is_in = |folder: &str| lower.contains(folder);
        let is_macro = lower.ends_with("vbaproject.bin") || is_in("/activex/") || is_in("/macrosheets/");
        parts.act(Action::Macro, is_macro);
        parts.hide(Hidden::Embedded, is_in("/embeddings/"));
        parts.hide(Hidden::Paths, is_in("/externallinks/externallink"));
        parts.hide(Hidden::Comments, is_in("/threadedcomments/") || is_in("/notesslides/notesslide"));
        if is_in("/media/") {
            parts.photo(name);
            continue;
        }
        let mut reader = Reader::default();
        parts.elements(name, |parts, event| reader.read(parts, &event));
        parts.act(Action::Link, asks(&reader.fields));
    }
    parts.seen
}

/// What one part is about, as far as it was read.
#[derive(Default)]
struct Reader {
    /// The element that holds all others.
    root: Option<String>,
    /// The open element whose text counts.
    says: Option<Says>,
    /// The text of fields, each behind a blank.
    fields: String,
}

#[derive(Clone, Copy)]
enum Says {
    Field,
    Hidden(Hidden),
}

impl Reader {
    fn read(&mut self, parts: &mut Parts<'_>, event: &Event<'_>) {
        match event {
            Event::Open(element) => {
                if self.root.is_none() {
                    self.root = Some(element.name.to_owned());
                    parts.hide(Hidden::Comments, element.name == "notes");
                }
                self.open(parts, element);
            }
            Event::Close => self.says = None,
            Event::Text(text) => match self.says {
                Some(Says::Field) => self.fields.push_str(text),
                Some(Says::Hidden(hidden)) => parts.hide(hidden, !text.trim().is_empty()),
                None => {}
            },
        }
    }

    fn open(&mut self, parts: &mut Parts<'_>, it: &Element<'_>) {
        let root = self.root.as_deref().unwrap_or_default();
        let is_set = |name: &str| it.has(name, &["1", "true", "on"]);
        match it.name {
            "Override" | "Default" => content_type(parts, &it.value("ContentType")),
            "Relationship" => relationship(parts, it),
            "instrText" | "delInstrText" => self.says = Some(Says::Field),
            "fldChar" => self.fields.push(' '),
            "fldSimple" => self.fields.extend([" ", &it.value("instr"), " "]),
            "ddeLink" => parts.act(Action::Link, true),
            "comment" => parts.hide(Hidden::Comments, root == "comments"),
            "cm" => parts.hide(Hidden::Comments, root == "cmLst"),
            "threadedComment" => parts.hide(Hidden::Comments, true),
            "ins" | "del" | "moveFrom" | "moveTo" => parts.hide(Hidden::Edits, !it.attributes.is_empty()),
            // In styles it is not yet text.
            "vanish" if !matches!(root, "styles" | "numbering") => {
                parts.hide(Hidden::HiddenParts, !it.has("val", &["0", "false", "off"]));
            }
            "sheet" => parts.hide(Hidden::HiddenParts, it.has("state", &["hidden", "veryHidden"])),
            "row" | "col" => parts.hide(Hidden::HiddenParts, root == "worksheet" && is_set("hidden")),
            "sld" => parts.hide(Hidden::HiddenParts, it.has("show", &["0", "false", "off"])),
            "property" => parts.hide(Hidden::Properties, root == "Properties"),
            "creator" | "lastModifiedBy" | "Manager" => self.says = Some(Says::Hidden(Hidden::Author)),
            "description" if root == "coreProperties" => self.says = Some(Says::Hidden(Hidden::Comments)),
            _ => {}
        }
        let action = it.value("action");
        parts.act(Action::Launch, action.starts_with("ppaction://program"));
        parts.act(Action::Macro, action.starts_with("ppaction://macro"));
    }
}

fn content_type(parts: &mut Parts<'_>, named: &str) {
    let named = named.to_ascii_lowercase();
    let is_macro = ["macroenabled", "vbaproject", "activex", "macrosheet"].iter().any(|word| named.contains(word));
    parts.act(Action::Macro, is_macro);
}

fn relationship(parts: &mut Parts<'_>, it: &Element<'_>) {
    let (kind, target) = (it.value("Type"), it.value("Target"));
    let kind = kind.rsplit('/').next().unwrap_or_default();
    let is_outside = it.value("TargetMode").eq_ignore_ascii_case("external");
    let reach = if is_outside { reach(&target) } else { Reach::Near };
    let is_macro = ["vbaProject", "wordVbaData", "control", "activeXControlBinary", "xlMacrosheet", "xlIntlMacrosheet"];
    parts.act(Action::Macro, is_macro.contains(&kind));
    // Another document, in whatever format, is taken in when this one is opened.
    parts.act(Action::Concealed, kind == "aFChunk");
    match kind {
        "attachedTemplate" => parts.act(Action::Template, reach == Reach::Server),
        "hyperlink" => parts.act(Action::Launch, reach == Reach::Program),
        // A picture from a server of the web tells it who reads; a shared folder of Windows gets a password to try.
        "image" | "video" | "audio" | "media" => {
            parts.act(
                Action::Link,
                reach == Reach::Server && !target.trim_start().to_ascii_lowercase().starts_with("http"),
            );
        }
        _ => parts.act(Action::Link, matches!(reach, Reach::Server | Reach::Program)),
    }
    parts.hide(Hidden::Paths, reach == Reach::Computer || reach == Reach::Server && !target.contains("://"));
}
