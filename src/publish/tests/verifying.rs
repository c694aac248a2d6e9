//! What `verify` finds in a copy, and what it makes of lists that are damaged or no lists at all.

use super::*;
use std::os::unix::fs::symlink;

#[test]
fn verify_finds_what_is_missing_changed_and_foreign() {
    let bench = Bench::new();
    let published = bench.build(&[("a.html", "aa"), ("b.html", "b"), ("c/d.html", "d"), ("e.html", "e")]);
    fs::write(bench.out().join("a.html"), "ab").unwrap();
    fs::remove_file(bench.out().join("b.html")).unwrap();
    bench.put("public/c/foreign.txt", "f");
    fs::remove_file(bench.out().join("e.html")).unwrap();
    symlink("c/d.html", bench.out().join("e.html")).unwrap();
    let found = verify(&bench.out()).unwrap();
    assert!(!found.is_whole());
    assert_eq!(found.digest, published.digest);
    assert_eq!((found.missing, found.changed), (vec!["b.html".into(), "e.html".into()], vec!["a.html".into()]));
    assert_eq!(found.foreign, ["c/foreign.txt"]);
    assert!(verify(bench.root()).is_err());
}

#[test]
fn verify_notices_an_edited_manifest() {
    let bench = Bench::new();
    bench.build(&[("a.html", "aa")]);
    fs::write(bench.out().join("a.html"), "ab").unwrap();
    let at = bench.out().join(MANIFEST);
    let text = fs::read_to_string(&at).unwrap();
    let forged = text.replace(&Hash::of(b"aa").to_string(), &Hash::of(b"ab").to_string());
    fs::write(&at, forged).unwrap();
    let found = verify(&bench.out()).unwrap();
    assert_eq!((found.changed.len(), found.digest_is_stated, found.is_whole()), (0, false, false));
}

#[test]
fn a_copy_with_anything_more_in_it_is_not_as_published() {
    let bench = Bench::new();
    bench.build(&[("a.html", "aa")]);
    assert!(verify(&bench.out()).unwrap().is_as_published());
    for path in ["extra.html", ".kohyo/evil.html", ".kohyo/back/evil.html", ".kohyo/.kohyo/evil.html"] {
        let bench = Bench::new();
        bench.build(&[("a.html", "aa")]);
        bench.put(&format!("public/{path}"), "evil");
        let found = verify(&bench.out()).unwrap();
        assert!(found.is_whole() && !found.is_as_published(), "{path}");
        assert!(path.starts_with(&found.foreign[0]), "{path}: {:?}", found.foreign);
    }
}

#[test]
fn verify_notices_an_edited_head() {
    for (now, forged) in [("\"count\": 1", "\"count\": 3"), ("\"bytes\": 2", "\"bytes\": 1")] {
        let bench = Bench::new();
        bench.build(&[("a.html", "aa")]);
        let at = bench.out().join(MANIFEST);
        let text = fs::read_to_string(&at).unwrap();
        assert!(text.contains(now));
        fs::write(&at, text.replace(now, forged)).unwrap();
        assert!(!verify(&bench.out()).unwrap().digest_is_stated, "{forged}");
    }
}

#[test]
fn a_list_of_another_kohyo_is_called_so() {
    let bench = Bench::new();
    bench.build(&[("a.html", "aa")]);
    let at = bench.out().join(MANIFEST);
    let text = fs::read_to_string(&at).unwrap();
    fs::write(&at, text.replace("kohyo-manifest/1\"", "kohyo-manifest/2\", \"more\": 1")).unwrap();
    for said in [verify(&bench.out()).unwrap_err().to_string(), bench.begin().err().unwrap().to_string()] {
        assert!(said.contains("another version"), "{said}");
    }
    fs::remove_file(&at).unwrap();
    assert_eq!(kind(verify(&bench.out())), TroubleKind::NotOurs);
}

#[test]
fn pipes_and_devices_are_not_read() {
    // A pipe instead of a list, and a list that never ends.
    for is_pipe in [true, false] {
        let bench = Bench::new();
        bench.build(&[("a.html", "0")]);
        let at = bench.out().join(MANIFEST);
        fs::remove_file(&at).unwrap();
        match is_pipe {
            true => run("mkfifo", &[at.to_str().unwrap()]),
            false => symlink("/dev/zero", &at).unwrap(),
        }
        assert_eq!(kind(bench.begin()), TroubleKind::DamagedManifest);
        assert_eq!(kind(verify(&bench.out())), TroubleKind::NotAFile);
    }
    // A foreign pipe that would have to be copied.
    let mut bench = Bench::new();
    bench.abilities.hard_links = false;
    bench.build(&[("a.html", "0")]);
    run("mkfifo", &[bench.out().join("fifo").to_str().unwrap()]);
    let error = bench.try_build(&[("a.html", "1")]).unwrap_err();
    assert!(error.to_string().contains("public/fifo"), "{error}");
    assert_eq!(kind::<()>(Err(error)), TroubleKind::NotAFile);
    // A pipe instead of a page.
    fs::remove_file(bench.out().join("fifo")).unwrap();
    fs::remove_file(bench.out().join("a.html")).unwrap();
    run("mkfifo", &[bench.out().join("a.html").to_str().unwrap()]);
    assert_eq!(bench.build(&[("a.html", "0")]).edited, ["a.html"]);
}
