//! Whose folder is it: foreign files, `adopt`, symbolic links, `verify` and `clean`.

use super::*;
use std::os::unix::fs::symlink;

#[test]
fn a_folder_that_is_not_ours_is_refused_and_untouched() {
    let bench = Bench::new();
    bench.put("public/index.html", "someone's work");
    let error = bench.begin().err().unwrap();
    assert!(error.to_string().contains("--adopt"), "{error}");
    assert_eq!(kind(bench.begin()), TroubleKind::NotOurs);
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(bench.visit(), site(&[("index.html", "someone's work")]));
}

#[test]
fn an_empty_folder_is_welcome() {
    let bench = Bench::new();
    fs::create_dir(bench.out()).unwrap();
    assert_eq!(bench.build(&[("a.html", "a")]).method, Method::Exchange);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_refused() {
    let bench = Bench::new();
    bench.put("public", "a file");
    assert_eq!(kind(bench.begin()), TroubleKind::NotAFolder);
    bench.put("other", "a file");
    assert_eq!(kind(begin(&bench.root().join("other/public"), &bench.options)), TroubleKind::NotAFolder);
}

#[test]
fn adopting_keeps_everything() {
    let mut bench = Bench::new();
    bench.put("public/index.html", "old home");
    bench.put("public/robots.txt", "old robots");
    bench.options.adopt = true;
    let published = bench.build(&[("index.html", "new home"), ("a/b.html", "b")]);
    assert_eq!(published.foreign, ["robots.txt"]);
    assert_eq!(published.notes.len(), 1);
    assert_eq!(bench.visit(), site(&[("index.html", "new home"), ("a/b.html", "b"), ("robots.txt", "old robots")]));
    let kept = read_tree(&bench.root().join("public.before-kohyo"));
    assert_eq!(kept, site(&[("index.html", "old home"), ("robots.txt", "old robots")]));

    bench.options.adopt = false;
    bench.build(&[("index.html", "newer home")]);
    assert_eq!(bench.visit(), site(&[("index.html", "newer home"), ("robots.txt", "old robots")]));
    assert_eq!(read_tree(&bench.root().join("public.before-kohyo")), kept);
}

#[test]
fn adopting_without_collisions_keeps_no_second_copy() {
    let mut bench = Bench::new();
    bench.put("public/CNAME", "www.example.jp");
    bench.put("public/same.html", "same");
    bench.options.adopt = true;
    bench.build(&[("index.html", "home"), ("same.html", "same")]);
    assert!(!bench.root().join("public.before-kohyo").exists());
    bench.options.adopt = false;
    assert_eq!(bench.build(&[("index.html", "home")]).removed, ["same.html"]);
    assert_eq!(bench.visit(), site(&[("index.html", "home"), ("CNAME", "www.example.jp")]));
}

#[test]
fn foreign_files_are_carried_through_every_build() {
    let bench = Bench::new();
    bench.build(&[("index.html", "0"), ("2025/a.html", "a")]);
    bench.put("public/robots.txt", "robots");
    bench.put("public/2025/note.txt", "note");
    fs::create_dir_all(bench.out().join("empty/inside")).unwrap();
    symlink("robots.txt", bench.out().join("link")).unwrap();
    symlink("/nonexistent", bench.out().join("dangling")).unwrap();
    let robots = bench.inode("robots.txt");
    for version in 1..4 {
        let published = bench.build(&[("index.html", &version.to_string())]);
        let foreign = ["2025/note.txt", "dangling", "empty", "empty/inside", "link", "robots.txt"];
        assert_eq!(published.foreign.iter().filter(|it| *it != "2025").collect::<Vec<_>>(), foreign);
        assert_eq!(bench.inode("robots.txt"), robots);
        assert_eq!(fs::read_link(bench.out().join("link")).unwrap(), Path::new("robots.txt"));
        assert_eq!(fs::read_link(bench.out().join("dangling")).unwrap(), Path::new("/nonexistent"));
        assert_eq!(fs::read_to_string(bench.out().join("2025/note.txt")).unwrap(), "note");
        assert!(bench.out().join("empty/inside").is_dir());
    }
    fs::remove_file(bench.out().join("robots.txt")).unwrap();
    bench.build(&[("index.html", "4")]);
    assert!(!bench.out().join("robots.txt").exists(), "a foreign file that its owner removed must not come back");
}

#[test]
fn a_foreign_file_that_arrives_at_the_last_moment_is_brought_over() {
    let bench = Bench::new();
    bench.build(&[("index.html", "0"), ("a/x.html", "x")]);
    let mut publisher = bench.begin().unwrap();
    publisher.write("index.html", b"1").unwrap();
    publisher.write("a/x.html", b"x").unwrap();
    // What `publish` does, with a visitor between the survey and the exchange.
    let mut next = publisher.settle().unwrap();
    let survey = publisher.survey(&next).unwrap();
    bench.put("public/late.txt", "late");
    bench.put("public/a/late.txt", "late");
    bench.put("public/new/folder/late.txt", "late");
    let (manifest, _) = manifest::render(&facts(), next.lines());
    assert_eq!(publisher.switch(&mut next, &survey, &[], &manifest).unwrap(), Method::Exchange);
    drop(publisher);
    for path in ["late.txt", "a/late.txt", "new/folder/late.txt"] {
        assert_eq!(fs::read_to_string(bench.out().join(path)).unwrap(), "late");
    }
    assert_eq!(fs::read_to_string(bench.out().join("index.html")).unwrap(), "1");
}

#[test]
fn pages_do_not_replace_foreign_files() {
    let mut bench = Bench::new();
    bench.build(&[("index.html", "0")]);
    for (foreign, page) in
        [("about.html", "about.html"), ("news", "news/1.html"), ("x/y/file", "x/y"), ("x/y/file", "x")]
    {
        bench.put(&format!("public/{foreign}"), "mine");
        let error = bench.try_build(&[("index.html", "1"), (page, "page")]).err().unwrap();
        assert!(error.to_string().contains(foreign), "{error}");
        assert_eq!(kind::<()>(Err(error)), TroubleKind::Collision);
        assert_eq!(fs::read_to_string(bench.out().join("index.html")).unwrap(), "0");
        assert_eq!(fs::read_to_string(bench.out().join(foreign)).unwrap(), "mine");
    }
    bench.options.adopt = true;
    bench.build(&[("index.html", "1"), ("about.html", "page"), ("news/1.html", "page"), ("x", "page")]);
    let kept = read_tree(&bench.root().join("public.before-kohyo"));
    assert_eq!(kept["about.html"], "mine");
    assert_eq!(kept["news"], "mine");
    assert_eq!(kept["x/y/file"], "mine");
}

#[test]
fn a_symbolic_link_is_followed_and_stays() {
    let bench = Bench::new();
    fs::create_dir(bench.root().join("www")).unwrap();
    symlink("www/site", bench.out()).unwrap();
    for version in ["0", "1", "2"] {
        bench.build(&[("index.html", version)]);
        assert!(fs::symlink_metadata(bench.out()).unwrap().is_symlink());
        assert_eq!(read_tree(&bench.root().join("www/site")), site(&[("index.html", version)]));
    }
    assert!(bench.root().join("www/.site.kohyo").exists());
    clean(&bench.out()).unwrap();
    assert_eq!(fs::read_dir(bench.root().join("www")).unwrap().count(), 0);
}

/// Only root can give a link to somebody else; for anybody else there is nothing to try.
#[test]
fn a_link_of_somebody_else_is_not_followed() {
    let bench = Bench::new();
    fs::create_dir_all(bench.root().join("elsewhere/deep")).unwrap();
    symlink("elsewhere", bench.out()).unwrap();
    symlink("elsewhere", bench.root().join("way")).unwrap();
    let mut is_tried = true;
    for link in [bench.out(), bench.root().join("way")] {
        is_tried &= std::os::unix::fs::lchown(link, Some(4321), None).is_ok();
    }
    if !is_tried {
        assert!(!rustix::process::geteuid().is_root());
        return;
    }
    let options = Options::default();
    for out in [bench.out(), bench.root().join("way/deep"), bench.root().join("way/new")] {
        assert_eq!(kind(begin(&out, &options)), TroubleKind::Misplaced, "{}", out.display());
        assert!(clean(&out).is_err(), "{}", out.display());
    }
    assert_eq!(fs::read_dir(bench.root().join("elsewhere")).unwrap().count(), 1);
}

#[test]
fn missing_parents_are_made() {
    let bench = Bench::new();
    let out = bench.root().join("a/b/public");
    begin(&out, &bench.options).unwrap().publish(&facts()).unwrap();
    assert!(out.join(MANIFEST).exists());
}

#[test]
fn a_foreign_file_never_takes_the_place_of_a_page() {
    let bench = Bench::new();
    bench.put("mine", "mine");
    bench.put("page", "page");
    for may_link in [true, false] {
        let carried = tree::carry(&bench.beneath(), &bench.root().join("mine"), &bench.root().join("page"), may_link);
        assert_eq!(carried.unwrap_err().kind, TroubleKind::Collision);
        assert_eq!(fs::read_to_string(bench.root().join("page")).unwrap(), "page");
        let to = bench.root().join(format!("folder/{may_link}"));
        tree::carry(&bench.beneath(), &bench.root().join("mine"), &to, may_link).unwrap();
        assert_eq!(fs::read_to_string(to).unwrap(), "mine");
    }
}

#[test]
fn a_damaged_manifest_is_refused_and_can_be_adopted() {
    let mut bench = Bench::new();
    bench.build(&[("a.html", "0"), ("b.html", "0")]);
    for damage in ["", "{}", "not json"] {
        fs::write(bench.out().join(MANIFEST), damage).unwrap();
        assert_eq!(kind(bench.begin()), TroubleKind::DamagedManifest);
        assert_eq!(kind(clean(&bench.out())), TroubleKind::DamagedManifest);
    }
    bench.options.adopt = true;
    bench.build(&[("a.html", "1")]);
    assert_eq!(bench.visit(), site(&[("a.html", "1"), ("b.html", "0")]));
}

#[test]
fn a_manifest_cannot_name_files_elsewhere() {
    let bench = Bench::new();
    bench.put("victim", "precious");
    bench.build(&[("a.html", "0")]);
    let at = bench.out().join(MANIFEST);
    let forged = fs::read_to_string(&at).unwrap().replace("a.html", "../victim");
    fs::write(&at, forged).unwrap();
    assert_eq!(kind(clean(&bench.out())), TroubleKind::DamagedManifest);
    assert_eq!(kind(verify(&bench.out())), TroubleKind::DamagedManifest);
    assert_eq!(kind(bench.begin()), TroubleKind::DamagedManifest);
    assert!(bench.root().join("victim").exists());
}

#[test]
fn clean_removes_what_kohyo_made_and_nothing_else() {
    let bench = Bench::new();
    bench.build(&[("index.html", "home"), ("a/b.html", "b"), ("c/d.html", "d")]);
    bench.put("public/c/mine.txt", "mine");
    bench.put("public/a/b.html", "edited by hand");
    let cleaned = clean(&bench.out()).unwrap();
    assert_eq!((cleaned.removed, cleaned.kept), (2, vec!["a/b.html".into(), "c/mine.txt".into()]));
    assert_eq!(bench.visit(), site(&[("a/b.html", "edited by hand"), ("c/mine.txt", "mine")]));
    assert!(!bench.root().join(".public.kohyo").exists());
    assert_eq!(kind(clean(&bench.out())), TroubleKind::NotOurs);
}

#[test]
fn clean_leaves_no_trace_of_an_untouched_site() {
    let bench = Bench::new();
    bench.build(&[("index.html", "home"), ("a/b.html", "b")]);
    bench.build(&[("index.html", "home 2")]);
    clean(&bench.out()).unwrap();
    assert_eq!(fs::read_dir(bench.root()).unwrap().count(), 0);
}

#[test]
fn clean_refuses_a_foreign_folder() {
    let bench = Bench::new();
    bench.put("public/index.html", "someone's work");
    assert_eq!(kind(clean(&bench.out())), TroubleKind::NotOurs);
    assert_eq!(bench.visit(), site(&[("index.html", "someone's work")]));
    assert_eq!(kind(clean(&bench.root().join("nothing"))), TroubleKind::NotOurs);
}

#[test]
fn clean_does_not_follow_symbolic_links() {
    let bench = Bench::new();
    bench.build(&[("a/b.html", "b")]);
    fs::rename(bench.out().join("a"), bench.root().join("elsewhere")).unwrap();
    symlink(bench.root().join("elsewhere"), bench.out().join("a")).unwrap();
    assert_eq!(clean(&bench.out()).unwrap().kept, ["a"]);
    assert!(bench.root().join("elsewhere/b.html").exists());
}
