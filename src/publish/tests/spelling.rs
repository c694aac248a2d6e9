//! Disks to which `Goal.html` and `goal.html` are one name, and which keep the spelling that they know.

use super::*;

const BEFORE: &[(&str, &str)] = &[
    ("Goal.html", "goal"),
    ("Zaisei/1.html", "1"),
    ("Zaisei/Inner/A.html", "a"),
    ("index.html", "home 0"),
    ("計画/Plan.pdf", "plan"),
    ("gone.html", "gone"),
];
/// The same site with other capitals; one page is another as well, and one is gone.
const AFTER: &[(&str, &str)] = &[
    ("goal.html", "another goal"),
    ("zaisei/1.html", "1"),
    ("zaisei/inner/a.html", "a"),
    ("index.html", "home 1"),
    ("計画/plan.PDF", "plan"),
];

fn publish_in_turns(bench: &mut Bench, method: Method) {
    bench.abilities.become_other = Beneath::ignore_capitals;
    bench.build(BEFORE);
    bench.put("public/Zaisei/mine.txt", "mine");
    for (round, files) in [AFTER, BEFORE, AFTER, AFTER, BEFORE].into_iter().enumerate() {
        let published = bench.build(files);
        let expected = if round == 3 { Method::Untouched } else { method };
        assert_eq!(published.method, expected, "build {round}");
        let mut found = bench.visit();
        // Theirs is in the folder of whatever spelling.
        let mine = found.keys().find(|it| it.ends_with("mine.txt")).cloned().unwrap();
        assert_eq!(found.remove(&mine).as_deref(), Some("mine"));
        assert_eq!(found, site(files), "build {round}");
    }
}

#[test]
fn a_page_whose_name_changes_in_capitals_alone_stays() {
    publish_in_turns(&mut Bench::new(), Method::Exchange);
}

#[test]
fn it_stays_where_two_renames_stand_in_for_an_exchange() {
    let mut bench = Bench::new();
    bench.abilities.exchange = false;
    publish_in_turns(&mut bench, Method::TwoRenames);
    let mut bench = Bench::new();
    (bench.abilities.exchange, bench.abilities.hard_links) = (false, false);
    publish_in_turns(&mut bench, Method::TwoRenames);
}

#[test]
fn it_stays_where_files_are_replaced_one_by_one() {
    if !in_child_with(Apart::Powerless, "spelling::it_stays_where_files_are_replaced_one_by_one") {
        return;
    }
    publish_in_turns(&mut Bench::locked_parent(), Method::PerFile);
}

#[test]
fn where_capitals_count_a_withdrawn_page_goes() {
    if !in_child_with(Apart::Powerless, "spelling::where_capitals_count_a_withdrawn_page_goes") {
        return;
    }
    for bench in [Bench::new(), Bench::locked_parent()] {
        for files in [BEFORE, AFTER, BEFORE] {
            bench.build(files);
            assert_eq!(bench.visit(), site(files));
        }
    }
}

#[test]
fn what_a_dropped_build_has_prepared_in_another_spelling_is_put_right() {
    let mut bench = Bench::new();
    bench.abilities.become_other = Beneath::ignore_capitals;
    bench.build(&BEFORE[3..4]);
    for (path, text) in BEFORE {
        // Each by itself, and not published.
        bench.begin().unwrap().write(path, text.as_bytes()).unwrap();
    }
    bench.build(AFTER);
    assert_eq!(bench.visit(), site(AFTER));
}
