//! People who stood in the live folder when it was exchanged stand in the old one, and go on working there.

use super::*;
use survey::Survey;

const OLD: &str = ".public.kohyo/back";

/// Two builds, so that there is an old folder.
fn with_old_folder() -> Bench {
    let bench = Bench::new();
    bench.build(&[("index.html", "0"), ("a/x.html", "x"), ("gone.html", "gone")]);
    bench.put("public/robots.txt", "robots");
    bench.put("public/a/note.txt", "note");
    bench.build(&[("index.html", "1"), ("a/x.html", "x")]);
    bench
}

fn has_note(notes: &[Message], part: &str) -> bool {
    notes.iter().any(|it| it.en.contains(part) && !it.ja.is_empty())
}

#[test]
fn work_in_the_old_folder_is_brought_to_the_live_one() {
    let bench = with_old_folder();
    for path in ["memo.txt", "a/memo.txt", "new/folder/memo.txt"] {
        bench.put(&format!("{OLD}/{path}"), "memo");
    }
    fs::create_dir(bench.root().join(OLD).join("empty")).unwrap();
    let published = bench.build(&[("index.html", "2"), ("a/x.html", "x")]);
    assert!(has_note(&published.notes, "memo.txt"), "{:?}", published.notes);
    bench.build(&[("index.html", "3"), ("a/x.html", "x")]);
    let visited = bench.visit();
    for path in ["memo.txt", "a/memo.txt", "new/folder/memo.txt"] {
        assert_eq!(visited[path], "memo", "{path}");
    }
    assert!(bench.out().join("empty").is_dir());
    assert!(!bench.root().join("public.before-kohyo").exists());
}

#[test]
fn work_in_the_old_folder_under_a_taken_name_is_kept_beside() {
    let bench = with_old_folder();
    fs::remove_file(bench.root().join(OLD).join("robots.txt")).unwrap();
    bench.put(&format!("{OLD}/robots.txt"), "other robots");
    let published = bench.build(&[("index.html", "2")]);
    assert!(has_note(&published.notes, "robots.txt"), "{:?}", published.notes);
    assert_eq!(bench.visit()["robots.txt"], "robots");
    assert_eq!(read_tree(&bench.root().join("public.before-kohyo")), site(&[("robots.txt", "other robots")]));
}

#[test]
fn work_that_comes_into_the_old_folder_during_a_build_is_kept() {
    let bench = with_old_folder();
    let publisher = bench.begin().unwrap();
    publisher.write("index.html", b"2").unwrap();
    publisher.write("b/new.html", b"new").unwrap();
    bench.put(&format!("{OLD}/memo.txt"), "memo");
    bench.put(&format!("{OLD}/b/memo.txt"), "memo");
    bench.put("public/note.txt", "new note");
    bench.put(&format!("{OLD}/note.txt"), "other note");
    let published = publisher.publish(&facts()).unwrap();
    assert!(has_note(&published.notes, "memo.txt"), "{:?}", published.notes);
    let visited = bench.visit();
    assert_eq!((&*visited["memo.txt"], &*visited["b/memo.txt"], &*visited["note.txt"]), ("memo", "memo", "new note"));
    assert_eq!(read_tree(&bench.root().join("public.before-kohyo")), site(&[("note.txt", "other note")]));
    assert!(!visited.contains_key("gone.html"));
}

#[test]
fn a_name_that_becomes_a_page_is_asked_about() {
    let bench = with_old_folder();
    bench.put(&format!("{OLD}/2027/plan.html"), "mine");
    assert_eq!(kind(bench.try_build(&[("index.html", "2"), ("2027/plan.html", "page")])), TroubleKind::Collision);
    assert_eq!(bench.visit()["2027/plan.html"], "mine");
}

#[test]
fn a_site_that_is_published_again_unchanged_saves_the_work_too() {
    let bench = Bench::new();
    for (version, key) in [("0", 1), ("1", 2)] {
        let mut publisher = bench.begin().unwrap();
        publisher.write("index.html", version.as_bytes()).unwrap();
        publisher.remember_whole(Whole { key, note: String::new() });
        publisher.publish(&facts()).unwrap();
    }
    bench.put(&format!("{OLD}/memo.txt"), "memo");
    let (published, _) = renew(&bench.out(), &bench.options, 2).unwrap().unwrap();
    assert!(has_note(&published.notes, "memo.txt"), "{:?}", published.notes);
    assert_eq!(bench.visit()["memo.txt"], "memo");
}

#[test]
fn clean_saves_the_work_in_the_old_folder() {
    let bench = with_old_folder();
    bench.put(&format!("{OLD}/a/memo.txt"), "memo");
    let cleaned = clean(&bench.out()).unwrap();
    assert!(has_note(&cleaned.notes, "memo.txt"), "{:?}", cleaned.notes);
    assert_eq!(bench.visit(), site(&[("a/memo.txt", "memo"), ("a/note.txt", "note"), ("robots.txt", "robots")]));
    assert_eq!(cleaned.kept, ["a/memo.txt", "a/note.txt", "robots.txt"]);
}

#[test]
fn what_a_killed_build_left_is_not_taken_for_work() {
    for killed_first in [false, true] {
        let bench = if killed_first { Bench::new() } else { with_old_folder() };
        let publisher = bench.begin().unwrap();
        publisher.write("draft/secret.html", b"not published").unwrap();
        drop(publisher);
        // A kill leaves no record of what was written.
        let _ = fs::remove_file(bench.root().join(".public.kohyo/back.records"));
        let published = bench.build(&[("index.html", "2"), ("a/x.html", "x")]);
        assert!(published.notes.is_empty(), "{:?}", published.notes);
        assert!(!bench.visit().contains_key("draft/secret.html"));
        assert!(!bench.root().join("public.before-kohyo").exists());
    }
}

#[test]
fn a_full_disk_does_not_cost_the_work_in_the_old_folder() {
    let bench = with_old_folder();
    let publisher = bench.begin().unwrap();
    bench.put(&format!("{OLD}/memo.txt"), "memo");
    publisher.disk_is_full.store(true, Ordering::Relaxed);
    drop(publisher);
    assert_eq!(read_tree(&bench.root().join(OLD)), site(&[("memo.txt", "memo")]));
    bench.build(&[("index.html", "2")]);
    assert_eq!(bench.visit()["memo.txt"], "memo");
}

#[test]
fn without_hard_links_and_without_memory_copies_are_not_taken_for_work() {
    let mut bench = Bench::new();
    bench.abilities.hard_links = false;
    bench.build(&[("index.html", "0")]);
    bench.put("public/robots.txt", "robots");
    for version in 1..4 {
        let published = bench.build(&[("index.html", &version.to_string())]);
        assert_eq!(published.notes.len(), 1, "{:?}", published.notes);
        let _ = fs::remove_file(bench.root().join(".public.kohyo/back.seen"));
    }
    assert!(!bench.root().join("public.before-kohyo").exists());
}

#[test]
fn a_survey_is_read_as_it_was_kept() {
    let bench = with_old_folder();
    fs::write(bench.out().join("line\nend \u{1F5D2}.txt"), "x").unwrap();
    let next = next::Next::new(Vec::new(), Vec::new(), Vec::new()).unwrap();
    let survey = survey::survey(&bench.beneath(), &bench.out(), &next).unwrap();
    let at = bench.root().join("seen");
    survey.save(&bench.beneath(), &at, "7").unwrap();
    let read = Survey::read(&bench.beneath(), &at, "7").unwrap();
    assert!(survey.foreign.iter().filter(|it| !it.is_folder).all(|it| read.saw(&it.path, it.inode)));
    assert!(read.saw_folder(Path::new("a")) && read.saw_folder(Path::new("")));
    assert_eq!(read.changed_folders(&bench.beneath(), &bench.out()), Vec::<PathBuf>::new());
    bench.put("public/a/more.txt", "more");
    assert_eq!(read.changed_folders(&bench.beneath(), &bench.out()), [Path::new("a")]);
    assert!(Survey::read(&bench.beneath(), &at, "8").is_none());
    fs::write(&at, "kohyo-seen/1 7\0x").unwrap();
    assert!(Survey::read(&bench.beneath(), &at, "7").is_none());
}
