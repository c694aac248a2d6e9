//! The fields of documents.

use super::{
    Choice, Day, Decimal, Field, FigureOr, Flag, Form, Key, Many, Map, Names, NamesOrMaps, Needed, Nested, OneOrMany,
    Range, Said, Shown, Text, Texts, Word, Words, YearRange, map,
};
use crate::value::choice::{Direction, Unmeasured, Untargeted};

/// Every kind of document.
pub const DOCUMENTS: &[&Map] =
    &[&goal::MAP, &result::MAP, &progress::MAP, &department::MAP, &pillar::MAP, &page::MAP, &foreword::MAP];

map! {
    /// What every document has: when it was changed, and whether it is real.
    mod updated = "updated", "公表の項目", "publication";
    home "公表の項目です。文書の設定の、いちばん外に書きます。", "it belongs to the settings of a document as a whole";
    UPDATED: Day = Day, "updated" / "更新日", Never,
        "ページに示す更新日。時計からは決めない", "date of the last change, shown on the page";
    SAMPLE: Flag = Flag, "sample" / "見本", Never,
        "「見本」と示す", "marked as a sample";
}

map! {
    /// When a document may be seen.
    mod public = "public", "公表の項目", "publication";
    home "公表の項目です。文書の設定の、いちばん外に書きます。", "it belongs to the settings of a document as a whole";
    PUBLISH_AT: Day = Day, "publish_at" / "公表日", Filled,
        "この日より前のサイトには、どこにも出ない", "in no page, list or count before this day";
    DRAFT: Flag = Flag, "draft" / "下書き", Filled,
        "どの日のサイトにも出ない（`--drafts` を除く）", "in no output except with `--drafts`";
}

map! {
    /// What is excused in a document.
    mod excused = "excused", "例外", "exceptions";
    home "文書の設定の、いちばん外に書きます。", "it belongs to the settings of a document as a whole";
    EXCEPTIONS: Many = Many(&[&exception::MAP]), "exceptions" / "例外", Never,
        "この文書で見逃す指摘と、その理由", "what is excused in this document, and why";
}

map! {
    /// An exception.
    mod exception = "exception", "例外", "exception";
    home "例外の項目です。exceptions（例外）の「- 」の下に書きます。", "it belongs into an exception, below `- ` under `exceptions`";
    RULE: Word = Word(Names::Rule), "rule" / "規則", Always,
        "見逃す規則か、規則の組", "the rule or group that is excused";
    TEXT: Word = Word(Names::Text), "text" / "文字", Never,
        "この文字のところだけを見逃す", "only findings in or under this text";
    REASON: Word = Word(Names::Reason), "reason" / "理由", Always,
        "なぜ見逃すか", "why";
}

map! {
    /// A goal.
    mod goal = "goal", "目標", "goal"; parts updated::MAP, public::MAP, excused::MAP;
    home "目標の項目です。目標のファイルに書きます。", "it belongs into the goal's own file";
    TITLE: Text = Text::read(Form::Line), "title" / "組織目標", Always,
        "目標", "the goal";
    PILLAR: Word = Word(Names::Pillar), "pillar" / "柱", Always,
        "どの柱の目標か", "key, number or name of its pillar";
    ACTIONS: Many = Many(&[&action::MAP]), "actions" / "取組", Never,
        "取組。空でもよい（本文だけの目標）", "rows; may be empty for a goal in prose";
    INDICATOR: OneOrMany = OneOrMany(&indicator::MAP), "indicator" | "indicators" / "指標", Never,
        "目標全体を数値で測る基準", "what the goal as a whole is measured by";
    CONTINUES: Words = Words(Names::Goal), "continues" / "継続元", Never,
        "前の年度の、もとの目標。いくつかが1つになったときは、リストで書く",
        "the goal of an earlier year that it continues; several as a list, where they became one";
    ENDED: Text = Text::read(Form::Lines), "ended" / "終了理由", Never,
        "この年度で終わる目標の、終わる理由", "why it is the last of its history";
    ORDER: Range = Range(0, 100_000), "order" / "順番", Never,
        "柱の中での順番。書かなければファイル名の順", "position within its pillar";
}

map! {
    /// One row of a goal.
    mod action = "action", "取組", "action";
    home "取組の項目です。actions（取組）の「- 」の下に書きます。", "it belongs into an action, below `- ` under `actions`";
    TEXT: Text = Text::read(Form::Lines), "text" / "取組内容", Always,
        "何をするか", "what is done";
    SECTIONS: Texts = Texts(Names::Section), "sections" / "課等", Never,
        "担当。1つ目が中心", "sections, lead first";
    CRITERION: Text = Text::read(Form::Lines), "criterion" / "目標達成基準", Never,
        "どうなれば達成か", "when it is achieved";
    INDICATOR: OneOrMany = OneOrMany(&indicator::MAP), "indicator" | "indicators" / "指標", Never,
        "数値で測る基準", "a measured criterion";
}

map! {
    /// What is measured.
    mod indicator = "indicator", "指標", "indicator";
    home "指標の項目です。indicator（指標）の中に書きます（例 indicator: { unit: 回, target: 3 }）。",
        "it belongs into the indicator: indicator: { unit: times, target: 3 }";
    NAME: Text = Text::read(Form::Line), "name" / "名称", Never,
        "何を測るか。指標がいくつもあるときは必要", "what is measured; needed where there are several";
    KEY: Word = Word(Names::Key), "key" / "記号", Never,
        "年度を越えて変わらない名前。書かなければ `name`", "a name that stays from year to year; `name` if absent";
    KIND: Word = Word(Names::IndicatorKind), "kind" / "種別", Never,
        "活動指標、成果指標など。`site.yaml` の `indicator_kinds` のどれか", "one of `indicator_kinds` of `site.yaml`";
    UNIT: Text = Text::read(Form::Name), "unit" / "単位", Never,
        "単位（`\"%\"` は引用符で囲む）", "unit";
    DIRECTION: Choice<Direction> = Choice(Direction::CHOICES), "direction" / "方向", Never,
        "どちらがよいか。書かなければ `up`", "which way is better";
    BASELINE: Decimal = Decimal, "baseline" / "基準値", Never,
        "もとの値", "where it started";
    TARGET: FigureOr<Untargeted> = FigureOr { words: Untargeted::CHOICES, map: Some(&indicator_range::MAP) },
        "target" / "目標値", Never,
        "約束した値。決まっていなければ `undecided`、推移を見るだけの指標は `none`",
        "what was promised; `undecided`, or `none` where a figure is only watched";
    REVISED_TARGET: FigureOr<Untargeted> = FigureOr { words: Untargeted::CHOICES, map: Some(&indicator_range::MAP) },
        "revised_target" / "修正目標値", Never,
        "年度の途中で改めた値。達成はこちらで判断する", "a target set later; it is the one that counts";
}

map! {
    /// A target that is a range.
    mod indicator_range = "range", "目標値の範囲", "range of a target";
    home "目標値の範囲の項目です。target（目標値）の中に書きます（例 target: { from: 90, to: 95 }）。",
        "it belongs into a target that is a range: target: { from: 90, to: 95 }";
    FROM: Decimal = Decimal, "from" / "下限", Always,
        "この値から", "from this value";
    TO: Decimal = Decimal, "to" / "上限", Always,
        "この値まで", "to this value";
}

map! {
    /// What became of a goal, by the end of its year or during it.
    mod outcome = "outcome", "実績と途中経過", "result and progress";
    home "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
        "it belongs into the result: the file of the same name that ends in .result.md";
    EVALUATION: Word = Word(Names::Level), "evaluation" / "評価", Never,
        "目標全体の評価", "level of the whole goal";
    ACTIONS: Many = Many(&[&action_result::MAP]), "actions" / "取組", Never,
        "目標の取組と同じ順に、同じ数", "one for each action, in the same order";
    INDICATOR: OneOrMany = OneOrMany(&measured::MAP), "indicator" | "indicators" / "指標", Never,
        "目標全体の指標の実績", "the values of the goal's own indicators";
    REASON: Text = Text::read(Form::Lines), "reason" / "理由", Never,
        "届かなかった、または評価できない理由", "why a target was missed or cannot be assessed";
    CORRECTIONS: Many = Many(&[&correction::MAP]), "corrections" / "訂正", Never,
        "公表した後の訂正", "corrections after publication";
}

map! {
    /// The result of a goal.
    mod result = "result", "実績", "result"; parts outcome::MAP, updated::MAP, public::MAP, excused::MAP;
    home "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
        "it belongs into the result: the file of the same name that ends in .result.md";
}

map! {
    /// A report during the year.
    mod progress = "progress", "途中経過", "progress report"; parts outcome::MAP, updated::MAP, public::MAP, excused::MAP;
    home "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
        "it belongs into the result: the file of the same name that ends in .result.md";
}

map! {
    /// What became of one row.
    mod action_result = "action_result", "取組の実績", "result of an action";
    home "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
        "it belongs into the result: the file of the same name that ends in .result.md";
    RESULT: Text = Text::read(Form::Lines), "result" / "実績・成果", Never,
        "何をして、どうなったか", "what was done";
    ACTUAL: FigureOr<Unmeasured> = FigureOr { words: Unmeasured::CHOICES, map: None }, "actual" / "実績値", Never,
        "1つだけの指標の実績。まだ出ていなければ `pending`、測らなかったのなら `not-measured`",
        "the measured value of the only indicator; `pending` where it will come, `not-measured` where it will not";
    EXPECTED: Day = Day, "expected" / "公表見込み", Never,
        "`pending` の値を公表する見込みの日", "when a `pending` value is expected";
    NOTE: Text = Text::read(Form::Lines), "note" / "注記", Never,
        "値についての説明。測らなかったわけ", "what is to be said about the value; why it was not measured";
    INDICATOR: OneOrMany = OneOrMany(&measured::MAP), "indicator" | "indicators" / "指標", Never,
        "いくつもある指標の実績", "the values of several indicators";
    EVALUATION: Word = Word(Names::Level), "evaluation" / "評価", Never,
        "取組ごとの評価", "level of this row";
}

map! {
    /// The value of an indicator.
    mod measured = "measured", "指標の実績", "value of an indicator";
    home "指標の実績の項目です。実績の indicators（指標）の「- 」の下に書きます。",
        "it belongs into a result, below `- ` under `indicators`";
    NAME: Word = Word(Names::Indicator), "name" | "key" / "名称", Never,
        "どの指標か。指標がいくつもあるときは必要", "which indicator; needed where there are several";
    ACTUAL: FigureOr<Unmeasured> = FigureOr { words: Unmeasured::CHOICES, map: None }, "actual" / "実績値", Never,
        "測った値。まだ出ていなければ `pending`、測らなかったのなら `not-measured`",
        "the measured value; `pending` where it will come, `not-measured` where it will not";
    EXPECTED: Day = Day, "expected" / "公表見込み", Never,
        "`pending` の値を公表する見込みの日", "when a `pending` value is expected";
    NOTE: Text = Text::read(Form::Lines), "note" / "注記", Never,
        "値についての説明。測らなかったわけ", "what is to be said about the value; why it was not measured";
}

map! {
    /// A correction after publication.
    mod correction = "correction", "訂正", "correction";
    home "訂正の項目です。実績の corrections（訂正）の「- 」の下に書きます。",
        "it belongs into a correction, below `- ` under `corrections` of a result";
    DATE: Day = Day, "date" / "日付", Always,
        "訂正した日", "when";
    ITEM: Text = Text::read(Form::Lines), "item" / "項目", Never,
        "どの項目か", "which item";
    WAS: Text = Text::shown(Form::Lines), "was" / "訂正前", Never,
        "公表していたもの", "what was published";
    NOW: Text = Text::shown(Form::Lines), "now" / "訂正後", Never,
        "正しいもの", "what is right";
    WHY: Text = Text::read(Form::Lines), "why" / "理由", Never,
        "訂正した理由", "why";
}

map! {
    /// A department.
    mod department = "department", "部局", "department"; parts updated::MAP, excused::MAP;
    home "部局の項目です。content/departments/ のファイルに書きます。", "it belongs into a file of content/departments/";
    NAME: Text = Text::read(Form::Name), "name" / "名称", Always,
        "部局の名前", "name";
    READING: Text = Text::shown(Form::Name), "reading" / "読み", Never,
        "読み（かな）", "reading";
    ORDER: Range = Range(0, 100_000), "order" / "順番", Never,
        "一覧での順番。書かなければ最後（1000）", "position in lists";
    YEARS: YearRange = YearRange, "years" / "年度", Never,
        "あった年度。`[2016]` は2016年度から今まで。書かなければいつも", "when it existed";
    BECOMES: Words = Words(Names::Department), "becomes" / "引き継ぎ先", Never,
        "名称の変更、統合、分割の先", "who took over";
    SECTIONS: NamesOrMaps = NamesOrMaps(&section::MAP), "sections" / "課等", Never,
        "課の名前。連絡先のある課は `{ name: 企画政策課, telephone: … }`（リストで書く）",
        "sections; with their own contact as a map";
    CONTACT: Nested = Nested(&contact::MAP), "contact" / "問い合わせ先", Never,
        "部局の連絡先", "whom to ask";
}

map! {
    /// A section that has a contact of its own.
    mod section = "section", "課", "section"; parts contact::MAP;
    home "課の項目です。部局の sections（課等）の「- 」の下に書きます。",
        "it belongs into a section, below `- ` under `sections` of a department";
    NAME: Text = Text::read(Form::Name), "name" / "名称", Always,
        "課の名前", "name";
}

map! {
    /// Whom to ask: of the site, a department or a section.
    mod contact = "contact", "連絡先", "contact";
    home "連絡先の項目です。contact（問い合わせ先）の中に書きます。", "it belongs into the contact";
    OFFICE: Text = Text::read(Form::Name), "office" / "担当", Never,
        "担当の名前。部局と課では、書かなければその名前", "the office";
    POSTAL_CODE: Shown = Shown(Names::PostalCode), "postal_code" / "郵便番号", Never,
        "`448-8501`。「〒」はページが付ける", "postal code; the page adds the mark";
    ADDRESS: Text = Text::read(Form::Lines), "address" / "住所", Never,
        "住所", "postal address";
    TELEPHONE: Shown = Shown(Names::Telephone), "telephone" / "電話", Never,
        "先頭の番号が電話のリンクになる。`0566-95-0003` でも `0566（95）0003` でもよい。内線などは後に書ける",
        "the first number becomes the telephone link, with hyphens or brackets; notes may follow";
    FAX: Shown = Shown(Names::Telephone), "fax" / "ファクス", Never,
        "ファクス", "fax";
    EMAIL: Shown = Shown(Names::Mail), "email" / "メール", Never,
        "メールアドレス", "mail address";
    FORM_URL: Word = Word(Names::Address), "form_url" / "問い合わせフォーム", Never,
        "`https://` からの住所", "inquiry form";
}

map! {
    /// A pillar.
    mod pillar = "pillar", "柱", "pillar"; parts updated::MAP, excused::MAP;
    home "柱の項目です。content/pillars/ のファイルに書きます。", "it belongs into a file of content/pillars/";
    NAME: Text = Text::read(Form::Name), "name" / "名称", Always,
        "正式な名前", "official name";
    NUMBER: Range = Range(0, 998), "number" / "番号", Never,
        "番号。書かなければ番号なし。上位のある柱は、上位の番号に続けて示す（`1-2`）", "number; none if absent; below another pillar it is shown behind that one's";
    UNDER: Word = Word(Names::PillarFile), "under" / "上位", Never,
        "すぐ上の階層の柱。書かなければ一番上", "the pillar right above it; at the top if absent";
    SHORT: Text = Text::read(Form::Name), "short" / "略称", Never,
        "狭いところでの呼び名", "a word for narrow places";
    YEARS: YearRange = YearRange, "years" / "年度", Never,
        "使う年度。書かなければいつも", "when it holds";
}

map! {
    /// What pages of prose have, beside their title.
    mod prose = "prose", "文章のページ", "pages of prose";
    home "文章のページの項目です。", "it belongs to pages of prose";
    DESCRIPTION: Text = Text::read(Form::Summary), "description" / "説明", Never,
        "検索サイトのための1文（pages で働く）", "a sentence for search engines (in pages)";
    PAGE_ID: Text = Text::shown(Form::Name), "page_id" / "ページID", Never,
        "市のページ番号。書かなければ住所から作る（pages で働く）", "the city's own page number (in pages)";
    MENU: Flag = Flag, "menu" / "案内に出す", Never,
        "上の案内に出す。出さなければ下の案内に出る（pages で働く）", "link in the header instead of the footer (in pages)";
    ORDER: Range = Range(0, 100_000), "order" / "順番", Never,
        "案内での順番。書かなければ最後（1000）（pages で働く）", "position (in pages)";
    HEAD: Text = Text::read(Form::Name), "head" / "部局長", Never,
        "だれの言葉か（例 企画財政部長）（部局の `index.md` で働く）", "role of the head who speaks (in a department's `index.md`)";
}

map! {
    /// A page of `content/pages/`.
    mod page = "page", "文章のページ", "page"; parts prose::MAP, updated::MAP, public::MAP, excused::MAP;
    home "文章のページの項目です。content/pages/ のファイルに書きます。", "it belongs into a file of content/pages/";
    TITLE: Text = Text::read(Form::Name), "title" / "題名", Always,
        "題名", "title";
}

map! {
    /// An `index.md`: the home page's introduction, the foreword of a year or of a department.
    mod foreword = "foreword", "はじめの言葉", "foreword"; parts prose::MAP, updated::MAP, public::MAP, excused::MAP;
    home "文章のページの項目です。content/pages/ のファイルに書きます。", "it belongs into a file of content/pages/";
    TITLE: Text = Text::read(Form::Name), "title" / "題名", Never,
        "働かない", "has no effect";
}
