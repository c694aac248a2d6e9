//! Where a site may be published, and what is made on the way there.

use super::*;
use std::os::unix::fs::symlink;

fn refused(bench: &mut Bench, out: &str) -> TroubleKind {
    bench.options.adopt = true;
    bench.options.site = Some(bench.root().join("site"));
    kind(begin(&bench.root().join(out), &bench.options))
}

#[test]
fn sources_kohyos_own_folders_and_other_sites_are_no_place_to_publish() {
    let mut bench = Bench::new();
    bench.put("site/content/pages/a.md", "a");
    bench.put("real/theme.yaml", "");
    symlink("../real", bench.root().join("site/themes")).unwrap();
    symlink("site", bench.root().join("link")).unwrap();
    bench.options.site = None;
    bench.build(&[("index.html", "0")]);
    for out in [
        "site",
        "",
        "link",
        "site/content",
        "site/content/public",
        "site/../site/content/x/y",
        "site/themes/public",
        "real/public",
        "site/fonts/public",
        ".public.kohyo",
        ".public.kohyo/x",
        ".other.kohyo/back",
        "public/preview",
        "public/.kohyo/x",
    ] {
        assert_eq!(refused(&mut bench, out), TroubleKind::Misplaced, "{out}");
    }
    assert_eq!(read_tree(&bench.root().join("site/content")), site(&[("pages/a.md", "a")]));
    for nothing in ["site/content/public", "site/content/x", "site/fonts", "public/preview", ".other.kohyo"] {
        assert!(!bench.root().join(nothing).exists(), "{nothing}");
    }
    for out in ["site/public", "site/contents", "site/content-2"] {
        begin(&bench.root().join(out), &bench.options).unwrap();
    }
}

#[test]
fn looking_for_a_site_makes_no_folders() {
    let bench = Bench::new();
    assert_eq!(kind(clean(&bench.root().join("typo/deep/er"))), TroubleKind::NotOurs);
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 0);
}

/// Text that is worth keeping, in a folder outside.
fn victim(bench: &Bench) -> Site {
    bench.put("victim/file", "precious");
    read_tree(&bench.root().join("victim"))
}

#[test]
fn what_stands_under_the_names_of_kohyos_own_files_is_never_followed_nor_written() {
    let own = ["", "/back", "/aside", "/lock", "/live.records", "/back.records", "/back.seen", "/back.made"];
    let halves = ["/manifest.new", "/live.new", "/back.new", "/back.half", "/pending.new", "/probe"];
    let all: Vec<&str> = own[1..].iter().chain(&halves).copied().collect();
    for (names, how) in [&own[..1], &all].into_iter().flat_map(|it| [(it, 0), (it, 1), (it, 2), (it, 3)]) {
        let bench = Bench::new();
        bench.build(&[("index.html", "0")]);
        bench.build(&[("index.html", "1")]);
        let precious = victim(&bench);
        let victim = bench.root().join("victim");
        for name in names {
            let at = bench.root().join(format!(".public.kohyo{name}"));
            if at.is_dir() {
                fs::remove_dir_all(&at).unwrap();
            } else {
                let _ = fs::remove_file(&at);
            }
            match how {
                0 => symlink(&victim, &at).unwrap(),
                1 => symlink(victim.join("file"), &at).unwrap(),
                2 => fs::hard_link(victim.join("file"), &at).unwrap(),
                _ => run("mkfifo", &[at.to_str().unwrap()]),
            }
        }
        for version in ["2", "3"] {
            bench.build(&[("index.html", version)]);
            assert_eq!(bench.visit(), site(&[("index.html", version)]), "{names:?} {how}");
            assert_eq!(read_tree(&victim), precious, "{names:?} {how}");
        }
        clean(&bench.out()).unwrap();
        assert_eq!(read_tree(&victim), precious, "{names:?} {how}");
        assert!(!bench.out().exists());
    }
}

#[test]
fn kohyos_own_folder_is_open_to_its_owner_alone() {
    let bench = Bench::new();
    let mode = |path: &str| {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(bench.root().join(path)).unwrap().permissions().mode() & 0o777
    };
    bench.build(&[("index.html", "0")]);
    assert_eq!(mode(".public.kohyo"), 0o700);
    bench.set_mode(".public.kohyo", 0o775);
    bench.build(&[("index.html", "1")]);
    assert_eq!((mode(".public.kohyo"), mode("public")), (0o700, 0o755));
    // What is kept for the user beside the site may hold what is not public.
    bench.put(".public.kohyo/back/robots.txt", "other robots");
    bench.put("public/robots.txt", "robots");
    bench.build(&[("index.html", "2")]);
    assert_eq!(mode("public.before-kohyo"), 0o700);
}

#[test]
fn another_users_folder_is_never_entered() {
    use std::os::unix::fs::chown;
    if !rustix::process::geteuid().is_root() {
        // Nobody else may give a folder away.
        return;
    }
    let bench = Bench::new();
    let theirs = bench.root().join(".public.kohyo");
    bench.put(".public.kohyo/back/index.html", "planted");
    chown(&theirs, Some(3001), Some(3001)).unwrap();
    bench.set_mode(".public.kohyo", 0o777);
    let before = (read_tree(&theirs), fs::metadata(&theirs).unwrap().modified().unwrap());
    let first = bench.build(&[("index.html", "0"), ("gone.html", "gone")]);
    assert!(first.notes.iter().any(|it| it.en.contains("another user")), "{:?}", first.notes);
    let own = || {
        let names = fs::read_dir(bench.root()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut own: Vec<_> = names.filter(|it| it.starts_with(".public.") && it != ".public.kohyo").collect();
        assert_eq!(own.len(), 1, "{own:?}");
        own.remove(0)
    };
    let name = own();
    // It is found again; that of the other one may hold withdrawn text, which only they can remove.
    let second = bench.build(&[("index.html", "1")]);
    assert!(second.notes.iter().any(|it| it.en.contains("withdrawn")), "{:?}", second.notes);
    assert_eq!(own(), name);
    assert_eq!((read_tree(&theirs), fs::metadata(&theirs).unwrap().modified().unwrap()), before);
    // Also when theirs is gone, so that nothing is forgotten in ours.
    fs::rename(&theirs, bench.root().join("elsewhere")).unwrap();
    bench.build(&[("index.html", "2")]);
    assert_eq!(own(), name);
    clean(&bench.out()).unwrap();
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 1);
}

#[test]
fn two_users_that_build_the_same_site_take_turns() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let mut bench = Bench::new();
    bench.options.patience = Duration::ZERO;
    bench.build(&[("index.html", "0")]);
    // Another user's build has its own folder, and holds the live one.
    bench.put(".public.0123456789abcdef.kohyo/lock", "");
    std::os::unix::fs::chown(bench.root().join(".public.0123456789abcdef.kohyo"), Some(3001), None).unwrap();
    let theirs = fs::File::open(bench.out()).unwrap();
    theirs.lock().unwrap();
    assert_eq!(kind(bench.begin()), TroubleKind::Busy);
    drop(theirs);
    bench.build(&[("index.html", "1")]);
    // A stranger who locks what everybody may read stops nobody.
    fs::remove_dir_all(bench.root().join(".public.0123456789abcdef.kohyo")).unwrap();
    let stranger = fs::File::open(bench.out()).unwrap();
    stranger.lock().unwrap();
    bench.build(&[("index.html", "2")]);
}

#[test]
fn a_folder_of_another_user_inside_the_site_is_refused() {
    if !in_child_with(Apart::Powerless, "places::a_folder_of_another_user_inside_the_site_is_refused") {
        return;
    }
    let bench = Bench::new();
    fs::create_dir(bench.out()).unwrap();
    bench.put("victim/file", "precious");
    bench.set_mode("", 0o555);
    // Root without its powers cannot give anything away; a link is as foreign as a folder.
    symlink("../victim", bench.out().join(".kohyo")).unwrap();
    assert_eq!(kind(bench.begin()), TroubleKind::Misplaced);
    assert_eq!(read_tree(&bench.root().join("victim")), site(&[("file", "precious")]));
}

#[test]
fn a_folder_is_the_same_however_it_is_written() {
    let bench = Bench::new();
    symlink("elsewhere/site", bench.out()).unwrap();
    for (version, out) in ["public", "public/", "new/../public", "./public/."].into_iter().enumerate() {
        let publisher = begin(&bench.root().join(out), &bench.options).unwrap();
        publisher.write("index.html", version.to_string().as_bytes()).unwrap();
        publisher.publish(&facts()).unwrap();
        assert_eq!(read_tree(&bench.root().join("elsewhere/site")), site(&[("index.html", &version.to_string())]));
    }
    assert!(!bench.root().join("new").exists());
}
