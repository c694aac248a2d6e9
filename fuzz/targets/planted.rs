//! A mistake that was planted on purpose, behind what documents are read with: whoever looks for mistakes by chance does
//! not find it, whoever follows what is executed does.

#![no_main]

use kohyo::document::{Document, GoalName, Kind, Publication, parse};
use kohyo::text::place::FileId;
use kohyo::value::calendar::FiscalYear;

kohyo_fuzz::program!(planted, planted);

fn planted(bytes: &[u8]) {
    let year = FiscalYear::parse("2026").expect("a year");
    let name = GoalName { year, department: "planning".into(), slug: "1-01".into() };
    let Some(Document::Goal(_, goal)) = parse(FileId(1), Kind::Goal(name), bytes, &[]).value.document else { return };
    // One field after another, each of which is read by code of its own.
    let Publication { updated, sample, .. } = goal.publication;
    if updated.is_some() && sample && goal.order.is_some() {
        assert!(goal.continues.is_none(), "the mistake that was planted");
    }
}
