//! Hidden characters, wherever they stand in a file: in its texts, its keys, its targets, its code, and in its name.

use crate::diagnostic::{Diagnostic, Rule};
use crate::document::Reading;
use crate::text::hidden::{Does, Hidden, escaped, hidden};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::text::visible::is_hidden;

/// Those of a whole file, whatever it is.
pub(super) fn anywhere(file: FileId, text: &str) -> Vec<Diagnostic> {
    hidden(text).iter().map(|it| hidden_character(Place::new(file, span(it, 0)), it)).collect()
}

/// Those of a document, and the escapes among what its readers read and where its links lead.
pub(super) fn document(file: FileId, text: &str, reading: &Reading) -> Vec<Diagnostic> {
    let mut out = anywhere(file, text);
    let has_entities = text.contains('&');
    if !out.is_empty() {
        // What a link leads to has another name without it.
        let mut targets: Vec<Span> = reading.links.iter().map(|link| link.at).collect();
        targets.sort_unstable();
        for finding in &mut out {
            let at = finding.place.span;
            let before = targets.partition_point(|target| target.start <= at.start);
            if before.checked_sub(1).is_some_and(|last| at.end <= targets[last].end) {
                finding.fix = None;
            }
        }
    }
    if text.contains('\\') {
        let quoted: Vec<Span> = reading.values.iter().copied().filter(|at| at.slice(text).starts_with('"')).collect();
        out.extend(escapes(file, text, &quoted));
    }
    for run in reading.facts.texts.iter().filter(|_| has_entities) {
        // A run begins behind a backslash, and with what that takes the meaning from.
        let is_literal = text[..run.at.start as usize].ends_with('\\') && run.at.slice(text).starts_with('&');
        let at = Span { start: run.at.start + u32::from(is_literal), ..run.at };
        out.extend(told(file, escaped(at.slice(text), false), at));
    }
    let is_told = |link: &Span| !hidden(link.slice(text)).is_empty();
    let linked = reading.links.iter().filter(|link| !is_told(&link.whole) && !is_told(&link.at));
    out.extend(linked.filter_map(|link| {
        let mut found = hidden(&link.target).into_iter().next()?;
        found.is_idle = false;
        let mut finding = hidden_character(Place::new(file, link.at), &found);
        finding.fix = None;
        Some(finding)
    }));
    out
}

/// The escapes of YAML in parts of a file.
pub(super) fn escapes(file: FileId, text: &str, parts: &[Span]) -> Vec<Diagnostic> {
    parts.iter().flat_map(|at| told(file, escaped(at.slice(text), true), *at)).collect()
}

fn told(file: FileId, found: Vec<Hidden>, part: Span) -> impl Iterator<Item = Diagnostic> {
    found.into_iter().map(move |it| hidden_character(Place::new(file, span(&it, part.start as usize)), &it))
}

/// The one of a file's name, or of a folder's above it.
pub(super) fn name(file: FileId, path: &str) -> Option<Diagnostic> {
    // In a text these are a matter of line ends; in a name they make two that look the same.
    let is_unseen = |c: char| is_hidden(c) && !c.is_control();
    let unseen = path.char_indices().find(|(_, c)| is_unseen(*c)).map(|(at, first)| Hidden {
        at: at..at + first.len_utf8(),
        first,
        does: Does::Nothing,
        is_idle: false,
    });
    hidden(path).into_iter().chain(unseen).next().map(|it| hidden_in_name(Place::start(file), &it))
}

fn span(it: &Hidden, offset: usize) -> Span {
    Span::new(it.at.start, it.at.end).shifted(offset)
}

fn code(it: &Hidden) -> String {
    format!("U+{:04X}", it.first as u32)
}

/// A character that nobody sees changes what a text says.
fn hidden_character(place: Place, it: &Hidden) -> Diagnostic {
    let code = code(it);
    let (ja, en) = match it.does {
        Does::Turns => (
            format!("文字の並ぶ向きを変える、目に見えない文字（{code}）があります。書いた順と、見える順が変わります。"),
            format!(
                "an invisible character ({code}) turns the order of the letters: what is shown is not what is written"
            ),
        ),
        Does::Blank => (
            format!("空白にしか見えない文字（{code}）があります。"),
            format!("there is a letter ({code}) that looks like a blank"),
        ),
        Does::Nothing => (
            format!("どこにも表示されない文字（{code}）があります。"),
            format!("there is a character ({code}) that is shown nowhere"),
        ),
    };
    let finding = Diagnostic::new(Rule::BidiControl, place, ja, en);
    if it.is_idle {
        return finding
            .help("消します。見え方は変わりません。", "remove it; nothing that is seen changes")
            .fix(place, "");
    }
    let finding = match it.does {
        Does::Blank => finding.help("ふつうの空白に直すか、消します。", "write an ordinary space, or remove it"),
        Does::Turns => finding.help(
            "消してから、並びが正しいかを見ます。アラビア語などの文に要るときは、理由を添えて例外にします。",
            "remove it and look at the order; where a text in Arabic or the like needs it, except it with a reason",
        ),
        Does::Nothing => finding
            .help("消して、意味が変わらないかを見ます。", "remove it and look whether the text still says the same"),
    };
    finding.guess(place, if it.does == Does::Blank { " " } else { "" })
}

/// The name of a file is not what it looks like.
fn hidden_in_name(place: Place, it: &Hidden) -> Diagnostic {
    let code = code(it);
    Diagnostic::new(
        Rule::BidiControl,
        place,
        format!(
            "ファイルかフォルダーの名前に、目に見えない文字（{code}）があります。見える名前と、本当の名前が違います。"
        ),
        format!(
            "the name of this file or its folder has an invisible character ({code}): it is not what it looks like"
        ),
    )
    .help(
        "名前を打ち直します。人から受け取ったファイルなら、開く前に、送った人に確かめます。",
        "type the name again; if somebody sent the file, ask them before you open it",
    )
}
