//! Numbers of lists as they are written.
//!
//! The parser counts on from the first number: `3. 5. 9.` would be shown as 3, 4, 5. Numbers that rise are shown as
//! written; `1. 1. 1.` is how Markdown leaves the counting to others; anything else is told ([`Miscounted`]).

use super::MiscountKind;
use pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::HashMap;
use std::ops::Range;

/// What the lists of a body say of their numbers.
#[derive(Default)]
pub(super) struct Numbers {
    /// By the event that starts an item: its number, where it is not one more than that of the item before.
    pub(super) written: HashMap<usize, u64>,
    /// Items that are not shown as they are written.
    pub(super) miscounted: Vec<Miscounted>,
}

/// An item that is not shown as it is written.
pub(super) struct Miscounted {
    /// The event that starts it.
    pub(super) item: usize,
    pub(super) kind: MiscountKind,
}

/// An item as written.
struct Item {
    event: usize,
    /// Of a list without numbers: none.
    number: Option<u64>,
    /// Bytes between the start of its line and its mark.
    column: usize,
}

/// Reads the marks of all items. `places` are those of the events in `source`.
pub(super) fn numbers(source: &str, events: &[Event], places: &[Range<usize>]) -> Numbers {
    let mut out = Numbers::default();
    let mut open: Vec<Vec<Item>> = Vec::new();
    // The last mark, and where its line begins.
    let (mut last, mut line) = (0, 0);
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::List(_)) => open.push(Vec::new()),
            Event::Start(Tag::Item) => {
                let start = places[index].start;
                let mark = source[start..].trim_start_matches([' ', '\t']);
                let start = source.len() - mark.len();
                line = source.get(last..start).and_then(|it| it.rfind('\n')).map_or(line, |at| last + at + 1);
                last = start;
                let digits = mark.len() - mark.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let item = Item { event: index, number: mark[..digits].parse().ok(), column: start - line };
                if let Some(items) = open.last_mut() {
                    items.push(item);
                }
            }
            Event::End(TagEnd::List(is_ordered)) => {
                let items = open.pop().unwrap_or_default();
                match is_ordered {
                    true => ordered(&items, &mut out),
                    false => out.miscounted.extend(unnested(&items)),
                }
            }
            _ => {}
        }
    }
    out.miscounted.sort_by_key(|it| it.item);
    out
}

fn ordered(items: &[Item], out: &mut Numbers) {
    let numbers: Vec<u64> = items.iter().filter_map(|item| item.number).collect();
    if numbers.len() != items.len() {
        return;
    }
    let pairs = || numbers.windows(2);
    let unnested = items.iter().find(|item| item.column > items[0].column);
    let unnested = unnested.filter(|item| item.number == Some(1) || item.number == items[0].number);
    let are_counted =
        pairs().all(|pair| pair[1] == pair[0]) || pairs().all(|pair| pair[1] == pair[0].saturating_add(1));
    if let Some(item) = unnested {
        out.miscounted.push(Miscounted { item: item.event, kind: MiscountKind::Unnested });
        return;
    }
    if are_counted {
        return;
    }
    if pairs().all(|pair| pair[1] > pair[0]) {
        let jumps = items.windows(2).zip(pairs()).filter(|(_, numbers)| numbers[1] != numbers[0].saturating_add(1));
        out.written.extend(jumps.map(|(items, numbers)| (items[1].event, numbers[1])));
    } else if let Some(at) = pairs().position(|pair| pair[1] != pair[0].saturating_add(1)) {
        let shown = numbers[0].saturating_add(at as u64 + 1);
        let kind = MiscountKind::Counted { written: numbers[at + 1], shown };
        out.miscounted.push(Miscounted { item: items[at + 1].event, kind });
    }
}

/// The first item that is written further in, if a later one is not: it was meant to be below the one before.
fn unnested(items: &[Item]) -> Option<Miscounted> {
    let first = items.first()?.column;
    let deeper = items.iter().position(|item| item.column > first)?;
    let returns = items[deeper..].iter().any(|item| item.column <= first);
    returns.then(|| Miscounted { item: items[deeper].event, kind: MiscountKind::Unnested })
}
