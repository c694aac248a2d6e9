//! The typesetter told of signs that a booklet's letters lack: which become small letters, which need another family.
//!
//! As styles below every template's own, so that themes need not know of it. A booklet without such signs is set as if this
//! were not here.

use super::marks::{Signs, Small};
use typst::Library;
use typst::foundations::{NativeElement as _, Recipe, Regex, Selector, Smart, Style, Styles, Transformation};
use typst::layout::Em;
use typst::syntax::Span;
use typst::text::{FontFamily, FontList, SubElem, SuperElem, TextElem, TextSize};

/// A library that knows of a booklet's signs.
pub fn taught(library: &Library, signs: &Signs) -> Library {
    let mut library = library.clone();
    let size = Smart::Custom(TextSize(Em::new(0.65).into()));
    for (sign, small) in &signs.small {
        let letter = TextElem::packed(small.marked());
        // Not from the font: it has such glyphs for some digits only, and gives no height for the others.
        let content = match small {
            Small::Low(_) => {
                let low = Smart::Custom(Em::new(0.15).into());
                SubElem::new(letter).with_typographic(false).with_baseline(low).with_size(size).pack()
            }
            Small::High(_) => {
                let high = Smart::Custom(Em::new(-0.4).into());
                SuperElem::new(letter).with_typographic(false).with_baseline(high).with_size(size).pack()
            }
        };
        teach(&mut library, &[sign.to_string()], Transformation::Content(content));
    }
    for (family, letters) in &signs.forms {
        let mut styles = Styles::new();
        styles.set(TextElem::font, FontList(vec![FontFamily::new(family)]));
        let letters: Vec<String> = letters.iter().cloned().collect();
        teach(&mut library, &letters, Transformation::Style(styles));
    }
    library
}

/// What to make of any of these in a text.
fn teach(library: &mut Library, letters: &[String], transformation: Transformation) {
    let mut pattern = String::new();
    for letter in letters {
        if !pattern.is_empty() {
            pattern.push('|');
        }
        for c in letter.chars() {
            if c.is_ascii_punctuation() {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    if let Ok(pattern) = Regex::new(&pattern) {
        let recipe = Recipe::new(Some(Selector::Regex(pattern)), transformation, Span::detached());
        library.styles.push(Style::Recipe(recipe));
    }
}
