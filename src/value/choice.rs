//! What people choose among in files: each word in English and in Japanese.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $en:literal $ja:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(#[doc = $en] $variant),* }
        impl $name {
            /// Name in English and in Japanese, and the value.
            pub const CHOICES: &'static [(&'static str, &'static str, $name)] = &[$(($en, $ja, $name::$variant)),*];
            /// The English name.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $en),* } }
        }
    };
}

words! {
    /// Shapes that stay apart in black and white.
    Shape {
        DoubleCircle "double-circle" "二重丸", Circle "circle" "丸", Triangle "triangle" "三角", Square "square" "四角",
        Diamond "diamond" "ひし形", Cross "cross" "ばつ", Dash "dash" "横線", None "none" "なし",
    }
}

words! {
    /// Roles of colour; a theme decides which colour that is.
    Role {
        Success "success" "達成", Info "info" "通常", Warning "warning" "注意", Danger "danger" "警告",
        Neutral "neutral" "中立",
    }
}

words! {
    /// Where a column stands.
    ColumnOn { Action "action" "取組", Goal "goal" "目標", Result "result" "実績" }
}

words! {
    /// What a column holds.
    ColumnKind {
        Text "text" "文字", Articles "articles" "条項", Amount "amount" "金額", Number "number" "数", Choice "choice" "選択",
        Flag "flag" "はい・いいえ", Date "date" "日付", Link "link" "リンク",
    }
}

words! {
    /// What stands in a target's place.
    Untargeted { Undecided "undecided" "未定", None "none" "目標なし" }
}

words! {
    /// What stands in an actual value's place.
    Unmeasured { NotMeasured "not-measured" "測定せず", Pending "pending" "集計中" }
}

words! {
    /// Which way is better.
    Direction { Up "up" "増やす", Down "down" "減らす" }
}
