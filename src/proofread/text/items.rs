//! How a line begins that is an item of a list, whatever people number it with.

/// Marks before items.
const BULLETS: &str = "・･•●○◎◯◆◇■□▪▫★☆※▶▷►➢➤✓-–—−－*＊+＋";

/// Whether a line begins as an item: ・, ①, (1), １　, ア　, 1., 第1.
pub(super) fn begins_item(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '\u{3000}']);
    let Some(first) = line.chars().next() else { return false };
    if BULLETS.contains(first) || is_pressed_number(first) {
        return true;
    }
    if let Some(inside) = line.strip_prefix(['(', '（', '〔', '[']) {
        let behind = inside.trim_start_matches(is_number);
        return behind.len() < inside.len() && behind.starts_with([')', '）', '〕', ']']);
    }
    let line = line.strip_prefix('第').unwrap_or(line);
    let behind = line.trim_start_matches(is_number);
    // One letter of an alphabet, or a number.
    let number = &line[..line.len() - behind.len()];
    let is_short = number.chars().count() == 1 || number.chars().all(char::is_numeric);
    let ends = [' ', '\u{3000}', '.', '．', '、', ')', '）', ':', '：', '\t'];
    !number.is_empty() && is_short && number.len() <= 12 && behind.starts_with(ends)
}

/// Numbers and letters that count items.
fn is_number(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | 'Ⅰ'..='ⅻ')
        || "一二三四五六七八九十甲乙丙丁".contains(c)
}

/// ① ⑴ ⒈ ❶ ㈠ ㋐ Ⅰ
fn is_pressed_number(c: char) -> bool {
    matches!(c, '\u{2160}'..='\u{217F}' | '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3220}'..='\u{3243}'
        | '\u{3251}'..='\u{325F}' | '\u{3280}'..='\u{32BF}' | '\u{32D0}'..='\u{32FE}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_told_from_sentences() {
        for item in [
            "・受付",
            "① 受付",
            "①受付",
            "(1) 受付",
            "（１）受付",
            "（ア）受付",
            "ア　国の資料",
            "ア 国の資料",
            "１　総務",
            "1. 受付",
            "1 受付",
            "第1　目的",
            "第２ 内容",
            "一　目的",
            "- 受付",
            "－受付",
            "※ 注",
            "　・受付",
            "a) 受付",
            "Ⅲ 受付",
            "㋐受付",
            "12) 受付",
        ] {
            assert!(begins_item(item), "{item}");
        }
        for text in [
            "受付をする",
            "ア国が",
            "1回目",
            "12件の受付",
            "(案)の公表",
            "市民と",
            "あいさつ 運動",
            "",
            "令和8年",
            "PDF 版",
        ] {
            assert!(!begins_item(text), "{text}");
        }
    }
}
