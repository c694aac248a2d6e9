//! The editions of a page.

/// The two forms in which every page exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// 画面版
    Screen,
    /// 大きな文字版
    Large,
}

impl Edition {
    /// The end of a page's file name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Screen => ".html",
            Self::Large => ".large.html",
        }
    }

    /// The name templates see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Large => "large",
        }
    }
}
