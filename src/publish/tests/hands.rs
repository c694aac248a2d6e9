//! People edit, remove and copy published files by hand; the next build puts the site right.

use super::*;
use std::os::unix::fs::symlink;

const SITE: &[(&str, &str)] = &[("a.html", "aaaa"), ("b.html", "bbbb"), ("c/d.html", "dddd")];

/// After `tamper`, a build brings everything back and says which files it had to mend.
fn check(tamper: impl Fn(&Path), edited: &[&str]) {
    for builds_before in [1, 2] {
        let bench = Bench::new();
        for version in 0..builds_before {
            bench.build(&[SITE, &[("e.html", &format!("{version}"))]].concat());
        }
        let text = format!("{}", builds_before - 1);
        let last = [SITE, &[("e.html", text.as_str())]].concat();
        tamper(&bench.out());
        let published = bench.build(&last);
        assert_eq!(published.edited, edited);
        assert_eq!(published.changed, edited);
        assert_eq!(bench.visit(), site(&last));
        assert_eq!(bench.build(&last).method, Method::Untouched);
        // And through the other folder, which shared the file.
        let other = [SITE, &[("e.html", "other")]].concat();
        bench.build(&other);
        assert_eq!(bench.visit(), site(&other));
    }
}

#[test]
fn a_file_edited_in_place() {
    check(|out| fs::write(out.join("a.html"), "other length").unwrap(), &["a.html"]);
}

#[test]
fn a_file_edited_with_size_and_modification_time_kept() {
    check(
        |out| {
            let at = out.join("a.html");
            let modified = fs::metadata(&at).unwrap().modified().unwrap();
            fs::write(&at, "AAAA").unwrap();
            fs::File::options().write(true).open(&at).unwrap().set_modified(modified).unwrap();
        },
        &["a.html"],
    );
}

#[test]
fn a_file_replaced_by_an_editor() {
    check(
        |out| {
            fs::write(out.join("a.html~"), "AAAA").unwrap();
            fs::rename(out.join("a.html~"), out.join("a.html")).unwrap();
        },
        &["a.html"],
    );
}

#[test]
fn files_and_folders_removed() {
    check(
        |out| {
            fs::remove_file(out.join("a.html")).unwrap();
            fs::remove_dir_all(out.join("c")).unwrap();
        },
        &["a.html", "c/d.html"],
    );
}

#[test]
fn a_file_replaced_by_a_symbolic_link_or_an_empty_folder() {
    check(
        |out| {
            fs::remove_file(out.join("a.html")).unwrap();
            symlink("b.html", out.join("a.html")).unwrap();
        },
        &["a.html"],
    );
}

#[test]
fn an_edited_file_that_leaves_the_site_is_named() {
    let bench = Bench::new();
    bench.build(SITE);
    fs::write(bench.out().join("a.html"), "edited").unwrap();
    let published = bench.build(&SITE[2..]);
    assert_eq!(
        (published.edited, published.removed),
        (vec!["a.html".to_owned()], vec!["a.html".to_owned(), "b.html".to_owned()])
    );
}

#[test]
fn a_file_rewritten_with_the_same_bytes_is_left_alone() {
    let bench = Bench::new();
    bench.build(SITE);
    fs::write(bench.out().join("a.html"), "aaaa").unwrap();
    let inode = bench.inode("a.html");
    for _ in 0..2 {
        assert_eq!(bench.build(SITE).method, Method::Untouched);
        assert_eq!(bench.inode("a.html"), inode);
    }
}

#[test]
fn a_manifest_edited_by_hand_is_published_again() {
    let bench = Bench::new();
    bench.build(SITE);
    let at = bench.out().join(MANIFEST);
    let text = fs::read_to_string(&at).unwrap();
    // Even a forged hash of an unchanged file does not survive.
    fs::write(&at, text.replace(&Hash::of(b"bbbb").to_string(), &Hash::of(b"forged").to_string())).unwrap();
    bench.build(SITE);
    assert_eq!(fs::read_to_string(&at).unwrap(), text);
}

#[test]
fn a_copy_of_the_site_goes_on_where_the_original_was() {
    let bench = Bench::new();
    bench.build(SITE);
    let copy = Bench::new();
    run("cp", &["-a", bench.out().to_str().unwrap(), copy.root().to_str().unwrap()]);
    let published = copy.build(SITE);
    assert_eq!((published.method, published.unchanged), (Method::Untouched, 3));
    assert_eq!(copy.build(&SITE[..2]).removed, ["c/d.html"]);
}

#[test]
fn the_hidden_folder_may_be_lost_or_full_of_rubbish() {
    let bench = Bench::new();
    bench.build(SITE);
    bench.build(&SITE[..2]);
    let hidden = bench.root().join(".public.kohyo");
    let tampers: [&dyn Fn(); 5] = [
        &|| fs::remove_dir_all(&hidden).unwrap(),
        &|| fs::write(hidden.join("live.records"), "kohyo-records/2 nonsense").unwrap(),
        &|| fs::write(hidden.join("back.records"), "nonsense").unwrap(),
        &|| fs::remove_dir_all(hidden.join("back")).unwrap(),
        &|| {
            let _ = fs::remove_dir_all(hidden.join("back"));
            bench.put(".public.kohyo/back/c", "a file where a folder must be");
            bench.put(".public.kohyo/back/a.html/deep/file", "a folder where a file must be");
            bench.put(".public.kohyo/back/rubbish/x", "x");
        },
    ];
    for (round, tamper) in tampers.iter().enumerate() {
        tamper();
        let text = round.to_string();
        let files = [SITE, &[("e.html", text.as_str())]].concat();
        bench.build(&files);
        assert_eq!(bench.visit(), site(&files));
    }
}

#[test]
fn after_a_restart_of_the_machine_every_file_is_read() {
    let bench = Bench::new();
    bench.build(SITE);
    // A power cut left other bytes than the file's look promises; and the machine has another boot id now.
    fs::write(bench.out().join("a.html"), "torn").unwrap();
    let records = bench.root().join(".public.kohyo/live.records");
    let text = fs::read_to_string(&records).unwrap();
    let mut memory = records::read(&bench.beneath(), &records).unwrap();
    memory.records[0].stamp = look(&bench.beneath(), &bench.out().join("a.html")).unwrap().unwrap().1;
    let manifest = Hash::of(&fs::read(bench.out().join(MANIFEST)).unwrap());
    records::write(&bench.beneath(), &records, manifest, &memory.whole, memory.records.iter()).unwrap();
    assert_eq!(bench.try_build(SITE).unwrap().method, Method::Untouched, "the look alone is believed within a boot");
    let boot = text.split(' ').nth(2).unwrap();
    let other = fs::read_to_string(&records).unwrap().replace(boot, "another-boot");
    fs::write(&records, other).unwrap();
    assert_eq!(bench.build(SITE).edited, ["a.html"]);
    assert_eq!(bench.visit(), site(SITE));
}
