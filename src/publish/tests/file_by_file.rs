//! File by file: after kills, and past links that lead elsewhere.

use super::*;
use std::os::unix::fs::symlink;

const FIRST: &[(&str, &str)] = &[("index.html", "home 0"), ("2026/1.html", "one"), ("2026/old.html", "old")];
const SECOND: &[(&str, &str)] = &[("index.html", "home 1"), ("2026/1.html", "one"), ("2026/new.html", "new")];

/// In the middle of a first publication that was killed: announced, two pages in place, no manifest.
fn killed_first() -> Bench {
    let bench = Bench::locked_parent();
    bench.put("public/.kohyo/pending", ".kohyo-new\n2026/.kohyo-new\n2026/1.html\n2026/old.html\nindex.html\n");
    bench.put("public/2026/1.html", "one");
    bench.put("public/2026/.kohyo-new", "half a pa");
    bench.put("public/index.html", "home 0");
    bench
}

fn inside(test: &str) -> bool {
    in_child_with(Apart::Powerless, &format!("file_by_file::{test}"))
}

#[test]
fn a_first_publication_that_was_killed_is_finished() {
    if !inside("a_first_publication_that_was_killed_is_finished") {
        return;
    }
    let bench = killed_first();
    bench.build(SECOND);
    assert_eq!(bench.visit(), site(SECOND));

    let bench = killed_first();
    bench.put("public/robots.txt", "mine");
    assert_eq!(kind(bench.begin()), TroubleKind::NotOurs);
    assert_eq!(bench.visit().len(), 4);

    // Meanwhile the folder can be switched as a whole.
    let bench = killed_first();
    bench.set_mode("", 0o755);
    assert_eq!(bench.build(SECOND).method, Method::Exchange);
    assert_eq!(bench.visit(), site(SECOND));
    assert_eq!(bench.build(SECOND).method, Method::Untouched);
}

#[test]
fn clean_removes_what_a_killed_publication_left() {
    if !inside("clean_removes_what_a_killed_publication_left") {
        return;
    }
    let bench = killed_first();
    bench.put("public/robots.txt", "mine");
    let cleaned = clean(&bench.out()).unwrap();
    assert_eq!((cleaned.removed, cleaned.kept), (3, vec!["robots.txt".into()]));
    assert_eq!(bench.visit(), site(&[("robots.txt", "mine")]));

    // Killed in a later publication: one page is new, one has its new content.
    let bench = Bench::locked_parent();
    bench.build(FIRST);
    bench.put("public/.kohyo/pending", "2026/new.html\nindex.html\n");
    bench.put("public/2026/new.html", "new");
    bench.put("public/index.html", "home 1");
    assert_eq!(clean(&bench.out()).unwrap().kept, Vec::<String>::new());
    assert_eq!(fs::read_dir(bench.out()).unwrap().count(), 0);
}

#[test]
fn nothing_is_removed_or_written_behind_a_link() {
    if !inside("nothing_is_removed_or_written_behind_a_link") {
        return;
    }
    // A folder of the site was moved away, with a link in its place.
    let bench = Bench::locked_parent();
    bench.build(&[FIRST, &[("2017/a/1.html", "1")]].concat());
    let elsewhere = tempfile::tempdir().unwrap();
    run("cp", &["-r", bench.out().join("2017").to_str().unwrap(), elsewhere.path().to_str().unwrap()]);
    fs::remove_dir_all(bench.out().join("2017")).unwrap();
    symlink(elsewhere.path().join("2017"), bench.out().join("2017")).unwrap();
    bench.build(SECOND);
    assert!(elsewhere.path().join("2017/a/1.html").exists());
    assert!(bench.out().join("2017").is_symlink());
    // Nor is a new page written there.
    let again = [SECOND, &[("2017/a/2.html", "2")]].concat();
    assert_eq!(kind(bench.try_build(&again)), TroubleKind::Collision);
    assert_eq!(fs::read_dir(elsewhere.path().join("2017/a")).unwrap().count(), 1);
}

#[test]
fn lists_that_were_tampered_with_name_nothing_elsewhere() {
    if !inside("lists_that_were_tampered_with_name_nothing_elsewhere") {
        return;
    }
    let bench = Bench::locked_parent();
    bench.build(FIRST);
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret/a.txt");
    fs::create_dir(secret.parent().unwrap()).unwrap();
    fs::write(&secret, "precious").unwrap();
    let up = format!("../../..{}", secret.display());

    bench.put("public/.kohyo/pending", &format!("{up}\n{}\n2026/../{up}\n", secret.display()));
    bench.build(FIRST);
    assert!(secret.exists());

    let records = bench.out().join(".kohyo/live.records");
    let text = fs::read_to_string(&records).unwrap();
    fs::write(&records, text.replace("2026/old.html", &up)).unwrap();
    bench.build(SECOND);
    assert!(secret.exists());

    symlink(elsewhere.path(), bench.out().join("zz")).unwrap();
    let manifest = bench.out().join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    let line = format!("  {{\"sha256\": \"{}\", \"size\": 8, \"path\": \"zz/secret/a.txt\"}}", Hash::of(b"precious"));
    fs::write(&manifest, text.replace("\n  ]", &format!(",\n{line}\n  ]"))).unwrap();
    bench.build(FIRST);
    assert!(secret.exists());
    assert!(verify(&bench.out()).unwrap().missing.is_empty());
}

#[test]
fn a_page_from_another_disk_is_not_written_through_a_link() {
    let bench = Bench::new();
    bench.put("page", "page");
    bench.put("important", "important");
    bench.put("public/assets/old.css", "");
    symlink("../../important", bench.out().join("assets/.kohyo-new")).unwrap();
    per_file::copy_into(
        &bench.beneath(),
        &bench.root().join("page"),
        &bench.out(),
        "assets/new.css",
        std::time::Instant::now(),
    )
    .unwrap();
    assert_eq!(bench.visit(), site(&[("assets/new.css", "page"), ("assets/old.css", "")]));
    assert_eq!(fs::read_to_string(bench.root().join("important")).unwrap(), "important");
}

/// A publication that must be refused before anything is changed, and why; afterwards the same site is published.
fn refused_whole(bench: &mut Bench, files: &[(&str, &str)], because: TroubleKind, named: &str) {
    let before = (bench.visit(), fs::read(bench.out().join(MANIFEST)).unwrap());
    bench.options.patience = Duration::from_millis(20);
    let error = bench.try_build(files).err().unwrap();
    let trouble = error.downcast_ref::<Trouble>().unwrap();
    assert_eq!(trouble.kind, because, "{trouble}");
    for said in [&trouble.message.ja, &trouble.message.en] {
        assert!(said.contains(named), "{said}");
    }
    assert!(trouble.message.ja.contains("公開中のサイトは前のままです"), "{}", trouble.message.ja);
    assert_eq!((bench.visit(), fs::read(bench.out().join(MANIFEST)).unwrap()), before, "the site is mixed");
    assert!(verify(&bench.out()).unwrap().is_whole());
    bench.options.patience = Duration::from_secs(30);
}

/// As Windows answers while somebody reads the page with a program that does not share it.
fn one_is_open(_: &Beneath, path: &Path) -> std::io::Result<()> {
    match path.ends_with("2026/1.html") {
        true => Err(std::io::ErrorKind::ResourceBusy.into()),
        false => Ok(()),
    }
}

const THIRD: &[(&str, &str)] = &[("a.css", "new"), ("index.html", "home 2"), ("2026/1.html", "one more")];

#[test]
fn a_page_that_is_held_open_stops_the_whole_publication() {
    if !inside("a_page_that_is_held_open_stops_the_whole_publication") {
        return;
    }
    let mut bench = Bench::locked_parent();
    bench.build(FIRST);
    bench.abilities.may_replace = one_is_open;
    refused_whole(&mut bench, THIRD, TroubleKind::Held, "2026/1.html");
    // Also where it is to go.
    refused_whole(&mut bench, &THIRD[..2], TroubleKind::Held, "2026/1.html");
    // Another page is nobody's business.
    bench.build(SECOND);
    bench.abilities.may_replace = ABLE.may_replace;
    bench.build(THIRD);
    assert_eq!(bench.visit(), site(THIRD));
}

#[test]
fn a_page_that_is_held_for_a_moment_is_waited_for() {
    static ASKED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    fn open_for_a_moment(beneath: &Beneath, path: &Path) -> std::io::Result<()> {
        let is_open = path.ends_with("index.html") && ASKED.fetch_add(1, Ordering::Relaxed) < 3;
        if is_open { one_is_open(beneath, Path::new("2026/1.html")) } else { Ok(()) }
    }
    if !inside("a_page_that_is_held_for_a_moment_is_waited_for") {
        return;
    }
    let mut bench = Bench::locked_parent();
    bench.build(FIRST);
    bench.abilities.may_replace = open_for_a_moment;
    ASKED.store(0, Ordering::Relaxed);
    bench.build(THIRD);
    assert_eq!(bench.visit(), site(THIRD));
    assert!(ASKED.load(Ordering::Relaxed) > 3);
}

#[test]
fn a_page_that_may_not_be_written_stops_the_whole_publication() {
    if !inside("a_page_that_may_not_be_written_stops_the_whole_publication") {
        return;
    }
    let mut bench = Bench::locked_parent();
    bench.build(FIRST);
    bench.set_mode("public/2026", 0o555);
    // Changed there, removed from there, new there, new in a folder that is to be made there.
    refused_whole(&mut bench, THIRD, TroubleKind::NotPermitted, "2026/1.html");
    let others = [("a.css", "new"), ("index.html", "home 2"), ("2026/1.html", "one"), ("2026/old.html", "old")];
    refused_whole(&mut bench, &others[..3], TroubleKind::NotPermitted, "2026/old.html");
    for new in ["2026/new.html", "2026/new/1.html"] {
        refused_whole(&mut bench, &[&others[..], &[(new, "new")]].concat(), TroubleKind::NotPermitted, new);
    }
    // What stays there is not in the way.
    bench.build(&others);
    assert_eq!(bench.visit(), site(&others));
    bench.set_mode("public/2026", 0o755);
    bench.build(THIRD);
    assert_eq!(bench.visit(), site(THIRD));
}

#[test]
fn a_page_on_which_something_is_mounted_stops_the_whole_publication() {
    if !in_child_with(Apart::Mounts, "file_by_file::a_page_on_which_something_is_mounted_stops_the_whole_publication") {
        return;
    }
    let mut bench = Bench::new();
    bench.build(FIRST);
    bench.put("theirs", "one");
    let page = bench.out().join("2026/1.html");
    run("mount", &["--bind", bench.root().join("theirs").to_str().unwrap(), page.to_str().unwrap()]);
    refused_whole(&mut bench, THIRD, TroubleKind::Held, "2026/1.html");
    run("umount", &[page.to_str().unwrap()]);
    bench.build(THIRD);
    assert_eq!(bench.visit(), site(THIRD));
}
