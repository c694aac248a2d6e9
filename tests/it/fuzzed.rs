//! The targets of `fuzz/` over what they begin with, over a few thousand changes of it, and over what was once a mistake.
//!
//! No tool guides this: it holds the targets themselves, and what has been mended, in every run of the tests. `sh
//! fuzz/run.sh` is where new mistakes are found. `KOHYO_FUZZ_RUNS` changes how many changes are tried of each target.

#[path = "../../fuzz/src/html.rs"]
mod html;
#[path = "../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../fuzz/src/targets.rs"]
pub mod targets;
#[path = "../../fuzz/src/words.rs"]
mod words;

use mutate::{Chance, changed};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A target by its name.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 9] = [
    ("front_matter", targets::front_matter),
    ("markdown", targets::markdown),
    ("settings", targets::settings),
    ("template", targets::template),
    ("theme", targets::theme),
    ("request", targets::request),
    ("published", targets::published),
    ("image", targets::image),
    ("value", targets::value),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a target, and says which input it was if the target does not hold.
fn holds((name, run): Target, input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| run(input))).is_err() {
        panic!("{name} does not hold for {:?}, bytes {input:02x?}", String::from_utf8_lossy(input));
    }
}

#[test]
fn targets_hold_for_what_they_begin_with_and_for_changes_of_it() {
    let runs = std::env::var("KOHYO_FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(1000);
    let mut seeds = seeds::collect(root());
    for target in TARGETS {
        let name = target.0;
        let inputs: Vec<Vec<u8>> = seeds.remove(name).unwrap_or_default().into_iter().collect();
        assert!(inputs.len() >= 3, "{name} begins with {} inputs", inputs.len());
        // All of them would take longer than their changes.
        inputs.iter().step_by(inputs.len() / 200 + 1).for_each(|input| holds(target, input));
        let mut chance = Chance::new(16);
        for _ in 0..runs {
            let from = &inputs[chance.below(inputs.len())];
            holds(target, &changed(from, words::of(name), &inputs, targets::longest(name), &mut chance));
        }
    }
    assert!(seeds.is_empty(), "seeds of no target: {:?}", seeds.keys());
}

#[test]
fn what_was_once_a_mistake_is_none() {
    let mut found = 0;
    for target in TARGETS {
        for entry in fs::read_dir(root().join("fuzz/regressions").join(target.0)).into_iter().flatten() {
            holds(target, &fs::read(entry.expect("an entry").path()).expect("readable"));
            found += 1;
        }
    }
    assert!(found > 0, "fuzz/regressions has inputs");
}

/// The check of HTML is no better than what it refuses.
#[test]
fn the_check_of_html_can_fail() {
    let bad =
        ["<p>", "</p>", "<p><em></p></em>", "<script></script>", "<p onclick=\"x\"></p>", "<p><p></p></p>", "a > b"];
    let others = ["<a href=\"b\"><em><a href=\"c\"></a></em></a>", "<p id=\"\"></p>", "<p id=\"a\" id=\"b\"></p>"];
    let targets = ["javascript:x", " JavaScript:x", "java\nscript:x", "//host", "/\\host", "data:x", "\u{1}vbscript:x"];
    let targets = targets.map(|target| format!("<a href=\"{target}\">x</a>"));
    for bad in bad.into_iter().chain(others).chain(targets.iter().map(String::as_str)) {
        assert!(html::sound(bad).is_err(), "{bad}");
    }
    assert_eq!(html::sound("<p id=\"a\">b<br></p>").map(|html| html.ids), Ok(vec!["a"]));
}
