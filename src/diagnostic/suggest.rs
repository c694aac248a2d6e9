//! What can be written instead, said in a finding.

use super::Diagnostic;
use crate::text::nearest::{fold, nearest};
use unicode_normalization::UnicodeNormalization;

/// The first of these words, or all of them where that is not twice as many: the one that is looked for may be the last.
pub(crate) fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>, most: usize) -> (String, String) {
    let words: Vec<&str> = words.into_iter().collect();
    let most = if words.len() <= 2 * most { words.len() } else { most };
    let shown: Vec<String> = words.iter().take(most).map(|word| format!("「{word}」")).collect();
    let shown_en: Vec<String> = words.iter().take(most).map(|word| format!("`{word}`")).collect();
    let (more_ja, more_en) = match words.len().saturating_sub(most) {
        0 => (String::new(), String::new()),
        n => (format!(" ほか{n}件"), format!(" and {n} more")),
    };
    (shown.concat() + &more_ja, shown_en.join(", ") + &more_en)
}

/// Adds the nearest known name, or all of them. The change is safe only when nothing is left to guess: the same word in
/// another width or letter case.
pub(crate) fn suggest<'a>(
    finding: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    suggest_among(finding, name, known.clone(), known)
}

/// As [`suggest`], where each has several names, of which `listed` are the best known.
pub(crate) fn suggest_among<'a>(
    finding: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    listed: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let folded = fold(name);
    let same: Vec<&str> = known.clone().into_iter().filter(|known| fold(known) == folded).collect();
    if let [same] = same[..] {
        let place = finding.place;
        if name.nfc().eq(same.nfc()) {
            // Both look the same, so the name alone would help nobody.
            return finding
                .help(
                    format!("見た目は同じですが、濁点などが離れた文字です（Mac から写すと、こうなることがあります）。「{same}」と打ち直します。"),
                    format!("it looks the same but is made of parts, as macOS writes it: type `{same}` again"),
                )
                .fix(place, same);
        }
        return finding.help(format!("「{same}」と書きます。"), format!("write `{same}`")).fix(place, same);
    }
    if let Some(near) = nearest(name, known.clone()) {
        let place = finding.place;
        let finding = finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?"));
        return if place.span.start < place.span.end { finding.guess(place, near) } else { finding };
    }
    let (ja, en) = quoted_list(listed, 8);
    if ja.is_empty() { finding } else { finding.help(format!("使えるもの: {ja}"), format!("known: {en}")) }
}
