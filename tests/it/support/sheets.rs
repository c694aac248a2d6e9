//! A made-up city's programme sheets, written as people write them: lists in values, numbers of items with ideographic
//! blanks, full-width digits, signs of accounts, ranges, names with blanks, units in one character. The same for the same
//! seed.

use super::dice::Dice;
use std::collections::BTreeMap;

const DEPARTMENTS: [(&str, &str); 8] = [
    ("planning", "企画部"),
    ("general", "総務部"),
    ("citizens", "市民部"),
    ("welfare", "福祉部"),
    ("industry", "産業部"),
    ("city", "都市整備部"),
    ("water", "上下水道部"),
    ("schools", "教育部"),
];

const PROGRAMMES: [&str; 16] = [
    "地籍の調査",
    "予防接種",
    "道路の維持",
    "公園の管理",
    "市税の収納",
    "図書館の運営",
    "防災の訓練",
    "農地の保全",
    "ごみの減量",
    "健康診査",
    "生涯学習の講座",
    "水道管の更新",
    "子育ての相談",
    "商店街の支援",
    "文化財の保護",
    "職員の研修",
];

/// Names as sheets have them, with blanks that belong to them.
pub const NAMES: [&str; 6] =
    ["課長　小川　光 等", "林　恵", "森 一郎", "主査　東　京子", "室長：原　理", "委員長　田　中 ほか"];

/// Numbers of items, with blanks that belong to them.
pub const ITEMS: [&str; 12] = [
    "ア　国",
    "イ　県",
    "ウ 市",
    "１　総務",
    "２ 税務",
    "一　目的",
    "第１　概要",
    "(1)　受付",
    "（２）審査",
    "a) 通知",
    "甲　市長",
    "ⅰ　台帳",
];

const PHRASES: [&str; 24] = [
    "調査済みの面積 167.05ｋ㎡のうち16ｋ㎡を調べ直す",
    "敷地350㎡に貯水槽（20㎥）を置く",
    "燃料を1,200㍑、薬品を30㎏使った",
    "前年度比 △5％とする",
    "社会増減 ▲60人を見込む",
    "-3％から＋2%の間に収める",
    "受診率を90～95％にする",
    "出席率 90%以上95%未満を保つ",
    "国の補助は12000円、市の負担は3500000円",
    "説明会を2026/6/25に開く",
    "R8.4.1から受け付ける",
    "㈱青葉建設と協定を結ぶ",
    "№5の台帳に載せる",
    "ﾎｰﾑﾍﾟｰｼﾞで知らせる",
    "ﾊﾟﾝﾌﾚｯﾄを３００部、ポスターを50部配る",
    "ＩＣＴを使い、SNSでも知らせる",
    "４月から窓口を１つにまとめ、10件を試す",
    "電話は0566ｰ00ｰ0000",
    "受付は9:30から17：00まで",
    "第３次計画の２０ページ、別表第1を見る",
    "㍻30年度の値と比べる",
    "延べ１，２００人が参加した。。",
    "ガ\u{3099}イドを配る",
    "カﾞイドを\u{200B}置く",
];

/// Pieces that stand alone in a line of a body.
const LINES: [&str; 10] = [
    "日　時　令和8年6月25日　場　所　市役所３階",
    "お　知　ら　せ",
    "　ア　国が持つ資料を使う。\n　イ　海の安全を守る。",
    "主な業務は次のとおり\n①申請書の受付と記載の内容の確認及び補正の依頼\n②審査会の日程の調整と資料の作成及び委員への送付\n③審査の結果の通知と台帳への登載及び保存\n④相談への対応と関係する課との連絡及び調整",
    "(1) 受付と確認、(2) 審査と通知、(3) 台帳への登載及び保存",
    "国　県　市の役割を分ける",
    "※\u{A0}数値は３月末のもの",
    "１. 目的\n\n市民の声を聞く。",
    "計画①と計画②を合わせる",
    "対　象：市内の事業者　定　員：２０人",
];

/// What programme sheets say.
pub struct Sheets {
    dice: Dice,
}

impl Sheets {
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed) }
    }

    fn phrase(&mut self) -> String {
        (*self.dice.one_of(&PHRASES)).to_owned()
    }

    /// One that states nothing an indicator could contradict.
    fn deed(&mut self) -> String {
        loop {
            let text = self.phrase();
            if !text.contains(['%', '％', '人', '㎡']) {
                return text;
            }
        }
    }

    fn item(&mut self, index: usize) -> String {
        let text = self.deed();
        match self.dice.below(6) {
            0 => format!("・{text}"),
            1 => format!("{}{text}", char::from_u32(0x2460 + index as u32).unwrap_or('①')),
            2 => format!("({}) {text}", index + 1),
            3 => format!("- {text}"),
            4 => format!("{}の分　{text}", self.dice.one_of(&ITEMS)),
            _ => format!("{}：{text}", self.dice.one_of(&NAMES)),
        }
    }

    /// A text of several lines for a value, each line behind `indent`.
    fn lines(&mut self, indent: &str) -> String {
        let count = 2 + self.dice.below(4);
        let mut out = String::from("|\n");
        for index in 0..count {
            out += &format!("{indent}{}\n", self.item(index));
        }
        out
    }

    fn body(&mut self) -> String {
        let mut out = String::new();
        for index in 0..3 + self.dice.below(3) {
            out += &match self.dice.below(4) {
                0 => format!("{}。{}。\n\n", self.phrase(), self.phrase()),
                1 => format!("{}\n\n", self.dice.one_of(&LINES)),
                2 => format!(
                    "担当者: {}。{}の分は{}。\n\n",
                    self.dice.one_of(&NAMES),
                    self.dice.one_of(&ITEMS),
                    self.phrase()
                ),
                _ => format!("- {}\n- {}\n\n", self.item(index), self.item(index + 1)),
            };
        }
        out
    }

    /// A goal and its result.
    fn sheet(&mut self, number: usize) -> (String, String) {
        let programme = self.dice.one_of(&PROGRAMMES);
        let mut goal = format!("---\ntitle: {programme}を進める {number}\npillar: main\nactions:\n");
        let mut result = String::from("---\nactions:\n");
        for _ in 0..1 + self.dice.below(3) {
            // In two of three sheets of a real city an action has line breaks.
            let (text, said) = match self.dice.below(3) {
                0 => (format!("{}\n", self.phrase()), format!("{}\n", self.deed())),
                _ => (self.lines("      "), self.lines("      ")),
            };
            goal += &format!("  - text: {text}");
            result += &format!("  - result: {said}");
            let (indicator, actual) = match self.dice.below(5) {
                0 => (
                    "criterion: 前年度比 △5％\n    indicator: { name: 増減率, unit: \"%\", target: -5 }",
                    "actual: -5.2",
                ),
                1 => {
                    ("criterion: 受診率 90～95％\n    indicator: { name: 受診率, unit: ％, target: 92 }", "actual: 93")
                }
                2 => ("indicator: { name: 予防接種率, unit: ％, target: 98 }", "actual: 101.3"),
                3 => {
                    ("criterion: 調査の面積 16k㎡\n    indicator: { name: 面積, unit: k㎡, target: 16 }", "actual: 16")
                }
                _ => (
                    "criterion: 社会増減 ▲60人\n    indicator: { name: 社会増減, unit: 人, target: -60 }",
                    "actual: -98",
                ),
            };
            goal += &format!("    {indicator}\n");
            result += &format!("    {actual}\n");
        }
        let own = self.body();
        goal += &format!("---\n{own}");
        if self.dice.below(80) == 0 {
            goal += "[前の年度](ない.md)を見直す。\n";
        }
        result += &format!("---\n{}", self.body());
        (goal, result)
    }

    /// A site of so many sheets, each with its result.
    pub fn site(&mut self, count: usize) -> BTreeMap<String, Vec<u8>> {
        let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut add = |path: String, text: String| drop(all.insert(path, text.into_bytes()));
        add("site.yaml".into(), "title: 青葉市 事務事業評価\nbase_url: https://www.example.jp/goals/\norganization: { name: 青葉市 }\ncontact: { office: 企画課, telephone: 000-000-0000 }\n".into());
        add("content/index.md".into(), "事務事業の記録です。\n".into());
        add("content/pillars/main.md".into(), "---\nnumber: 1\nname: 行政\n---\n".into());
        for (key, name) in DEPARTMENTS {
            add(format!("content/departments/{key}.md"), format!("---\nname: {name}\n---\n"));
        }
        for number in 0..count {
            let (department, _) = DEPARTMENTS[number % DEPARTMENTS.len()];
            let (goal, result) = self.sheet(number);
            add(format!("content/2025/{department}/{number:03}.md"), goal);
            add(format!("content/2025/{department}/{number:03}.result.md"), result);
        }
        all
    }
}
