//! Building, building again, and what changes on disk.

use super::*;

#[test]
fn first_build_is_one_rename_and_readable() {
    let bench = Bench::new();
    let files = [("index.html", "home"), ("2026/a/1.html", "one"), ("css/site.css", "b{}")];
    let published = bench.build(&files);
    assert_eq!(published.method, Method::FirstRename);
    assert_eq!(published.new, ["2026/a/1.html", "css/site.css", "index.html"]);
    assert_eq!(bench.visit(), site(&files));
    assert!(published.notes.is_empty(), "{:?}", published.notes);
}

#[test]
fn rebuild_without_changes_touches_nothing() {
    let bench = Bench::new();
    let files = [("index.html", "home"), ("2026/1.html", "one")];
    let first = bench.build(&files);
    let before = (bench.inode(""), bench.inode("index.html"), bench.inode(MANIFEST));
    let second = bench.build(&files);
    assert_eq!((second.method, second.unchanged), (Method::Untouched, 2));
    assert_eq!(first.digest, second.digest);
    assert_eq!(before, (bench.inode(""), bench.inode("index.html"), bench.inode(MANIFEST)));
}

#[test]
fn rebuild_writes_only_what_changed_and_removes_what_is_gone() {
    let bench = Bench::new();
    bench.build(&[("index.html", "home"), ("2025/old.html", "old"), ("2026/1.html", "one")]);
    for round in 0..4 {
        let kept = bench.inode("index.html");
        let text = format!("one, corrected {round}");
        let files = [("index.html", "home"), ("2026/1.html", text.as_str()), ("2026/2.html", "two")];
        let published = bench.build(&files);
        assert_eq!(published.method, Method::Exchange);
        assert_eq!(published.changed, ["2026/1.html"]);
        assert_eq!(published.new, if round == 0 { vec!["2026/2.html"] } else { vec![] });
        assert_eq!(published.removed, if round == 0 { vec!["2025/old.html"] } else { vec![] });
        assert_eq!(bench.visit(), site(&files));
        assert_eq!(bench.inode("index.html"), kept);
        assert!(!bench.out().join("2025").exists());
    }
}

#[test]
fn a_folder_becomes_a_file_and_back() {
    let bench = Bench::new();
    let as_folder: &[_] = &[("a/b/c.html", "c"), ("a/d.html", "d"), ("x", "x")];
    let as_file: &[_] = &[("a", "a"), ("x/y/z.html", "z")];
    for _ in 0..3 {
        bench.build(as_folder);
        assert_eq!(bench.visit(), site(as_folder));
        bench.build(as_file);
        assert_eq!(bench.visit(), site(as_file));
    }
}

#[test]
fn published_inodes_are_never_written_again() {
    use std::io::Read;
    let bench = Bench::new();
    bench.build(&[("a.html", "version 0"), ("b.html", "b")]);
    let mut readers = vec![fs::File::open(bench.out().join("a.html")).unwrap()];
    for version in 1..5 {
        bench.build(&[("a.html", &format!("version {version}")), ("b.html", "b")]);
        readers.push(fs::File::open(bench.out().join("a.html")).unwrap());
    }
    for (version, mut reader) in readers.into_iter().enumerate() {
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, format!("version {version}"));
    }
}

#[test]
fn an_open_folder_is_one_site_until_the_switch_and_the_next_one_after_it() {
    use rustix::fs::{Mode, OFlags, openat};
    use std::io::Read;
    let bench = Bench::new();
    bench.build(&[("a.html", "a 0"), ("b.html", "b 0"), ("same.html", "same")]);
    bench.build(&[("a.html", "a 1"), ("b.html", "b 1"), ("same.html", "same")]);
    let folder = fs::File::open(bench.out()).unwrap();
    let read = |path: &str| {
        let file = openat(&folder, path, OFlags::RDONLY, Mode::empty()).ok()?;
        let mut text = String::new();
        fs::File::from(file).read_to_string(&mut text).unwrap();
        Some(text)
    };
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"a 2").unwrap();
    publisher.write("c/d.html", b"d 2").unwrap();
    publisher.write("same.html", b"same").unwrap();
    let before = ["a.html", "b.html", "c/d.html", "same.html"].map(read);
    assert_eq!(before, [Some("a 1".into()), Some("b 1".into()), None, Some("same".into())]);
    publisher.publish(&facts()).unwrap();
    let after = ["a.html", "b.html", "c/d.html", "same.html"].map(read);
    assert_eq!(after, [Some("a 2".into()), None, Some("d 2".into()), Some("same".into())]);
}

#[test]
fn attachments_are_copied_and_noticed_when_they_change() {
    let bench = Bench::new();
    let source = bench.root().join("plan.pdf");
    let build = || {
        let publisher = bench.begin().unwrap();
        publisher.copy("2026/plan.pdf", &fs::File::open(&source).unwrap(), &source).unwrap();
        publisher.publish(&facts()).unwrap()
    };
    let large = "0123456789".repeat(100_000);
    fs::write(&source, &large).unwrap();
    assert_eq!(build().new, ["2026/plan.pdf"]);
    assert_eq!(build().method, Method::Untouched);
    assert_eq!(bench.visit(), site(&[("2026/plan.pdf", &large)]));
    // Editing the source must not edit the site.
    fs::write(&source, "short").unwrap();
    assert_eq!(bench.visit(), site(&[("2026/plan.pdf", &large)]));
    assert_eq!(build().changed, ["2026/plan.pdf"]);
    assert_eq!(bench.visit(), site(&[("2026/plan.pdf", "short")]));
}

#[test]
fn an_attachment_that_cannot_be_read_is_named_and_leaves_the_site_alone() {
    let bench = Bench::new();
    bench.build(&[("index.html", "home")]);
    let publisher = bench.begin().unwrap();
    publisher.write("index.html", b"new home").unwrap();
    let folder = fs::File::open(bench.root()).unwrap();
    let error = publisher.copy("plan.pdf", &folder, "gone.pdf".as_ref()).unwrap_err();
    assert!(error.to_string().contains("gone.pdf"), "{error}");
    assert!(error.to_string().ends_with("the published site is as it was"), "{error}");
    drop(publisher);
    assert_eq!(bench.visit(), site(&[("index.html", "home")]));
}

#[test]
fn a_site_with_a_page_that_could_not_be_written_is_not_published() {
    let bench = Bench::new();
    bench.build(&[("index.html", "home")]);
    let publisher = bench.begin().unwrap();
    publisher.write("index.html", b"new home").unwrap();
    publisher.copy("plan.pdf", &fs::File::open(bench.root()).unwrap(), "plan.pdf".as_ref()).unwrap_err();
    assert_eq!(kind(publisher.publish(&facts())), TroubleKind::Incomplete);
    assert_eq!(bench.visit(), site(&[("index.html", "home")]));
}

#[test]
fn a_dropped_build_changes_nothing_and_its_files_are_not_written_twice() {
    let bench = Bench::new();
    bench.build(&[("a.html", "a 0"), ("b.html", "b 0")]);
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"a 1").unwrap();
    publisher.write("b.html", b"b 1").unwrap();
    drop(publisher);
    assert_eq!(bench.visit(), site(&[("a.html", "a 0"), ("b.html", "b 0")]));

    let prepared = fs::metadata(bench.root().join(".public.kohyo/back/a.html")).unwrap();
    bench.build(&[("a.html", "a 1"), ("b.html", "b 2")]);
    assert_eq!(bench.visit(), site(&[("a.html", "a 1"), ("b.html", "b 2")]));
    assert_eq!(bench.inode("a.html"), std::os::unix::fs::MetadataExt::ino(&prepared));
}

#[test]
fn a_dropped_first_build_leaves_no_site() {
    let bench = Bench::new();
    bench.begin().unwrap().write("a.html", b"a").unwrap();
    assert!(!bench.out().exists());
    bench.build(&[("b.html", "b")]);
    assert_eq!(bench.visit(), site(&[("b.html", "b")]));
}

#[test]
fn an_empty_site_can_be_published() {
    let bench = Bench::new();
    assert_eq!(bench.build(&[]).files, 0);
    bench.build(&[("a.html", "a")]);
    assert_eq!(bench.build(&[]).removed, ["a.html"]);
    assert_eq!(bench.visit(), Site::new());
}

#[test]
fn paths_that_leave_the_folder_or_come_twice_are_refused() {
    let bench = Bench::new();
    let publisher = bench.begin().unwrap();
    let bad =
        ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a\0b", "a\nb", "a\\b", MANIFEST, ".kohyo/x"];
    for path in bad {
        assert_eq!(kind(publisher.write(path, b"")), TroubleKind::BadPath, "{path:?}");
    }
    drop(publisher);
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"1").unwrap();
    publisher.write("a.html", b"2").unwrap();
    assert_eq!(kind(publisher.publish(&facts())), TroubleKind::BadPath);

    bench.build(&[("a.html", "1")]);
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"1").unwrap();
    assert_eq!(kind(publisher.write("a.html", b"1")), TroubleKind::BadPath);
}

#[test]
fn the_manifest_depends_on_content_alone() {
    let (one, other) = (Bench::new(), Bench::new());
    let mut files = vec![("b/日本.html", "日本"), ("a \"q\".html", "q"), ("c.html", "")];
    let first = one.build(&files);
    files.reverse();
    other.build(&[("c.html", "earlier"), ("gone.html", "")]);
    let second = other.build(&files);
    assert_eq!(first.digest, second.digest);
    let read = |bench: &Bench| fs::read_to_string(bench.out().join(MANIFEST)).unwrap();
    assert_eq!(read(&one), read(&other));

    let lines: String = [("a \"q\".html", "q"), ("b/日本.html", "日本"), ("c.html", "")]
        .map(|(path, text)| format!("{}  {}  {path}\n", Hash::of(text.as_bytes()), text.len()))
        .concat();
    assert_eq!(first.digest, Hash::of(lines.as_bytes()));
    let json: serde_json::Value = serde_json::from_str(&read(&one)).unwrap();
    assert_eq!(json["count"], 3);
    assert_eq!(json["files"][1]["path"], "b/日本.html");
}

#[test]
fn new_facts_alone_are_published() {
    let bench = Bench::new();
    bench.build(&[("a.html", "a")]);
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"a").unwrap();
    let published = publisher.publish(&ManifestFacts { as_of: "2026-11-24".into(), ..facts() }).unwrap();
    assert_eq!((published.method, published.unchanged), (Method::Exchange, 1));
    assert_eq!(verify(&bench.out()).unwrap().facts.as_of, "2026-11-24");
}

#[test]
fn many_threads_may_write() {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    let bench = Bench::new();
    for version in 0..3 {
        let publisher = bench.begin().unwrap();
        (0..3000).into_par_iter().for_each(|page| {
            let path = format!("{}/{}/{page}.html", page % 7, page % 31);
            publisher.write(&path, format!("{page} {}", if page % 3 == 0 { version } else { 0 }).as_bytes()).unwrap();
        });
        let published = publisher.publish(&facts()).unwrap();
        assert_eq!(published.changed.len(), if version == 0 { 0 } else { 1000 });
        assert!(verify(&bench.out()).unwrap().is_whole());
    }
}

#[test]
fn durable_builds_publish_as_well() {
    let mut bench = Bench::new();
    bench.options.durable = true;
    assert_eq!(bench.build(&[("a.html", "1")]).method, Method::FirstRename);
    assert_eq!(bench.build(&[("a.html", "2")]).method, Method::Exchange);
}

#[test]
fn a_site_that_was_published_in_haste_is_made_durable_by_building_again() {
    thread_local!(static FLUSHED: std::cell::RefCell<Vec<PathBuf>> = std::cell::RefCell::default());
    let mut bench = Bench::new();
    bench.build(&[("a.html", "1")]);
    bench.abilities.flush = |_, folder| {
        FLUSHED.with_borrow_mut(|it| it.push(folder.to_path_buf()));
        Ok(())
    };
    assert_eq!(bench.build(&[("a.html", "1")]).method, Method::Untouched);
    assert!(FLUSHED.take().is_empty());
    bench.options.durable = true;
    assert_eq!(bench.build(&[("a.html", "1")]).method, Method::Untouched);
    assert_eq!(FLUSHED.take(), [bench.out()]);
}

#[test]
fn one_build_at_a_time() {
    let mut bench = Bench::new();
    let first = bench.begin().unwrap();
    first.write("a.html", b"first").unwrap();
    bench.options.patience = Duration::ZERO;
    let error = bench.begin().err().unwrap();
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    assert_eq!(kind(bench.begin()), TroubleKind::Busy);
    assert_eq!(kind(clean::clean_with(&bench.out(), Duration::ZERO)), TroubleKind::Busy);
    first.publish(&facts()).unwrap();
    bench.options.patience = Duration::from_secs(30);
    bench.build(&[("a.html", "second")]);
}

#[test]
fn a_waiting_build_goes_on_when_the_first_is_done() {
    let mut bench = Bench::new();
    bench.options.patience = Duration::from_secs(60);
    let first = bench.begin().unwrap();
    first.write("a.html", b"first").unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| bench.build(&[("a.html", "second")]));
        first.publish(&facts()).unwrap();
        assert_eq!(second.join().unwrap().changed, ["a.html"]);
    });
    assert_eq!(bench.visit(), site(&[("a.html", "second")]));
}
