//! What a file says beside what it shows.

use crate::text::language::Message;

/// A kind of thing that a file says and does not show. What it says is never repeated: it is private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Where a photo was taken.
    Place,
    /// Which camera or telephone took it.
    Device,
    /// The number of that camera or its lens.
    Serial,
    /// Who made it, or saved it last.
    Author,
    /// Notes about it, or in its margins.
    Comments,
    /// A small picture of what it was before it was cut.
    Thumbnail,
    /// What was changed and when; earlier states.
    Edits,
    /// Text, rows, sheets, slides or layers that are not shown.
    HiddenParts,
    /// Other files in it.
    Embedded,
    /// What was written behind its end.
    Rest,
    /// Where it lay on somebody's computer or server.
    Paths,
    /// Values that programs keep in it.
    Properties,
    /// It is locked, damaged or too large, so that it could not be looked into.
    Unseen,
}

impl Hidden {
    /// The kind in words.
    pub fn label(self) -> Message {
        match self {
            Self::Place => Message::new("撮影した場所", "where it was taken"),
            Self::Device => Message::new("撮影した機種", "the device"),
            Self::Serial => Message::new("機器の番号", "serial numbers"),
            Self::Author => Message::new("作成者の名前", "names of authors"),
            Self::Comments => Message::new("コメントや説明", "comments"),
            Self::Thumbnail => Message::new("縮小した元の画像", "a small picture of an earlier state"),
            Self::Edits => Message::new("変更の履歴", "earlier states and changes"),
            Self::HiddenParts => Message::new("隠した文字、行、シート、層", "hidden text, rows, sheets or layers"),
            Self::Embedded => Message::new("埋め込まれたファイル", "embedded files"),
            Self::Rest => Message::new("終わりより後ろのデータ", "data behind its end"),
            Self::Paths => Message::new("パソコンの中の場所", "paths on a computer"),
            Self::Properties => Message::new("独自の属性", "properties of its own"),
            Self::Unseen => Message::new("確かめられない部分", "parts that cannot be looked into"),
        }
    }
}
