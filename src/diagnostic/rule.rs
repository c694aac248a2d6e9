//! The table of rules: name, severity, and why the rule matters to a reader of the site.

use crate::text::language::Message;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is published until it is mended.
    Error,
    /// Published, but a reader will stumble.
    Warning,
    /// A suggestion.
    Hint,
}

impl Severity {
    /// The word in output that programs read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }

    /// The word in output that people read.
    pub fn label(self) -> Message {
        match self {
            Self::Error => Message::new("エラー", "error"),
            Self::Warning => Message::new("警告", "warning"),
            Self::Hint => Message::new("ヒント", "hint"),
        }
    }
}

/// What a rule is about. A group's name stands for all of its rules, in `checks` of `site.yaml` and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// How a file is written.
    Form,
    /// What the record says: departments, goals, results.
    Record,
    /// What a reader meets on a page.
    Page,
    /// Words and characters that everyone can read.
    Japanese,
    /// `site.yaml` and its checks.
    Site,
    /// The look.
    Theme,
}

impl Group {
    /// Every group, in the order of the table.
    pub const ALL: &'static [Group] =
        &[Group::Form, Group::Record, Group::Page, Group::Japanese, Group::Site, Group::Theme];

    /// The public, stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Record => "record",
            Self::Page => "page",
            Self::Japanese => "japanese",
            Self::Site => "site",
            Self::Theme => "theme",
        }
    }

    /// The word in output that people read.
    pub fn label(self) -> Message {
        match self {
            Self::Form => Message::new("書き方", "form"),
            Self::Record => Message::new("記録", "record"),
            Self::Page => Message::new("ページ", "page"),
            Self::Japanese => Message::new("だれにでも読める日本語", "Japanese for everyone"),
            Self::Site => Message::new("サイトの設定", "site settings"),
            Self::Theme => Message::new("テーマ", "theme"),
        }
    }

    /// The group of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|group| group.name() == name)
    }
}

macro_rules! severity {
    (Firm) => {
        Severity::Error
    };
    ($severity:ident) => {
        Severity::$severity
    };
}

macro_rules! is_firm {
    (Firm) => {
        true
    };
    ($severity:ident) => {
        false
    };
}

// A row: variant, public name, severity, why it matters in Japanese and in English. `Firm` is an error that no site can
// turn off or make milder, because a page would be missing or say something else than what was written, or would harm
// its readers.
macro_rules! rules {
    ($($group:ident { $($variant:ident $name:literal $severity:ident $ja:literal $en:literal)* })*) => {
        /// A rule that content, configuration or a theme can break. Names are public and stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $en] $variant),*),* }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &'static [Rule] = &[$($(Rule::$variant),*),*];

            /// The public, stable name, in kebab case.
            pub fn name(self) -> &'static str {
                match self { $($(Rule::$variant => $name),*),* }
            }

            /// What it is about.
            pub fn group(self) -> Group {
                match self { $($(Rule::$variant => Group::$group),*),* }
            }

            /// How bad a finding of this rule is, unless the site says otherwise.
            pub fn severity(self) -> Severity {
                match self { $($(Rule::$variant => severity!($severity)),*),* }
            }

            /// Whether no site can turn it off or make it milder.
            pub fn is_firm(self) -> bool {
                match self { $($(Rule::$variant => is_firm!($severity)),*),* }
            }

            /// Why it matters to the reader of the published page, in one sentence.
            pub fn why(self) -> Message {
                match self { $($(Rule::$variant => Message::new($ja, $en)),*),* }
            }
        }
    };
}

rules! {
    Form {
        FrontMatter "front-matter" Firm
            "ファイルの始めの設定（--- と --- の間）が読めないと、そのページを作れません。"
            "Without readable front matter (between the two --- lines) the page cannot be made."
        YamlSyntax "yaml-syntax" Firm
            "設定が YAML として読めないと、どれが項目でどれが値かが分からず、公表できません。"
            "Where settings are no YAML, nobody can tell keys from values, and nothing can be published."
        DuplicateKey "duplicate-key" Firm
            "同じ項目が2回あると、どちらを公表すべきか分かりません。"
            "With the same key twice nobody knows which one is to be published."
        UnknownKey "unknown-key" Error
            "知らない項目は無視できません。書き間違いなら、書いた内容がページに出ないからです。"
            "An unknown key is not ignored: if it is a slip, what was written would be missing from the page."
        WrongType "wrong-type" Firm
            "値の形が違うと、その項目をページに出せません。"
            "A value of the wrong form cannot be shown."
        MissingField "missing-field" Firm
            "この項目がないと、市民が読むページが欠けたものになります。"
            "Without it the page a citizen reads is incomplete."
        BadDate "bad-date" Firm
            "日付が正しくないと、更新日や公表日を示せません。"
            "Without a real date the page cannot say when it was updated or published."
        BadFigure "bad-figure" Firm
            "数値は書かれたとおりに公表します。数として読めないものは比べられません。"
            "Figures are published as written; what is not a number cannot be compared."
        BadValue "bad-value" Firm
            "決められた値のどれでもないため、意味が定まりません。"
            "It is none of the values that have a meaning here."
        TextEncoding "text-encoding" Firm
            "UTF-8 でない文字は、文字化けして公表されるおそれがあります。"
            "Text that is not UTF-8 would be published as garbage."
        MergeConflict "merge-conflict" Firm
            "2つの版が混じったまま公表され、git の印も市民の目に触れます。"
            "Both versions would be published side by side, with the signs of git between them."
        TooLarge "too-large" Firm
            "大きすぎる、または深すぎる設定は、誤りか、いたずらです。"
            "Front matter that is too large or too deep is a mistake or mischief."
        Unreadable "unreadable" Firm
            "読めないファイルの内容は公表できません。"
            "What cannot be read cannot be published."
        OutsideFile "outside-file" Firm
            "サイトの外のファイルを読むと、公表するつもりのないものが公表されるおそれがあります。"
            "Were files outside the site read, something could be published that nobody meant to publish."
        MisplacedFile "misplaced-file" Error
            "決められた場所にない文書はどのページにもならず、書いた内容が公表から漏れます。"
            "A document outside the known places becomes no page, so what it says would be missing."
        BadName "bad-name" Error
            "この名前のファイルはどのページにもならず、書いた内容が公表から漏れます。"
            "A file of this name becomes no page, so what it says would be missing."
        LeftoverFile "leftover-file" Hint
            "写しには、公表日を決める前の文が残ります。置いたままにすると、どれが本物か分からなくなります。"
            "A copy keeps words of which nobody decided when they may be seen, and in time nobody knows which file is the real one."
        EmptyFile "empty-file" Error
            "中身のないファイルは、書いたはずの目標や実績が消えたものかもしれません。"
            "An empty file may be a goal or a result that got lost."
        LostText "lost-text" Warning
            "値の中の「 #」から後ろは、書いたつもりでもページに出ません。"
            "What follows ` #` in a value is missing from the page."
        DecomposedText "decomposed-text" Warning
            "文字と濁点が離れていると、検索で見つからず、書体によっては崩れて見えます。"
            "Letters apart from their marks are not found by searching, and look broken in some fonts."
        InvisibleCharacter "invisible-character" Warning
            "見えない文字があると、検索で見つからず、折り返しや読み上げが乱れます。"
            "Invisible characters break searching, line ends and reading aloud."
        BidiControl "bidi-control" Error
            "見えない文字で、金額やファイル名が違って見えたり、読み上げやデータだけに違う言葉が入ったりします。"
            "Characters that nobody sees can turn an amount or a file name around, or say something to programs alone."
    }
    Record {
        UnknownDepartment "unknown-department" Firm
            "部局が分からないと、だれの約束なのかを示せません。"
            "Without its department a goal is nobody's promise."
        DepartmentYears "department-years" Firm
            "その年度にない部局のページができてしまいます。"
            "The page would belong to a department that did not exist that year."
        DepartmentSuccessor "department-successor" Firm
            "引き継ぎ先が分からないと、市民は今の担当にたどり着けません。"
            "Without the successor a citizen cannot find who is responsible today."
        UnknownPillar "unknown-pillar" Firm
            "柱が分からないと、柱ごとのページと集計から漏れます。"
            "Without its pillar the goal is missing from the pillar's page and from the counts."
        UnknownSection "unknown-section" Warning
            "部局の台帳にない課等は、問い合わせ先を示せません。"
            "A section that is not in the department's ledger has no contact to show."
        UnknownLevel "unknown-level" Firm
            "尺度にない評価は、集計できず、市民にも意味が分かりません。"
            "A level outside the scale cannot be counted or understood."
        UnknownGoal "unknown-goal" Error
            "前の年度の目標が見つからないと、目標のあゆみが途切れます。"
            "If the earlier goal is not found, its history breaks off."
        ThreadOrder "thread-order" Error
            "目標のあゆみは、前の年度から次の年度へ進みます。"
            "A goal continues one of an earlier year."
        EndedGoal "ended-goal" Warning
            "終わったと書いた目標に続きがあると、終わったのか続いているのか、市民に分かりません。"
            "A goal that is said to have ended and goes on leaves readers in doubt which is true."
        UnknownIndicator "unknown-indicator" Firm
            "どの指標の実績値か分からないと、違う目標値と比べて公表することになります。"
            "A value of nobody knows which indicator would be held against the wrong target."
        OrphanResult "orphan-result" Firm
            "目標のない実績は、何に対する実績かを示せません。"
            "A result without a goal is the result of nothing."
        CountMismatch "count-mismatch" Firm
            "取組と実績の数が違うと、ずれた行の実績が公表されます。"
            "With different counts, results would stand beside the wrong actions."
        MissingResult "missing-result" Warning
            "実績がない目標は、結果を隠したように見えます。"
            "A goal without its result looks hidden."
        MissingReason "missing-reason" Error
            "理由のない未達や評価不能は、市民への説明になりません。"
            "A miss without a reason does not account to citizens."
        ActualWithoutTarget "actual-without-target" Warning
            "目標値のない実績値は、よしあしを判断できません。"
            "Without a target nobody can tell whether the figure is good."
        LateResults "late-results" Warning
            "予定の月を過ぎても実績がないと、結果を隠したように見えます。"
            "After the month that was announced, missing results look hidden."
        FutureDate "future-date" Warning
            "まだ来ていない日に更新や訂正をしたと書くと、記録を信じてもらえません。先すぎる公表日は、書き誤りかもしれません。"
            "A change that is dated tomorrow makes the record look false; a day of publication far ahead may be a slip."
        DistantDate "distant-date" Warning
            "前の年度の写しの日付が残っていると、その日まで待つはずの文書が、すぐに公表されます。"
            "With a date left over from an earlier year, a document that is to wait is published at once."
        AmbiguousName "ambiguous-name" Warning
            "同じ名前が2つあると、どちらの約束で、どちらに問い合わせるのか分かりません。"
            "With one name for two, nobody can tell whose promise it is or whom to ask."
        MissingSuccessor "missing-successor" Warning
            "なくなった部局の約束を、今どこが担っているのか、市民にはたどれません。"
            "Citizens cannot find who keeps the promises of a department that ended."
        DuplicateTitle "duplicate-title" Warning
            "同じ題名の目標が並ぶと、市民には区別がつきません。"
            "Goals under one title cannot be told apart."
        SharedOrigin "shared-origin" Hint
            "1つの目標が2つに続くと、目標のあゆみを読み違えることがあります。"
            "A history that branches is easily misread."
        SumMismatch "sum-mismatch" Error
            "合計と内訳が違うと、お金の使いみちを説明できません。"
            "Where a total and its parts differ, nobody can say where the money went."
        FigureMismatch "figure-mismatch" Warning
            "文と数値が違うと、どちらも信じてもらえません。"
            "Where words and figures differ, neither is believed."
        UnmetCriterion "unmet-criterion" Hint
            "約束より少ない実績には、わけが要ります。"
            "Doing less than promised needs a word of explanation."
        CopiedResult "copied-result" Warning
            "目標を写しただけの実績は、何をしたかを伝えません。"
            "A result copied from the goal does not say what was done."
        ImpossibleFigure "impossible-figure" Warning
            "ありえない数が1つあると、ほかの数も疑われます。"
            "One impossible figure casts doubt on all others."
        OverHundred "over-hundred" Hint
            "桁を1つ間違えた率は、確かめないまま公表されがちです。"
            "A rate with one digit too many is easily published unseen."
        MissingActual "missing-actual" Warning
            "目標値があるのに実績値がないと、届いたかどうかを市民が確かめられません。"
            "A target without its actual value cannot be checked by citizens."
        MissingEvaluation "missing-evaluation" Warning
            "評価の段階がある市で評価のない実績は、よかったのかどうかを市民に伝えません。"
            "Where a city has levels, a result without one does not say how it went."
        EvaluationMismatch "evaluation-mismatch" Warning
            "数値と逆の評価は、甘い採点か書き間違いに見えます。"
            "A level against the figures looks like leniency, or a slip."
        IncompleteCorrection "incomplete-correction" Warning
            "何を、なぜ直したかを示さない訂正は、黙って書き換えるのと変わりません。"
            "A correction that does not say what and why is little better than a silent change."
        ChangedFigure "changed-figure" Warning
            "公表した数を黙って書き換えると、記録のすべてが信じてもらえなくなります。"
            "A published figure that changes in silence costs the whole record its trust."
        VanishedGoal "vanished-goal" Warning
            "公表したページがなくなると、約束も、ほかから張られたリンクも失われます。"
            "When a published page disappears, so do the promise and every link to it."
        VanishedYear "vanished-year" Error
            "1つの年度の公表した目標がすべてなくなるのは、たいていフォルダーを動かした間違いです。"
            "When all published goals of a year disappear, a folder was most likely moved by mistake."
    }
    Page {
        BrokenLink "broken-link" Error
            "リンク先がないと、市民は行き止まりに着きます。"
            "The link leads nowhere."
        BrokenAnchor "broken-anchor" Error
            "リンク先の見出しがないと、ページの先頭に飛ばされます。"
            "The heading it points to does not exist."
        UnsafeLink "unsafe-link" Firm
            "http、https、mailto、tel とサイト内のリンクだけが使えます。"
            "Only http, https, mailto, tel and links inside the site are allowed."
        MissingAlt "missing-alt" Error
            "代わりの文がない画像は、見えない人に何も伝えません。"
            "An image without a text alternative tells nothing to those who cannot see it."
        UnshowableImage "unshowable-image" Error
            "ブラウザーが画像として見せられないものは、ページでは空の枠になります。"
            "What browsers do not show as a picture is an empty frame on the page."
        DuplicatePath "duplicate-path" Firm
            "同じ場所に2つのページはできません。大文字と小文字の違いだけでも、公開先で上書きされます。"
            "Two pages cannot have one address; a difference in letter case alone is lost on many servers."
        WeakAlt "weak-alt" Warning
            "「画像」やファイル名では、見えない人に何も伝わりません。"
            "`image` or a file name tells nothing to those who cannot see it."
        VagueLink "vague-link" Warning
            "読み上げの利用者は、リンクだけを続けて聞いて選びます。「こちら」では選べません。"
            "Users of screen readers hear links in a row and choose among them; `here` gives no choice."
        OtherHost "other-host" Error
            "市のページと思って開いた人を、よその、時には偽のサイトへ連れて行きます。"
            "Who follows it believes to be on one site and is on another, maybe a forged one."
        UrlAsText "url-as-text" Hint
            "住所（URL）は、読み上げると一字ずつの長い音になり、行き先が分かりません。"
            "An address read aloud is a long row of letters that does not say where it leads."
        SkippedHeading "skipped-heading" Hint
            "見出しの段が飛ぶと、間に何かが抜けたように聞こえます。"
            "A level left out sounds as if something were missing in between."
        HeaderlessTable "headerless-table" Warning
            "見出しのない表は、読み上げるとどの列の値か分かりません。"
            "Without headers a reader cannot tell to which column a value belongs."
        BrokenTable "broken-table" Warning
            "表にならなかった行は、1つの文のようにつながり、どの値が何の値か分かりません。"
            "Rows that make no table run together like a sentence, and nobody can tell what is the value of what."
        NotMarkdown "not-markdown" Warning
            "組み立てられない記号は、打ったままの形で市民の目に触れ、見出しも一覧もリンクもなくなります。"
            "Signs that are not understood are shown as they were typed, and there is no heading, list or link."
        ValueMarkup "value-markup" Warning
            "設定の値は Markdown ではありません。改行・箇条書き・ふりがなのほかの記号は、打ったままの形で市民の目に触れます。"
            "A value is no Markdown: signs beyond lines, simple lists and ruby are shown to citizens as they were typed."
        UnshownText "unshown-text" Warning
            "書いた文が、誤りと見なされないまま、ページのどこにも出ません。"
            "What was written is missing from every page without any error."
        ShownMemo "shown-memo" Firm
            "職員の間の覚え書きが、そのまま市民の目に触れます。"
            "A note between colleagues would be published as it stands."
        LostSign "lost-sign" Warning
            "書いた記号が消え、「10*12」が「1012」のような別の数になります。"
            "Signs vanish, and `10*12` becomes another figure, `1012`."
        RawHtml "raw-html" Warning
            "HTML は組み立てられず、記号がそのまま市民の目に触れます。"
            "HTML is not built; citizens see its signs."
        UnusedAttachment "unused-attachment" Warning
            "リンクされていない添付は、公表から漏れたか、消し忘れです。"
            "A file nobody links to was forgotten, in one way or the other."
        LargeAttachment "large-attachment" Hint
            "大きなファイルは、携帯電話では開くまでに時間も料金もかかります。"
            "A large file takes time and money on a telephone."
        HostFile "host-file" Firm
            "サーバーの設定の名前のファイルは、転送先や見せ方を、サイト全体で変えてしまいます。"
            "A file named like a server's settings changes where the whole site leads and how it is shown."
        UnknownAttachment "unknown-attachment" Firm
            "市の名前で配るファイルは、開いても何も動かないと分かっている種類に限ります。"
            "What a city hands out is of kinds that do nothing but be read."
        FalseEnding "false-ending" Firm
            "名前と中身の違うファイルは開けないか、文書のつもりで開いた人のところで別のものとして動きます。"
            "A file that is not what its name says does not open, or acts as something else."
        ActivePicture "active-picture" Firm
            "SVG の画像は、開くとプログラムとして動くことができ、市のサイトになりすませます。"
            "An SVG picture can act as a program where it is opened, and pretend to be the city's site."
        ActiveDocument "active-document" Error
            "開くと動く文書は、市の名前で配られると、疑われずに開かれます。"
            "A document that acts when it is opened is opened without a doubt where a city hands it out."
        PhotoPlace "photo-place" Error
            "写真に残る位置は、写した人の家や、守るべき場所を知らせます。"
            "The place noted in a photo tells where someone lives, or what should not be found."
        HiddenData "hidden-data" Hint
            "見えないところに残る名前や履歴も、公開したものとして読まれます。"
            "Names and changes that nobody sees are published and read as well."
        HugePicture "huge-picture" Firm
            "小さなファイルでも、開くと読む人の機械の記憶を使い切る画像があり、冊子も作れません。"
            "A picture of few bytes can unfold to all the memory of who opens it, and no booklet can be made with it."
        UnprintableCharacter "unprintable-character" Warning
            "書体にない文字は、画面や紙の上で空白や四角になります。"
            "A character that a font lacks becomes a blank or a box, on the screen and on paper."
        MissingGlyph "missing-glyph" Firm
            "書体にない文字は、紙では四角になり、読み上げでは抜け落ちます。"
            "A character that no font has is a box on paper and a gap when read aloud."
        BookletPicture "booklet-picture" Warning
            "ウェブページで見える図が、紙の冊子では見えません。"
            "Readers of the booklet do not see what readers of the page see."
    }
    Japanese {
        LookalikeCharacter "lookalike-character" Warning
            "形は同じでも別の文字なので、検索で見つからず、読み上げで飛ばされ、印刷で抜けることがあります。"
            "It has the look of a letter and is another: a search does not find it, a screen reader may skip it, a printer may leave it out."
        PlatformCharacter "platform-character" Hint
            "1字に詰めた記号は、機種や読み上げによって、違う読み方になったり飛ばされたりします。"
            "Several letters pressed into one are read differently, or skipped, depending on the machine."
        HalfWidthKana "half-width-kana" Warning
            "半角のかなは、検索で見つからず、データを使うときに化けることがあります。"
            "Half-width kana is not found by searching and may be garbled in data."
        MixedWidth "mixed-width" Hint
            "全角の数字や英字は、検索で見つからず、1字ずつ読み上げられることがあります。"
            "Full-width digits and letters are not found by searching, and may be read one by one."
        SpacedWord "spaced-word" Warning
            "字の間に空白があると、「日　時」は「ひ、とき」と読み上げられます。"
            "With blanks inside, a word is read aloud as single letters."
        DateNotation "date-notation" Hint
            "点や斜線の日付は、読み上げでは数の並びや分数に聞こえます。"
            "Dates with dots or slashes are read as numbers or fractions."
        PlainAmount "plain-amount" Hint
            "区切りのない金額は、桁を読み違えます。"
            "Amounts without separators are misread."
        AvoidedWord "avoided-word" Warning
            "市が使わないと決めた言葉は、人を傷つけたり、誤解を招いたりします。"
            "The city decided not to use words that hurt or mislead."
        LongSentence "long-sentence" Hint
            "長い文は、読み終わる前に始めを忘れます。"
            "A long sentence is forgotten before it ends."
        SpokenSign "spoken-sign" Hint
            "記号は、読み上げでは飛ばされるか、違う言葉になります。"
            "Signs are skipped or misread when a page is read aloud."
        ImpossibleDate "impossible-date" Warning
            "暦にない日や曜日の違いは、市民を違う日に来させます。"
            "A day that does not exist, or a wrong weekday, sends citizens on the wrong day."
        UnclosedBracket "unclosed-bracket" Hint
            "括弧が閉じていないと、どこまでが引用か分かりません。"
            "Without the other bracket nobody can tell where the quotation ends."
        DoubledCharacter "doubled-character" Hint
            "打ち間違いは、公表した文書の信頼を損ないます。"
            "Slips of the keyboard cost a public record its trust."
    }
    Site {
        BadException "bad-exception" Error
            "例外は、なぜ認めるのかが分からないと、後の人が確かめられません。"
            "An exception that does not say what is excused and why cannot be judged later."
        UnusedException "unused-exception" Warning
            "何も見逃していない例外は、後で本当の誤りを隠すおそれがあります。"
            "An exception that excuses nothing may hide a real mistake later."
        BadCode "bad-code" Error
            "団体コードは、オープンデータで市を見分ける番号です。"
            "The code identifies the city in open data."
        MissingFeature "missing-feature" Firm
            "同じ文書から、プログラムによって違うサイトが公表されてしまいます。"
            "Two programs would publish different sites of the same documents."
        Booklet "booklet" Firm
            "書体や画像がそろわない冊子は、欠けたまま配られてしまいます。"
            "A booklet without its fonts or images would be handed out with parts missing."
    }
    Theme {
        ThemeMissing "theme-missing" Firm
            "テーマがないとページを作れません。"
            "Without its theme no page can be made."
        ThemeContract "theme-contract" Firm
            "契約の版が違うテーマは、ページを欠けたまま作るおそれがあります。"
            "A theme made for another contract may leave parts of a page out."
        ThemeTemplate "theme-template" Firm
            "テンプレートに誤りがあると、ページを作れません。"
            "A faulty template cannot make a page."
        ThemeWords "theme-words" Firm
            "読めない語は画面から欠け、埋まらない記号はそのまま市民の目に触れます。"
            "A word that cannot be read is missing from the page, and signs that nothing fills are shown to citizens."
        UnknownWord "unknown-word" Warning
            "名前を間違えた語は使われず、画面には元の語が出ます。"
            "A word under a wrong name is not used; the page shows the original one."
        LostPlaceholder "lost-placeholder" Warning
            "どの年度のページも同じ名前だと、一覧でも、読み上げでも、検索でも区別がつきません。"
            "Pages that all have one name cannot be told apart in lists, read aloud, or found by searching."
        UnusedThemeFile "unused-theme-file" Warning
            "名前を間違えたファイルは読まれず、画面は元のテーマのままです。"
            "A file under a wrong name is not read; pages keep the look of the original theme."
        ThemeStyle "theme-style" Warning
            "ブラウザーは崩れた指定を黙って飛ばすので、色や形が元のままになります。"
            "Browsers pass over what they cannot read, so colours and forms stay as they were."
        UncompiledTemplate "uncompiled-template" Hint
            "確かめられない項目の名前が間違っていると、載るはずのものが、ページから黙って消えます。"
            "Where the name of a field cannot be checked and is wrong, what should be on the page is silently missing."
        LowContrast "low-contrast" Warning
            "明るさの差が小さい文字は、視力の弱い人や、明るい屋外では読めません（JIS X 8341-3 1.4.3）。"
            "Letters with little contrast cannot be read with weak eyes or in sunlight (WCAG 1.4.3)."
    }
}

impl Rule {
    /// The rule of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}
