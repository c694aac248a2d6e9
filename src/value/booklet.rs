//! What can be said of booklets without setting one: what they tell, letters, paper, pages.

use super::calendar::Years;
use crate::text::span::Spanned;

/// What a booklet tells of its goals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Goals, as they were promised.
    Goals,
    /// Goals that have a result, with it.
    Results,
    /// Everything.
    Both,
}

/// Size of the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(u8);

impl Size {
    /// 12 points, with tables: what cities' guides ask of ordinary paper.
    pub const NORMAL: Self = Self(12);
    /// 22 points: the base of Japanese large-print textbooks (文部科学省 拡大教科書の標準的な規格).
    pub const LARGE: Self = Self(22);
    /// Sizes that booklets are set in, in points. From 16 on a table becomes cards.
    pub const ALL: [u8; 6] = [12, 14, 16, 18, 22, 26];
    /// As they are written, in both languages, and the value.
    pub const CHOICES: &'static [(&'static str, &'static str, Self)] = &[
        ("12", "12", Self(12)),
        ("14", "14", Self(14)),
        ("16", "16", Self(16)),
        ("18", "18", Self(18)),
        ("22", "22", Self(22)),
        ("26", "26", Self(26)),
    ];

    /// One of [`Size::ALL`].
    pub fn new(points: u8) -> Option<Self> {
        Self::ALL.contains(&points).then_some(Self(points))
    }

    /// In points.
    pub fn points(self) -> u8 {
        self.0
    }

    /// Whether it is large type: linear, without wide tables.
    pub fn is_large(self) -> bool {
        self.0 >= 16
    }
}

/// Paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paper {
    /// 210 by 297 mm
    #[default]
    A4,
    /// 297 by 420 mm
    A3,
    /// JIS B5, 182 by 257 mm
    B5,
    /// 8½ by 11 inches: the United States' and Canada's ordinary paper
    Letter,
    /// 8½ by 14 inches
    Legal,
}

impl Paper {
    /// Name, which is the same in both languages, and the value.
    pub const CHOICES: &'static [(&'static str, &'static str, Self)] = &[
        ("a4", "a4", Self::A4),
        ("a3", "a3", Self::A3),
        ("b5", "b5", Self::B5),
        ("letter", "letter", Self::Letter),
        ("legal", "legal", Self::Legal),
    ];

    /// Width and height in millimetres.
    pub fn millimetres(self) -> (f32, f32) {
        match self {
            Self::A4 => (210.0, 297.0),
            Self::A3 => (297.0, 420.0),
            Self::B5 => (182.0, 257.0),
            Self::Letter => (215.9, 279.4),
            Self::Legal => (215.9, 355.6),
        }
    }

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::A3 => "A3",
            Self::B5 => "B5",
            Self::Letter => "Letter",
            Self::Legal => "Legal",
        }
    }
}

macro_rules! kinds {
    ($($variant:ident $en:literal $ja:literal $doc:literal)*) => {
        /// A kind of page that can have booklets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $doc] $variant),* }
        impl Kind {
            /// Name in English and in Japanese, and the value.
            pub const CHOICES: &'static [(&'static str, &'static str, Kind)] = &[$(($en, $ja, Kind::$variant)),*];
        }
    };
}

kinds! {
    Year "year" "年度" "A year with its goals, and its results where there are any."
    Results "results" "実績" "A year's results."
    Department "department" "部局" "A department's year."
    Pillar "pillar" "柱" "A pillar's year."
    Goal "goal" "目標" "One goal."
}

/// Which booklets `build` makes: `pdf` of `site.yaml`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Kinds of pages that get booklets.
    pub kinds: Vec<Kind>,
    /// Sizes of letters.
    pub sizes: Vec<Size>,
    /// Paper.
    pub paper: Paper,
    /// Years that get booklets; `None` is all of them.
    pub years: Option<Years>,
    /// Further font files, as paths from the site's folder.
    pub fonts: Vec<Spanned<Box<str>>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kinds: Vec::new(),
            sizes: vec![Size::NORMAL, Size::LARGE],
            paper: Paper::A4,
            years: None,
            fonts: Vec::new(),
        }
    }
}

/// What a link to a booklet tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How many pages it has.
    pub pages: usize,
    /// How many bytes.
    pub bytes: u64,
}

/// Sheets of paper when both sides are printed.
pub fn sheets(pages: usize) -> usize {
    pages.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_sheets() {
        assert_eq!(Size::new(22), Some(Size::LARGE));
        assert_eq!(Size::new(13), None);
        assert_eq!(Size::CHOICES.iter().map(|(_, _, size)| size.points()).collect::<Vec<_>>(), Size::ALL);
        assert!(Size::new(16).is_some_and(Size::is_large) && !Size::new(14).is_some_and(Size::is_large));
        assert_eq!((sheets(0), sheets(1), sheets(92), sheets(93)), (0, 1, 46, 47));
    }
}
