//! Which day it is: decided by where the site is, not by where it is built.

use crate::support;

use kohyo::preview::{self, Options};
use kohyo::publish;
use kohyo::source::Sources;
use kohyo::value::calendar::Date;
use kohyo::value::zone::{self, TimeZone, Timestamp};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use support::browser::{Tab, get};
use support::{CITY, files, prepare};

fn city_that_says(settings: &str) -> String {
    CITY.replacen("title: 青葉市 組織目標\n", &format!("title: 青葉市 組織目標\n{settings}\n"), 1)
}

fn lay(folder: &Path, all: BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in all {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// The day for which a city is published that says this, on a machine in the zone `machine`.
fn published_day(settings: &str, machine: &str) -> String {
    let site = tempfile::tempdir().expect("a temporary folder");
    lay(site.path(), files(&city_that_says(settings)));
    let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .arg("build")
        .current_dir(site.path())
        .env_clear()
        .env("LANG", "ja_JP.UTF-8")
        .env("TZ", machine)
        .output()
        .expect("kohyo runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    publish::as_of(&site.path().join("public")).unwrap_or_else(|| panic!("nothing is published: {said}"))
}

/// The day in a zone before and after something was done.
fn day(zone: &str) -> String {
    zone::day(Timestamp::now(), &zone::named(zone).expect("a zone")).to_string()
}

#[test]
fn a_site_is_published_on_the_day_that_it_is_there() {
    // Their clocks are 25 hours apart: these two are never on the same day.
    let (first, last) = ("Pacific/Kiritimati", "Pacific/Niue");
    let cases = [
        // A Japanese city, on servers all over the world.
        ("", first, "Asia/Tokyo"),
        ("", last, "Asia/Tokyo"),
        ("calendar: { time_zone: Pacific/Niue }", first, last),
        ("年度: { タイムゾーン: Pacific/Kiritimati }", last, first),
        // Others without a zone go by the machine.
        ("language: en", first, first),
        ("language: en", last, last),
        ("language: en\ncalendar: { time_zone: Asia/Tokyo }", "UTC", "Asia/Tokyo"),
    ];
    for (settings, machine, zone) in cases {
        let before = day(zone);
        let published = published_day(settings, machine);
        assert!([before, day(zone)].contains(&published), "{settings:?} on a machine in {machine}: {published}");
    }
}

/// The moment that a preview takes for now, in seconds since 1970.
static NOW: AtomicI64 = AtomicI64::new(0);

fn today(zone: Option<&TimeZone>) -> Date {
    let now = Timestamp::from_second(NOW.load(Ordering::Relaxed)).expect("a moment");
    zone::day(now, zone.unwrap_or(&TimeZone::UTC))
}

#[test]
fn a_preview_goes_over_midnight_with_the_site() {
    let at = |moment: &str| NOW.store(moment.parse::<Timestamp>().expect("a moment").as_second(), Ordering::Relaxed);
    let site = tempfile::tempdir().expect("a temporary folder");
    lay(site.path(), files(CITY));
    at("2026-11-30T14:59:59Z");
    let mut options = Options::new(site.path(), today);
    options.port = Some(0);
    let preview = preview::start(options).expect("a preview");
    let is_on = |day: &str| get(preview.address(), "/_preview/").text().contains(&format!("value=\"{day}\""));
    assert!(is_on("2026-11-30"));
    let mut tab = Tab::open(preview.address(), "/");
    let says = |settings: &str| {
        let all = files(&city_that_says(settings));
        fs::write(site.path().join("site.yaml"), &all["site.yaml"]).expect("saved");
    };
    // It is already the first of December in Japan, and nowhere west of it.
    at("2026-11-30T15:00:00Z");
    says("notice: 1回目");
    tab.until(|_| is_on("2026-12-01"));
    says("calendar: { time_zone: Europe/London }");
    tab.until(|_| is_on("2026-11-30"));
    says("calendar: { time_zone: Pacific/Auckland }");
    tab.until(|_| is_on("2026-12-01"));
    preview.stop();
}

#[test]
fn a_zone_that_is_none_is_told_with_the_one_that_is_meant() {
    for (written, meant) in [
        ("Asia/Tokio", "Asia/Tokyo"),
        ("Asia_Tokyo", "Asia/Tokyo"),
        ("Ａｓｉａ／Ｔｏｋｙｏ", "Asia/Tokyo"),
        ("JST", "Asia/Tokyo"),
        ("日本", "Asia/Tokyo"),
        ("東京", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("America/Newyork", "America/New_York"),
        ("+09:00", "Asia/Tokyo"),
    ] {
        let text = city_that_says(&format!("calendar: {{ time_zone: {written:?} }}"));
        let lines = prepare(Sources::from_memory(files(&text)));
        let found: Vec<_> = lines.diagnostics.iter().filter(|it| it.rule.name() == "bad-value").collect();
        let [finding] = found[..] else { panic!("{written}: {found:?}") };
        let said = format!("{finding:?}");
        assert!(said.contains(written) && said.contains(meant), "{written}: {said}");
    }
    // In any letter case it is the same zone.
    let text = city_that_says("calendar: { time_zone: asia/tokyo }");
    let clean = prepare(Sources::from_memory(files(&text)));
    assert!(clean.diagnostics.iter().all(|it| it.rule.name() != "bad-value"));
}
