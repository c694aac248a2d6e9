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

#[test]
fn links_in_the_place_of_kohyos_own_folders_are_refused() {
    for own in [".public.kohyo", ".public.kohyo/back", ".public.kohyo/lock"] {
        let bench = Bench::new();
        bench.build(&[("index.html", "0")]);
        bench.put("victim/file", "precious");
        let at = bench.root().join(own);
        if at.is_dir() {
            fs::remove_dir_all(&at).unwrap();
        } else {
            let _ = fs::remove_file(&at);
        }
        let target = if own.ends_with("lock") { "victim/file" } else { "victim" };
        symlink(bench.root().join(target), &at).unwrap();
        assert!(bench.try_build(&[("index.html", "1")]).is_err(), "{own}");
        assert!(clean(&bench.out()).is_err(), "{own}");
        assert_eq!(read_tree(&bench.root().join("victim")), site(&[("file", "precious")]));
    }
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
