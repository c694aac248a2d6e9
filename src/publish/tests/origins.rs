//! What need not be made again: files kept by what they were made from, and whole sites.

use super::*;

/// Builds files of path, key and text as a program does that makes a file only where it must; gives the paths it made.
fn build(bench: &Bench, whole: u128, files: &[(&str, u128, &str)]) -> (Published, Vec<String>) {
    let mut publisher = bench.begin().unwrap();
    let mut made = Vec::new();
    for (path, key, text) in files {
        if publisher.keep(path, *key).unwrap().is_none() {
            made.push((*path).to_owned());
            publisher.write_from(path, Origin { key: *key, fact: text.len() as u32 }, text.as_bytes()).unwrap();
        }
    }
    publisher.remember_whole(Whole { key: whole, note: "a note".into() });
    (publisher.publish(&facts()).unwrap(), made)
}

fn renew(bench: &Bench, key: u128) -> Option<(Published, Whole)> {
    super::super::renew(&bench.out(), &bench.options, key).unwrap()
}

#[test]
fn a_file_made_from_the_same_is_not_made_again() {
    let bench = Bench::new();
    assert_eq!(build(&bench, 1, &[("a.html", 10, "a"), ("b.html", 20, "b")]).1, ["a.html", "b.html"]);
    let (published, made) = build(&bench, 2, &[("a.html", 10, "a"), ("b.html", 21, "b2")]);
    assert_eq!(made, ["b.html"]);
    assert_eq!(published.changed, ["b.html"]);
    let (published, made) = build(&bench, 2, &[("a.html", 10, "a"), ("b.html", 21, "b2")]);
    assert_eq!((published.method, made), (Method::Untouched, vec![]));
    assert_eq!(bench.visit(), site(&[("a.html", "a"), ("b.html", "b2")]));
}

#[test]
fn facts_about_a_kept_file_come_back() {
    let bench = Bench::new();
    build(&bench, 1, &[("book.pdf", 7, "twelve bytes")]);
    build(&bench, 2, &[("book.pdf", 7, "twelve bytes"), ("new.html", 8, "n")]);
    let publisher = bench.begin().unwrap();
    assert_eq!(publisher.keep("book.pdf", 7).unwrap(), Some(Kept { size: 12, fact: 12 }));
    assert_eq!(publisher.keep("new.html", 9).unwrap(), None, "made from something else");
    assert_eq!(publisher.keep("gone.html", 7).unwrap(), None);
}

#[test]
fn the_same_bytes_made_from_something_else_are_noted_and_kept_next_time() {
    let bench = Bench::new();
    build(&bench, 1, &[("a.html", 10, "a")]);
    let (published, made) = build(&bench, 2, &[("a.html", 11, "a")]);
    assert_eq!((published.method, made.len()), (Method::Untouched, 1));
    assert_eq!(build(&bench, 2, &[("a.html", 11, "a")]).1, Vec::<String>::new());
}

#[test]
fn what_is_not_known_to_be_the_same_is_made() {
    let bench = Bench::new();
    build(&bench, 0, &[("a.html", 0, "a")]);
    assert_eq!(build(&bench, 0, &[("a.html", 0, "a")]).1, ["a.html"]);
    assert!(renew(&bench, 0).is_none());
}

#[test]
fn an_edited_file_is_made_again() {
    let bench = Bench::new();
    build(&bench, 1, &[("a.html", 10, "a"), ("b.html", 20, "b")]);
    fs::write(bench.out().join("a.html"), "x").unwrap();
    fs::remove_file(bench.out().join("b.html")).unwrap();
    assert!(renew(&bench, 1).is_none());
    let (published, made) = build(&bench, 1, &[("a.html", 10, "a"), ("b.html", 20, "b")]);
    assert_eq!(made, ["a.html", "b.html"]);
    assert_eq!(published.edited, ["a.html", "b.html"]);
}

#[test]
fn a_whole_site_made_from_the_same_is_published_again_by_looking_at_it() {
    let bench = Bench::new();
    let (first, _) = build(&bench, 5, &[("a.html", 10, "a"), ("b.html", 20, "b")]);
    let before = (bench.inode(""), bench.inode("a.html"));
    let (again, whole) = renew(&bench, 5).unwrap();
    assert_eq!((again.method, again.unchanged, again.digest), (Method::Untouched, 2, first.digest));
    assert_eq!(whole.note, "a note");
    assert_eq!(before, (bench.inode(""), bench.inode("a.html")));
    assert!(renew(&bench, 6).is_none());
    assert!(renew(&bench, 5).is_some(), "a look changes nothing");
}

#[test]
fn a_site_changed_by_another_build_is_not_taken_for_the_old_one() {
    let bench = Bench::new();
    build(&bench, 5, &[("a.html", 10, "a")]);
    bench.build(&[("a.html", "other")]);
    assert!(renew(&bench, 5).is_none());
}

#[test]
fn nothing_is_made_where_there_is_no_site_to_renew() {
    let bench = Bench::new();
    assert!(renew(&bench, 5).is_none());
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 0);
}
