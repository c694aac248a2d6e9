//! Letters with blanks between them: which are one word spread over a line, and which are items or names.

/// Words that are spread to fill a column, and that cannot be two: no name is written like this, no letter of them numbers
/// items, and no two things of one letter are listed in this order.
const SPREAD: [&str; 106] = [
    "日時",
    "日程",
    "期日",
    "期間",
    "期限",
    "時間",
    "時刻",
    "場所",
    "会場",
    "会費",
    "対象",
    "定員",
    "内容",
    "方法",
    "目的",
    "目標",
    "概要",
    "要旨",
    "結果",
    "成果",
    "課題",
    "備考",
    "氏名",
    "住所",
    "電話",
    "名称",
    "区分",
    "種別",
    "種類",
    "項目",
    "金額",
    "合計",
    "小計",
    "総計",
    "単位",
    "単価",
    "数量",
    "費用",
    "経費",
    "予算",
    "決算",
    "財源",
    "主催",
    "共催",
    "後援",
    "協賛",
    "講師",
    "議題",
    "議案",
    "議事",
    "次第",
    "目次",
    "資料",
    "別紙",
    "別表",
    "別添",
    "参考",
    "様式",
    "提出",
    "提案",
    "回答",
    "質問",
    "実績",
    "評価",
    "理由",
    "効果",
    "現状",
    "指標",
    "基準",
    "担当",
    "部局",
    "所属",
    "職名",
    "役職",
    "番号",
    "年齢",
    "性別",
    "交通",
    "持参",
    "服装",
    "締切",
    "表紙",
    "要望",
    "報告",
    "協議",
    "審議",
    "開会",
    "閉会",
    "件名",
    "題名",
    "説明",
    "条例",
    "規則",
    "計画",
    "方針",
    "施策",
    "事業",
    "予定",
    "お知らせ",
    "ご案内",
    "お願い",
    "問合せ",
    "申込み",
    "連絡先",
    "持ち物",
    "参加費",
];

/// Letters that are often listed one by one, so that blanks between them are right.
const LISTS: [&str; 21] = [
    "月火水木金土日祝",
    "春夏秋冬",
    "東西南北中央",
    "大中小特",
    "上中下",
    "甲乙丙丁戊己庚辛壬癸",
    "有無可否",
    "正副",
    "男女計",
    "朝昼夕夜",
    "年月日",
    "優良可不",
    "国県市町村都道府区",
    "産官学民金労言",
    "幼保小中高大",
    "衣食住",
    "父母子",
    "一二三四五六七八九十",
    "赤青黄白黒緑",
    "新旧",
    "心技体",
];

/// Whether letters with blanks between them are certainly this one word.
pub(super) fn is_spread(word: &str) -> bool {
    SPREAD.contains(&word)
}

/// Whether these letters are listed one by one.
pub(super) fn is_enumeration(letters: &[char]) -> bool {
    LISTS.iter().any(|list| letters.iter().all(|letter| list.contains(*letter)))
}

/// Whether a letter alone may number an item: ア　国の資料, 一　目的, 甲　乙が.
pub(super) fn is_number(letter: char) -> bool {
    matches!(letter, '\u{3041}'..='\u{30FF}') || "一二三四五六七八九十甲乙丙丁第".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_list_is_a_list_itself() {
        for word in SPREAD {
            let letters: Vec<char> = word.chars().collect();
            assert!(letters.len() > 1 && !is_enumeration(&letters), "{word}");
        }
    }
}
