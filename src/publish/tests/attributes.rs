//! What an administrator gave the folders stays, through every exchange.

use super::*;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

/// Group and permissions.
fn access(bench: &Bench, path: &str) -> (u32, u32, u32) {
    let metadata = fs::metadata(bench.out().join(path)).unwrap();
    (metadata.uid(), metadata.gid(), metadata.permissions().mode() & 0o7777)
}

/// Groups that this user may give a folder to.
fn another_group(bench: &Bench) -> u32 {
    let own = fs::metadata(bench.root()).unwrap().gid();
    let others = rustix::process::getgroups().unwrap().into_iter().map(|it| it.as_raw());
    match rustix::process::geteuid().is_root() {
        true => 3000,
        false => others.into_iter().find(|it| *it != own).unwrap_or(own),
    }
}

#[test]
fn folders_keep_owner_group_and_permissions() {
    let bench = Bench::new();
    bench.build(&[("a.html", "0"), ("2017/a/b.html", "b")]);
    fs::create_dir_all(bench.out().join("uploads/inside")).unwrap();
    let group = another_group(&bench);
    let owner = if rustix::process::geteuid().is_root() { Some(3001) } else { None };
    for (path, mode) in [("", 0o2750), ("2017", 0o2755), ("uploads", 0o770), ("uploads/inside", 0o1777)] {
        chown(bench.out().join(path), owner, Some(group)).unwrap();
        fs::set_permissions(bench.out().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    let before: Vec<_> = ["", "2017", "2017/a", "uploads", "uploads/inside"].map(|it| access(&bench, it)).into();
    for version in 1..4 {
        let published = bench.build(&[("a.html", &version.to_string()), ("2017/a/b.html", "b"), ("new/x.html", "x")]);
        assert_eq!(published.method, Method::Exchange);
        assert!(published.notes.is_empty(), "{:?}", published.notes);
        let after: Vec<_> = ["", "2017", "2017/a", "uploads", "uploads/inside"].map(|it| access(&bench, it)).into();
        assert_eq!(before, after, "build {version}");
    }
    // And what is new belongs to the group of the folder it is in, as its permissions ask for.
    assert_eq!(fs::metadata(bench.out().join("new/x.html")).unwrap().gid(), group);
}

#[test]
fn folders_keep_extended_attributes() {
    use rustix::fs::{XattrFlags, getxattr, removexattr, setxattr};
    let bench = Bench::new();
    bench.build(&[("a.html", "0"), ("b/c.html", "c")]);
    let set = |path: &str, name: &str| setxattr(bench.out().join(path), name, b"value", XattrFlags::empty());
    if set("", "user.kohyo") == Err(rustix::io::Errno::OPNOTSUPP) {
        // This disk has none, so there is nothing to be kept; memory has them since Linux 6.6.
        return;
    }
    set("b", "user.kohyo").unwrap();
    let has = |path: &str| getxattr(bench.out().join(path), "user.kohyo", &mut [0_u8; 64][..]).is_ok();
    for version in 1..4 {
        bench.build(&[("a.html", &version.to_string()), ("b/c.html", "c")]);
        assert!(has("") && has("b"), "build {version}");
    }
    removexattr(bench.out(), "user.kohyo").unwrap();
    for version in 4..7 {
        bench.build(&[("a.html", &version.to_string()), ("b/c.html", "c")]);
        assert!(!has("") && has("b"), "build {version}");
    }
}

#[test]
fn what_cannot_be_kept_is_said() {
    use crate::publish::attributes::{Lost, make_alike};
    // Without the powers of root, in a world where root is nobody.
    if !in_child_with(Apart::Powerless, "attributes::what_cannot_be_kept_is_said") {
        return;
    }
    let bench = Bench::new();
    bench.build(&[("a.html", "0")]);
    let mine = bench.root().join("mine");
    fs::create_dir(&mine).unwrap();
    // `/` is root's, and this user is not: neither given nor taken.
    assert_eq!(make_alike(&bench.beneath(), &mine, &bench.out()), Lost::default());
    bench.set_mode("mine", 0o700);
    assert_eq!(make_alike(&bench.beneath(), &mine, &bench.out()), Lost::default());
    assert_eq!(access(&bench, "../mine").2, access(&bench, "").2);
    let lost = make_alike(&Beneath::open(Path::new("/")).unwrap(), Path::new("/proc/self"), &bench.out());
    assert!(lost.access || lost.owner, "{lost:?}");
}

#[test]
fn a_page_that_is_replaced_keeps_who_may_read_it() {
    let mut whole = Bench::new();
    whole.build(&[("a.html", "0"), ("2017/b.html", "b 0"), ("c.html", "c")]);
    let group = another_group(&whole);
    let turns = |bench: &mut Bench, method: Method| {
        chown(bench.out().join("2017/b.html"), None, Some(group)).unwrap();
        for (path, mode) in [("a.html", 0o664), ("2017/b.html", 0o640), ("c.html", 0o600), (MANIFEST, 0o604)] {
            fs::set_permissions(bench.out().join(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        let paths = ["a.html", "2017/b.html", "c.html", MANIFEST];
        let before = paths.map(|it| access(bench, it));
        for version in 1..4 {
            let text = version.to_string();
            let published = bench.build(&[("a.html", &text), ("2017/b.html", &text), ("c.html", "c")]);
            assert_eq!(published.method, method);
            assert_eq!(paths.map(|it| access(bench, it)), before, "build {version}");
        }
        // Somebody's edit is replaced, too.
        fs::write(bench.out().join("a.html"), "edited").unwrap();
        bench.build(&[("a.html", "4"), ("2017/b.html", "4"), ("c.html", "c")]);
        assert_eq!(paths.map(|it| access(bench, it)), before);
    };
    turns(&mut whole, Method::Exchange);
    whole.abilities.exchange = false;
    turns(&mut whole, Method::TwoRenames);
    whole.abilities.hard_links = false;
    turns(&mut whole, Method::TwoRenames);
}

#[test]
fn pages_that_the_web_server_cannot_read_are_told_until_it_can() {
    let bench = Bench::new();
    bench.build(&[("a.html", "0"), ("b.html", "b"), ("c/d.html", "d")]);
    let set = |path: &str, mode: u32| {
        fs::set_permissions(bench.out().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("", 0o755);
    for path in ["a.html", "b.html", "c/d.html"] {
        set(path, 0o644);
    }
    // As a build under umask 077 has left them.
    set("b.html", 0o600);
    set("c/d.html", 0o640);
    let told = |version: &str| {
        let published = bench.build(&[("a.html", version), ("b.html", "b"), ("c/d.html", "d")]);
        published.notes.iter().map(|it| it.en.clone()).collect::<Vec<_>>()
    };
    for version in ["1", "1", "2"] {
        let notes = told(version);
        let [note] = &notes[..] else { panic!("{version}: {notes:?}") };
        assert!(note.contains("b.html, c/d.html") && note.contains("chmod -R a+rX"), "{note}");
    }
    // What only its group may enter, only its group need read.
    set("", 0o750);
    assert!(told("3")[0].ends_with("b.html") && told("3")[0].contains("g+rX"));
    set("", 0o700);
    assert_eq!(told("4"), Vec::<String>::new());
    set("", 0o755);
    run("chmod", &["-R", "a+rX", bench.out().to_str().unwrap()]);
    assert_eq!(told("5"), Vec::<String>::new());
    assert_eq!(access(&bench, "b.html").2, 0o644);
}
