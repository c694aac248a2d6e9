//! Time zones by name (`Asia/Tokyo`): where a site is decides which day it is there, not where it is built.
//!
//! The rules of all zones are inside the program (IANA Time Zone Database): Windows and slim containers have none. No clock
//! is read here.

pub use jiff::Timestamp;
use jiff::civil::Date;
pub use jiff::tz::TimeZone;
use jiff::tz::{Offset, TimeZoneDatabase};

/// The zone of this name, in whatever letter case; `None` if there is none.
pub fn named(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The zone of Japan, which has had one hour for all its cities since 1951 (中央標準時).
pub fn japan() -> TimeZone {
    named("Asia/Tokyo").unwrap_or_else(|| TimeZone::fixed(Offset::constant(9)))
}

/// Which day it is at a moment, by the clocks of a zone.
pub fn day(moment: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(moment).date()
}

/// The names of all zones.
pub fn names() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect()
}

/// What people write for the zone of Japan.
const JAPANESE: [&str; 7] = ["jst", "日本", "日本時間", "日本標準時", "中央標準時", "東京", "東京時間"];

/// The zone that is meant by its city alone (`Tokyo`, `New York`) or by what people call it.
pub fn by_city(text: &str, names: &[String]) -> Option<String> {
    let text = text.trim().to_lowercase().replace(' ', "_");
    if JAPANESE.contains(&&*text) {
        return Some("Asia/Tokyo".into());
    }
    let city = |name: &&String| name.rsplit_once('/').is_some_and(|(_, city)| city.to_lowercase() == text);
    let mut found = names.iter().filter(city);
    // A city that is in two places is none.
    found.next().filter(|_| found.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_begins_where_the_site_is() {
        let day = |moment: &str, zone: &str| day(moment.parse().unwrap(), &named(zone).unwrap()).to_string();
        // Eight in the morning in Japan is still yesterday where build servers keep their clocks.
        assert_eq!(day("2026-11-30T23:00:00Z", "Asia/Tokyo"), "2026-12-01");
        assert_eq!(day("2026-11-30T23:00:00Z", "UTC"), "2026-11-30");
        assert_eq!(day("2026-11-30T14:59:59Z", "Asia/Tokyo"), "2026-11-30");
        assert_eq!(day("2026-11-30T15:00:00Z", "asia/tokyo"), "2026-12-01");
        // West of Greenwich, and over the change to summer time (8 March 2026).
        assert_eq!(day("2026-12-01T04:00:00Z", "America/Chicago"), "2026-11-30");
        assert_eq!(day("2026-03-08T04:59:00Z", "America/New_York"), "2026-03-07");
        assert_eq!(day("2026-03-09T03:59:00Z", "America/New_York"), "2026-03-08");
        assert_eq!(day("2026-03-09T04:00:00Z", "America/New_York"), "2026-03-09");
        assert_eq!(japan(), named("Asia/Tokyo").unwrap());
    }

    #[test]
    fn a_city_alone_means_its_zone() {
        let names = names();
        let found = |text: &str| by_city(text, &names);
        for text in ["Tokyo", "tokyo", "JST", "日本", "東京", "日本標準時"] {
            assert_eq!(found(text).as_deref(), Some("Asia/Tokyo"), "{text}");
        }
        assert_eq!(found("New York").as_deref(), Some("America/New_York"));
        assert_eq!(found("Vancouver").as_deref(), Some("America/Vancouver"));
        // 神戸 is not in the list, and no other place is meant by it.
        assert_eq!(found("Kobe"), None);
        assert!(names.len() > 400 && names.iter().all(|it| named(it).is_some()));
    }
}
