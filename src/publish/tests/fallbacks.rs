//! Disks and rights that do not allow the plain way: each with its fallback and a sentence, or a clear refusal.

use super::*;

const FIRST: &[(&str, &str)] = &[("index.html", "home 0"), ("2026/1.html", "one"), ("2026/old.html", "old")];
const SECOND: &[(&str, &str)] = &[("index.html", "home 1"), ("2026/1.html", "one"), ("2026/new.html", "new")];

fn has_note(published: &Published, part: &str) -> bool {
    published.notes.iter().any(|it| it.en.contains(part) && !it.ja.is_empty())
}

#[test]
fn without_hard_links_files_are_copied_and_not_copied_again() {
    let mut bench = Bench::new();
    bench.abilities.hard_links = false;
    bench.build(FIRST);
    bench.put("public/robots.txt", "robots");
    let published = bench.build(SECOND);
    assert!(has_note(&published, "no hard links"), "{:?}", published.notes);
    bench.build(&[SECOND, &[("a.html", "2")]].concat());
    // Both folders have their own 2026/1.html now, and it stays.
    let inodes = [bench.inode("2026/1.html"), 0];
    bench.build(&[SECOND, &[("a.html", "3")]].concat());
    let inodes = [inodes[0], bench.inode("2026/1.html")];
    assert_ne!(inodes[0], inodes[1]);
    for version in 4..8 {
        let text = version.to_string();
        let files = [SECOND, &[("a.html", text.as_str())]].concat();
        bench.build(&files);
        assert_eq!(bench.inode("2026/1.html"), inodes[version % 2]);
        assert_eq!(bench.visit(), site(&[&files[..], &[("robots.txt", "robots")]].concat()));
    }
}

#[test]
fn without_exchange_two_renames_do() {
    let mut bench = Bench::new();
    bench.abilities.exchange = false;
    assert_eq!(bench.build(FIRST).method, Method::FirstRename);
    for version in 0..3 {
        let text = version.to_string();
        let files = [SECOND, &[("a.html", text.as_str())]].concat();
        let published = bench.build(&files);
        assert_eq!(published.method, Method::TwoRenames);
        assert!(has_note(&published, "two renames"));
        assert_eq!(bench.visit(), site(&files));
    }
}

#[test]
fn a_build_killed_between_two_renames_is_rolled_back() {
    let bench = Bench::new();
    bench.build(FIRST);
    bench.build(SECOND);
    let hidden = bench.root().join(".public.kohyo");
    // Killed after the first rename.
    fs::rename(bench.out(), hidden.join("aside")).unwrap();
    let publisher = bench.begin().unwrap();
    assert_eq!(bench.visit(), site(SECOND));
    assert_eq!(publisher.notes.len(), 1);
    drop(publisher);
    bench.build(FIRST);
    // Killed after the second.
    fs::rename(bench.out(), hidden.join("aside")).unwrap();
    fs::rename(hidden.join("back"), bench.out()).unwrap();
    bench.build(FIRST);
    assert_eq!(bench.visit(), site(FIRST));
    assert!(!hidden.join("aside").exists());
    // Killed after the first, and then somebody put a site there.
    fs::rename(bench.out(), hidden.join("aside")).unwrap();
    fs::create_dir(bench.out()).unwrap();
    bench.build(SECOND);
    assert_eq!(bench.visit(), site(SECOND));
    assert_eq!(read_tree(&bench.root().join("public.before-kohyo")), site(FIRST));
}

#[test]
fn a_mount_point_is_published_file_by_file() {
    if !in_child_with(Apart::Mounts, "fallbacks::a_mount_point_is_published_file_by_file") {
        return;
    }
    for flavour in ["tmpfs", "bind"] {
        let bench = Bench::new();
        fs::create_dir(bench.out()).unwrap();
        let out = bench.out();
        let out = out.to_str().unwrap();
        match flavour {
            "tmpfs" => run("mount", &["-t", "tmpfs", "none", out]),
            _ => {
                let elsewhere = bench.root().join("elsewhere");
                fs::create_dir(&elsewhere).unwrap();
                run("mount", &["--bind", elsewhere.to_str().unwrap(), out]);
            }
        }
        let published = bench.build(FIRST);
        assert_eq!(published.method, Method::PerFile);
        assert!(has_note(&published, "mount point"), "{:?}", published.notes);
        bench.put("public/robots.txt", "robots");
        let kept = bench.inode("2026/1.html");
        let published = bench.build(SECOND);
        assert_eq!(published.changed, ["index.html"]);
        assert_eq!(published.foreign, ["robots.txt"]);
        assert_eq!(bench.visit(), site(&[SECOND, &[("robots.txt", "robots")]].concat()));
        assert_eq!(bench.inode("2026/1.html"), kept);
        assert_eq!(bench.build(SECOND).method, Method::Untouched);
        bench.build(&SECOND[..1]);
        assert!(!bench.out().join("2026").exists());

        // A page never replaces a foreign file, and here there is no place to keep one.
        assert_eq!(kind(bench.try_build(&[("robots.txt", "page")])), TroubleKind::Collision);

        let cleaned = clean(&bench.out()).unwrap();
        assert_eq!((cleaned.removed, cleaned.kept), (1, vec!["robots.txt".into()]));
        run("umount", &[out]);
    }
}

#[test]
fn a_disk_mounted_inside_the_folder_is_published_file_by_file() {
    if !in_child_with(Apart::Mounts, "fallbacks::a_disk_mounted_inside_the_folder_is_published_file_by_file") {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    let inside = bench.out().join("big");
    fs::create_dir(&inside).unwrap();
    run("mount", &["-t", "tmpfs", "none", inside.to_str().unwrap()]);
    bench.put("public/big/video.mp4", "foreign");
    let published = bench.build(SECOND);
    assert_eq!(published.method, Method::PerFile);
    assert_eq!(bench.visit(), site(&[SECOND, &[("big/video.mp4", "foreign")]].concat()));
    run("umount", &[inside.to_str().unwrap()]);
    bench.build(FIRST);
    assert_eq!(bench.visit(), site(FIRST));
}

#[test]
fn a_folder_that_will_not_move_is_published_file_by_file() {
    if !in_child_with(Apart::Mounts, "fallbacks::a_folder_that_will_not_move_is_published_file_by_file") {
        return;
    }
    let mut bench = Bench::new();
    bench.build(FIRST);
    bench.put("public/2026/mine.html", "mine");
    bench.options.adopt = true;
    let begin_second = || {
        let publisher = bench.begin().unwrap();
        for (path, text) in SECOND {
            publisher.write(path, text.as_bytes()).unwrap();
        }
        publisher
    };
    let replaces_foreign = begin_second();
    replaces_foreign.write("2026/mine.html", b"page").unwrap();
    // Only when everything is prepared does the exchange turn out to be impossible.
    let out = bench.out();
    run("mount", &["--bind", out.to_str().unwrap(), out.to_str().unwrap()]);
    assert_eq!(kind(replaces_foreign.publish(&facts())), TroubleKind::Collision);
    assert_eq!(fs::read_to_string(bench.out().join("2026/mine.html")).unwrap(), "mine");
    run("umount", &[out.to_str().unwrap()]);

    let publisher = begin_second();
    run("mount", &["--bind", out.to_str().unwrap(), out.to_str().unwrap()]);
    fs::remove_file(bench.out().join("2026/mine.html")).unwrap();
    let published = publisher.publish(&facts()).unwrap();
    assert_eq!(published.method, Method::PerFile);
    assert!(has_note(&published, "cannot be switched"), "{:?}", published.notes);
    assert_eq!(bench.visit(), site(SECOND));
    assert!(verify(&bench.out()).unwrap().is_whole());
    run("umount", &[out.to_str().unwrap()]);
    assert_eq!(bench.build(SECOND).method, Method::Untouched);
    assert_eq!(bench.build(FIRST).method, Method::Exchange);
}

#[test]
fn a_per_file_publication_that_was_killed_is_finished_by_the_next_build() {
    if !in_child_with(
        Apart::Powerless,
        "fallbacks::a_per_file_publication_that_was_killed_is_finished_by_the_next_build",
    ) {
        return;
    }
    let bench = Bench::locked_parent();
    bench.build(FIRST);
    // As after a kill in the middle of `install`: announced, one new and one changed page in place.
    bench.put("public/.kohyo/pending", "2026/new.html\nindex.html\n2026/never-made.html\n");
    fs::write(bench.out().join("2026/new.html"), "new").unwrap();
    fs::write(bench.out().join("index.html.tmp"), "home 1").unwrap();
    fs::rename(bench.out().join("index.html.tmp"), bench.out().join("index.html")).unwrap();
    for files in [SECOND, FIRST] {
        bench.build(files);
        assert_eq!(bench.visit(), site(files));
        assert!(!bench.out().join(".kohyo/pending").exists());
    }
}

#[test]
fn without_rights_to_the_parent_it_is_published_file_by_file() {
    if !in_child_with(Apart::Powerless, "fallbacks::without_rights_to_the_parent_it_is_published_file_by_file") {
        return;
    }
    let bench = Bench::locked_parent();
    for files in [FIRST, SECOND, FIRST] {
        bench.begin().unwrap().write("draft.html", b"not published").unwrap();
        assert!(!bench.out().join(".kohyo/back").exists(), "what is not published must not lie in the live folder");
        let published = bench.build(files);
        assert_eq!(published.method, Method::PerFile);
        assert!(has_note(&published, "parent"), "{:?}", published.notes);
        assert_eq!(bench.visit(), site(files));
    }
    bench.set_mode("", 0o755);
    assert_eq!(bench.build(SECOND).method, Method::Exchange);
    assert_eq!(bench.visit(), site(SECOND));
}

#[test]
fn without_any_rights_the_site_stays_and_the_path_is_named() {
    if !in_child_with(Apart::Powerless, "fallbacks::without_any_rights_the_site_stays_and_the_path_is_named") {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    bench.set_mode("public", 0o555);
    fs::remove_dir_all(bench.root().join(".public.kohyo")).unwrap();
    bench.set_mode("", 0o555);
    let error = bench.begin().err().unwrap();
    assert!(error.to_string().contains("public"), "{error}");
    assert_eq!(kind::<()>(Err(error)), TroubleKind::NotPermitted);
    assert_eq!(bench.visit(), site(FIRST));
    bench.set_mode("", 0o755);
    bench.set_mode("public", 0o755);
}

#[test]
fn rights_lost_in_the_middle_leave_the_site_and_the_next_build_succeeds() {
    if !in_child_with(
        Apart::Powerless,
        "fallbacks::rights_lost_in_the_middle_leave_the_site_and_the_next_build_succeeds",
    ) {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    let publisher = bench.begin().unwrap();
    publisher.write("a.html", b"a").unwrap();
    bench.set_mode(".public.kohyo/back", 0o555);
    assert_eq!(kind(publisher.write("b.html", b"b")), TroubleKind::NotPermitted);
    drop(publisher);
    assert_eq!(bench.visit(), site(FIRST));
    bench.set_mode(".public.kohyo/back", 0o755);
    bench.build(SECOND);
    assert_eq!(bench.visit(), site(SECOND));
}

#[test]
fn what_cannot_be_removed_from_the_old_folder_stops_no_build() {
    if !in_child_with(Apart::Powerless, "fallbacks::what_cannot_be_removed_from_the_old_folder_stops_no_build") {
        return;
    }
    let bench = Bench::new();
    bench.build(&[FIRST, &[("2025/gone.html", "gone")]].concat());
    bench.put("public/robots.txt", "robots");
    bench.set_mode("public/2025", 0o555);
    let published = bench.build(&SECOND[..1]);
    assert!(has_note(&published, "no longer public (1) could not be removed"), "{:?}", published.notes);
    let published = bench.build(SECOND);
    assert!(has_note(&published, "public.before-kohyo"), "{:?}", published.notes);
    for (round, files) in [FIRST, SECOND, FIRST].into_iter().enumerate() {
        assert!(bench.build(files).notes.is_empty(), "build {round}");
        assert_eq!(bench.visit(), site(&[files, &[("robots.txt", "robots")]].concat()));
    }
    bench.set_mode("public.before-kohyo/2025", 0o755);
}

#[test]
fn a_foreign_folder_that_cannot_be_read_stays_where_it_is() {
    if !in_child_with(Apart::Powerless, "fallbacks::a_foreign_folder_that_cannot_be_read_stays_where_it_is") {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    bench.put("public/closed/secret", "secret");
    bench.set_mode("public/closed", 0o000);
    let published = bench.build(SECOND);
    assert_eq!((published.method, &*published.foreign), (Method::PerFile, &["closed".to_owned()][..]));
    assert!(has_note(&published, "public/closed"), "{:?}", published.notes);
    assert_eq!(verify(&bench.out()).unwrap().foreign, ["closed"]);
    assert_eq!(clean(&bench.out()).unwrap().kept, ["closed"]);
    bench.set_mode("public/closed", 0o755);
    assert_eq!(bench.visit(), site(&[("closed/secret", "secret")]));
}

#[test]
fn clean_goes_on_past_what_it_cannot_remove_and_can_be_run_again() {
    if !in_child_with(Apart::Powerless, "fallbacks::clean_goes_on_past_what_it_cannot_remove_and_can_be_run_again") {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    bench.set_mode("public/2026", 0o555);
    let cleaned = clean(&bench.out()).unwrap();
    assert_eq!((cleaned.removed, cleaned.failed.len()), (1, 2), "{:?}", cleaned.failed);
    bench.set_mode("public/2026", 0o755);
    let cleaned = clean(&bench.out()).unwrap();
    assert_eq!((cleaned.removed, cleaned.failed.len()), (2, 0));
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 0);
}

#[test]
fn the_folder_that_a_disk_has_of_its_own_is_nobodys() {
    if !in_child_with(Apart::Mounts, "fallbacks::the_folder_that_a_disk_has_of_its_own_is_nobodys") {
        return;
    }
    let bench = Bench::new();
    fs::create_dir(bench.out()).unwrap();
    run("mount", &["-t", "tmpfs", "none", bench.out().to_str().unwrap()]);
    fs::create_dir(bench.out().join("lost+found")).unwrap();
    for files in [FIRST, SECOND] {
        let published = bench.build(files);
        assert_eq!(published.foreign, Vec::<String>::new());
    }
    assert_eq!(clean(&bench.out()).unwrap().kept, Vec::<String>::new());
    assert!(bench.out().join("lost+found").exists());
    run("umount", &[bench.out().to_str().unwrap()]);
}

#[test]
fn a_read_only_disk_is_named() {
    if !in_child_with(Apart::Mounts, "fallbacks::a_read_only_disk_is_named") {
        return;
    }
    let mut bench = Bench::new();
    let disk = bench.root().join("disk");
    fs::create_dir(&disk).unwrap();
    run("mount", &["-t", "tmpfs", "none", disk.to_str().unwrap()]);
    std::os::unix::fs::symlink("disk/site", bench.out()).unwrap();
    bench.build(FIRST);
    run("mount", &["-o", "remount,bind,ro", disk.to_str().unwrap()]);
    bench.options.adopt = true;
    let error = bench.begin().err().unwrap();
    assert!(error.to_string().contains("read-only"), "{error}");
    assert_eq!(kind::<()>(Err(error)), TroubleKind::NotPermitted);
    assert_eq!(bench.visit(), site(FIRST));
    run("mount", &["-o", "remount,bind,rw", disk.to_str().unwrap()]);
    bench.build(SECOND);
    run("umount", &[disk.to_str().unwrap()]);
}

#[test]
fn a_full_disk_leaves_the_site_and_gives_the_space_back() {
    if !in_child_with(Apart::Mounts, "fallbacks::a_full_disk_leaves_the_site_and_gives_the_space_back") {
        return;
    }
    let bench = Bench::new();
    let disk = bench.root().join("disk");
    fs::create_dir(&disk).unwrap();
    run("mount", &["-t", "tmpfs", "-o", "size=2m", "none", disk.to_str().unwrap()]);
    std::os::unix::fs::symlink("disk/site", bench.out()).unwrap();
    bench.build(FIRST);

    let page = "x".repeat(50_000);
    let publisher = bench.begin().unwrap();
    let mut written = 0;
    let error = loop {
        match publisher.write(&format!("page-{written}.html"), page.as_bytes()) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 100, "the disk holds 2 MB");
    };
    assert!(error.to_string().contains(&format!("page-{written}.html")), "{error}");
    assert_eq!(kind::<()>(Err(error)), TroubleKind::DiskFull);
    drop(publisher);
    assert_eq!(bench.visit(), site(FIRST));
    fs::write(disk.join("others"), vec![0; 1_000_000]).expect("a failed build gives its space back");
    bench.build(SECOND);
    assert_eq!(bench.visit(), site(SECOND));

    // Full only after the last page is written: the manifest does not fit.
    let publisher = bench.begin().unwrap();
    for page in 0..400 {
        publisher.write(&format!("{page:0>200}.html"), b"").unwrap();
    }
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    while std::io::Write::write_all(&mut filler, &[0; 4096]).is_ok() {}
    assert_eq!(kind(publisher.publish(&facts())), TroubleKind::DiskFull);
    assert_eq!(bench.visit(), site(SECOND));
    drop(filler);
    fs::remove_file(disk.join("filler")).unwrap();
    bench.build(FIRST);
    run("umount", &[disk.to_str().unwrap()]);
}

/// A folder and a file of somebody else, bound into the output folder: the same disk, so no device number tells.
fn bind_into(bench: &Bench) -> PathBuf {
    let theirs = bench.root().join("theirs");
    bench.put("theirs/a.pdf", "theirs");
    bench.put("their.js", "theirs");
    fs::create_dir_all(bench.out().join("files")).unwrap();
    bench.put("public/cfg.js", "");
    let at = |path: &str| bench.root().join(path).to_str().unwrap().to_owned();
    run("mount", &["--bind", &at("theirs"), &at("public/files")]);
    run("mount", &["--bind", &at("their.js"), &at("public/cfg.js")]);
    theirs
}

#[test]
fn what_is_bound_into_the_folder_is_never_emptied() {
    if !in_child_with(Apart::Mounts, "fallbacks::what_is_bound_into_the_folder_is_never_emptied") {
        return;
    }
    let bench = Bench::new();
    bench.build(FIRST);
    let theirs = bind_into(&bench);
    for (round, files) in [SECOND, FIRST, SECOND].into_iter().enumerate() {
        let published = bench.build(files);
        assert_eq!(published.method, Method::PerFile);
        assert!(has_note(&published, "public/files"), "{:?}", published.notes);
        assert!(has_note(&published, "public/cfg.js"), "{:?}", published.notes);
        assert_eq!(
            bench.visit().into_iter().filter(|(path, _)| path.ends_with(".html")).collect::<Site>(),
            site(files)
        );
        fs::write(theirs.join(format!("{round}.pdf")), "new").unwrap();
    }
    let cleaned = clean(&bench.out()).unwrap();
    assert_eq!(cleaned.kept, ["cfg.js", "files/0.pdf", "files/1.pdf", "files/2.pdf", "files/a.pdf"]);
    assert_eq!(read_tree(&theirs).len(), 4);
    assert_eq!(fs::read_to_string(bench.root().join("their.js")).unwrap(), "theirs");
}

#[test]
fn an_old_folder_that_took_a_mount_along_is_set_aside() {
    if !in_child_with(Apart::Mounts, "fallbacks::an_old_folder_that_took_a_mount_along_is_set_aside") {
        return;
    }
    for then_clean in [false, true] {
        let bench = Bench::new();
        bench.build(FIRST);
        bench.build(SECOND);
        // As if it was bound into the folder in the moment before the exchange.
        bench.put("theirs/a.pdf", "theirs");
        let at = |path: &str| bench.root().join(path).to_str().unwrap().to_owned();
        let publisher = bench.begin().unwrap();
        fs::create_dir(bench.root().join(".public.kohyo/back/files")).unwrap();
        run("mount", &["--bind", &at("theirs"), &at(".public.kohyo/back/files")]);
        publisher.write("index.html", b"home 2").unwrap();
        assert_eq!(kind(publisher.publish(&facts())), TroubleKind::Mounted);
        let notes = match then_clean {
            true => clean(&bench.out()).unwrap().notes,
            false => bench.build(FIRST).notes,
        };
        assert!(notes.iter().any(|it| it.en.contains("public.before-kohyo")), "{notes:?}");
        assert!(bench.root().join("public.before-kohyo/files/a.pdf").exists());
        assert_eq!(read_tree(&bench.root().join("theirs")), site(&[("a.pdf", "theirs")]));
    }
}
