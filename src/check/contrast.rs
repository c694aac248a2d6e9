//! Contrast of a theme's colours: every pair that `tokens.css` documents, with the colours a city put in their place.
//!
//! A comment beside a colour names the grounds it is read on: `on surface 17.40, on result 15.96`. The ratio is computed
//! as WCAG 2.2 defines it; text needs 4.5 to 1, lines of controls and marks need 3 to 1 (1.4.3, 1.4.11).

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::theme::Theme;
use std::collections::{BTreeMap, BTreeSet};

/// A colour as a style sheet declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Declaration {
    value: String,
    at: Span,
    file: Option<FileId>,
    /// Names of the grounds it is read on.
    grounds: Vec<String>,
}

/// Pairs of the theme that cannot be read, where a file of the site is the reason.
pub fn contrast(theme: &Theme, sources: &Sources) -> Vec<Diagnostic> {
    let mut colors: BTreeMap<String, Declaration> = BTreeMap::new();
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    // Later sheets win, as they do in a browser.
    for name in ["assets/tokens.css", "assets/city.css"] {
        let Some(asset) = theme.assets.iter().find(|asset| asset.path == name) else { continue };
        let text = String::from_utf8_lossy(&asset.bytes);
        let file = sources.under("themes/").find(|(id, file)| {
            file.path.ends_with(name) && sources.bytes(*id).is_ok_and(|bytes| *bytes == *asset.bytes)
        });
        for (property, declaration) in declarations(&text, file.map(|(id, _)| id)) {
            pairs.extend(declaration.grounds.iter().map(|ground| (property.clone(), ground.clone())));
            colors.insert(property, declaration);
        }
    }
    pairs.iter().filter_map(|(property, ground)| unreadable(property, ground, &colors)).collect()
}

fn unreadable(property: &str, ground: &str, colors: &BTreeMap<String, Declaration>) -> Option<Diagnostic> {
    let (front, front_at) = resolve(property, colors)?;
    let (back, back_at) = resolve(ground, colors)?;
    let needed = if is_text(property) { 4.5 } else { 3.0 };
    let ratio = ratio(front, back);
    if ratio >= needed {
        return None;
    }
    // What the city wrote is what it can change; the colour before its ground.
    let at = [front_at, back_at].into_iter().find(|declaration| declaration.file.is_some())?;
    let better = readable(front, back, needed).map(hex);
    Some(low_contrast(Place::new(at.file?, at.at), property, ground, ratio, needed, better.as_deref()))
}

/// Whether a colour is one of letters; others are lines of controls, marks and rings.
fn is_text(property: &str) -> bool {
    !["control", "rule", "focus", "bar"].iter().any(|part| property.split('-').any(|it| it == *part))
}

/// Every `--color-…` outside media queries, by its name after `--color-`.
fn declarations(css: &str, file: Option<FileId>) -> Vec<(String, Declaration)> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    // Inside a query other rules hold: more contrast, paper.
    let mut query: Option<usize> = None;
    let mut start = 0;
    let mut comment = false;
    for line in css.split_inclusive('\n') {
        let (mut code, mut rest) = (String::new(), line);
        while let Some(mark) = rest.find(if comment { "*/" } else { "/*" }) {
            if comment {
                code.push_str(&" ".repeat(mark + 2))
            } else {
                code.push_str(&rest[..mark]);
                code.push_str("  ")
            }
            rest = &rest[mark + 2..];
            comment = !comment;
        }
        if comment {
            code.push_str(&" ".repeat(rest.len()))
        } else {
            code.push_str(rest)
        }
        if code.trim_start().starts_with("@media") && query.is_none() {
            query = Some(depth);
        }
        if query.is_none() {
            for (at, mark) in code.match_indices("--color-") {
                let property = &code[at + mark.len()..];
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                let (name, rest) = property.split_at(property.find(|c| !is_name(c)).unwrap_or(property.len()));
                // Elsewhere it is a reference: `var(--color-text)`.
                let Some(rest) = rest.trim_start().strip_prefix(':') else { continue };
                // The last one before the brace needs no semicolon.
                let value = rest.split([';', '}']).next().unwrap_or_default();
                let from = start + code.len() - rest.len() + (value.len() - value.trim_start().len());
                let at = Span::new(from, from + value.trim().len());
                let grounds = grounds(line);
                found.push((name.to_owned(), Declaration { value: value.trim().to_owned(), at, file, grounds }));
            }
        }
        for c in code.chars() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if query == Some(depth) {
                        query = None;
                    }
                }
                _ => {}
            }
        }
        start += line.len();
    }
    found
}

/// The grounds that the comment of a line names: `on surface 17.40`.
fn grounds(line: &str) -> Vec<String> {
    let Some((_, comment)) = line.split_once("/*") else { return Vec::new() };
    let words: Vec<&str> = comment.split([' ', ',', ';', '*', '/']).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(3).filter(|words| words[0] == "on" && words[2].parse::<f64>().is_ok());
    pairs.map(|words| words[1].to_owned()).collect()
}

/// The colour of a name and where it is declared last; a reference is followed.
fn resolve<'c>(name: &str, colors: &'c BTreeMap<String, Declaration>) -> Option<([u8; 3], &'c Declaration)> {
    let mut declaration = colors.get(name)?;
    // Names that refer to each other end nowhere.
    for _ in 0..8 {
        let Some(other) = declaration.value.strip_prefix("var(--color-").and_then(|rest| rest.strip_suffix(')')) else {
            return Some((color(&declaration.value)?, declaration));
        };
        declaration = colors.get(other.trim())?;
    }
    None
}

/// `#rgb` and `#rrggbb`; other notations are left to the browser.
fn color(value: &str) -> Option<[u8; 3]> {
    let digits = value.strip_prefix('#').filter(|digits| digits.is_ascii())?;
    let one = |at: usize| u8::from_str_radix(digits.get(at..=at)?, 16).ok().map(|digit| digit * 17);
    let two = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    match digits.len() {
        3 => Some([one(0)?, one(1)?, one(2)?]),
        6 => Some([two(0)?, two(2)?, two(4)?]),
        _ => None,
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Relative luminance of an sRGB colour (WCAG 2.2).
fn luminance(color: [u8; 3]) -> f64 {
    let [r, g, b] = color.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2).
fn ratio(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The nearest shade of a colour that can be read on a ground: darker on a light one, lighter on a dark one.
fn readable(front: [u8; 3], back: [u8; 3], needed: f64) -> Option<[u8; 3]> {
    let end: u8 = if luminance(back) > 0.18 { 0 } else { 255 };
    (1..=100u16).find_map(|step| {
        let mixed = front.map(|channel| {
            let (from, to) = (u16::from(channel), u16::from(end));
            ((from * (100 - step) + to * step) / 100) as u8
        });
        (ratio(mixed, back) >= needed).then_some(mixed)
    })
}

/// A colour that cannot be read on its ground.
pub fn low_contrast(
    place: Place,
    color: &str,
    ground: &str,
    ratio: f64,
    needed: f64,
    better: Option<&str>,
) -> Diagnostic {
    // Never rounded up to what it does not reach.
    let ratio = (ratio * 100.0).floor() / 100.0;
    let finding = Diagnostic::new(
        Rule::LowContrast,
        place,
        format!("「{color}」と地の「{ground}」の明るさの比が {ratio:.2} です（{needed} 以上）。"),
        format!("`{color}` on `{ground}` has a contrast of {ratio:.2} (at least {needed})"),
    );
    match better {
        Some(better) => finding.help(
            format!("たとえば「{color}」を {better} にすると読めます。"),
            format!("{better} would be readable for `{color}`"),
        ),
        None => {
            finding.help("どちらかの色を、もっと明るくするか暗くします。", "make one of the colours lighter or darker")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_guideline() {
        let rounded = |a: &str, b: &str| (ratio(color(a).unwrap(), color(b).unwrap()) * 100.0).round() / 100.0;
        assert_eq!(rounded("#000", "#fff"), 21.0);
        assert_eq!(rounded("#767676", "#ffffff"), 4.54);
        assert_eq!(rounded("#1a1a1a", "#f4f5f8"), 15.96);
    }

    #[test]
    fn declarations_carry_their_grounds_and_place() {
        let css = "/* --color-no: #000; */\n:root {\n  --color-link: #00f; /* on surface 8.59, on result 7.88 */\n  @media print {\n    --color-link: #000;\n  }\n  --color-surface: #fff;\n}\n";
        let found = declarations(css, None);
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["link", "surface"]);
        assert_eq!(found[0].1.at.slice(css), "#00f");
        assert_eq!(found[0].1.grounds, ["surface", "result"]);
    }

    #[test]
    fn every_declaration_of_a_line_is_read_and_the_last_needs_no_semicolon() {
        let css = ":root { --color-accent: #0a6b3d; --color-text : #777; --color-link: var(--color-text) }";
        let found = declarations(css, None);
        let found: Vec<(&str, &str)> = found.iter().map(|(name, it)| (name.as_str(), it.at.slice(css))).collect();
        assert_eq!(found, [("accent", "#0a6b3d"), ("text", "#777"), ("link", "var(--color-text)")]);
    }

    #[test]
    fn a_readable_shade_is_near_and_readable() {
        let shade = readable([0x66, 0x99, 0xff], [255, 255, 255], 4.5).unwrap();
        assert!(ratio(shade, [255, 255, 255]) >= 4.5 && ratio(shade, [255, 255, 255]) < 5.0);
    }
}
