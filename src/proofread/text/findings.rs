//! What is said of characters, words and sentences.

use crate::diagnostic::{Diagnostic, Rule};
use crate::text::place::Place;

/// Letters and their marks as two characters each, as macOS writes file names.
pub fn decomposed_text(place: Place, composed: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DecomposedText,
        place,
        "濁点や半濁点が、文字から離れています（NFD）。",
        "letters and their marks are separate characters here (NFD)",
    )
    .help(
        "macOS のファイル名などから写した文字です。打ち直すと、1つの文字になります。",
        "text copied from file names on macOS looks like this; type it again",
    )
    .fix(place, composed)
}

/// A character that nobody sees.
pub fn invisible_character(place: Place, c: char, instead: &str, is_safe: bool) -> Diagnostic {
    let code = format!("U+{:04X}", c as u32);
    let finding = Diagnostic::new(
        Rule::InvisibleCharacter,
        place,
        format!("目に見えない文字（{code}）があります。"),
        format!("there is an invisible character ({code})"),
    );
    let finding = match (instead, c) {
        (_, '\u{B}' | '\u{C}' | '\u{2028}' | '\u{2029}') => finding.help(
            "ほかのソフトの改行です。改行に直すか、消します。",
            "a line break of another program: begin a new line, or remove it",
        ),
        ("", _) => finding.help("消します。", "remove it"),
        _ => finding.help("ふつうの空白に直します。", "replace it by an ordinary space"),
    };
    if is_safe { finding.fix(place, instead) } else { finding.guess(place, instead) }
}

/// A character that replaced one that could not be read.
pub fn garbled_character(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        "「\u{fffd}」は、読めなかった文字の跡です。",
        "`\u{fffd}` stands where a character could not be read",
    )
    .help("元の文書を見て、その文字を打ち直します。", "look at the original and type the character again")
}

/// A character that only one machine knows.
pub fn private_character(place: Place, c: char) -> Diagnostic {
    let code = format!("U+{:04X}", c as u32);
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        format!("外字（{code}）は、ほかの計算機では見えません。"),
        format!("{code} is a private character that other machines do not have"),
    )
    .help("常用の字か、かなで書きます。", "write it with common characters or in kana")
}

/// Pictures among letters.
pub fn emoji(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        format!("絵文字「{text}」は、書体によっては四角になり、読み上げると長い名前になります。"),
        format!("the emoji `{text}` is a box in some fonts, and is read aloud as a long name"),
    )
    .help("言葉で書くか、消します。", "say it in words, or remove it")
}

/// Letters that only look like others.
pub fn lookalike_character(place: Place, text: &str, meant: &str, is_same: bool) -> Diagnostic {
    let codes: Vec<String> = text.chars().take(3).map(|c| format!("U+{:04X}", c as u32)).collect();
    let more = if text.chars().nth(3).is_some() { "…" } else { "" };
    let codes = format!("{}{more}", codes.join(" "));
    let finding = Diagnostic::new(
        Rule::LookalikeCharacter,
        place,
        format!("「{text}」（{codes}）は、「{meant}」に見える別の文字です。"),
        format!("`{text}` ({codes}) looks like `{meant}` and is not"),
    )
    .help(
        format!("「{meant}」と書きます。PDF から写した文に、よくあります。"),
        format!("write `{meant}`; texts copied from a PDF often have this"),
    );
    if is_same { finding.fix(place, meant) } else { finding.guess(place, meant) }
}

/// The same in the name of a file.
pub fn lookalike_in_name(place: Place, text: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::LookalikeCharacter,
        place,
        format!("ファイルかフォルダーの名前の「{text}」は、「{meant}」に見える別の文字です。"),
        format!("`{text}` in the name of this file or its folder looks like `{meant}` and is not"),
    )
    .help(
        format!("名前の字を「{meant}」に打ち直し、そのファイルへのリンクも直します。"),
        format!("type `{meant}` in the name, and in the links to it"),
    )
}

/// Another form of a letter, as names have it.
pub fn other_form(place: Place, c: char, letter: char) -> Diagnostic {
    Diagnostic::new(
        Rule::PlatformCharacter,
        place,
        format!("「{c}」（U+{:04X}）は、「{letter}」の別の形で、機種によって見え方が違います。", c as u32),
        format!("`{c}` (U+{:04X}) is another form of `{letter}`; machines show it differently", c as u32),
    )
    .help(
        format!(
            "ふつうの文なら「{letter}」と書きます。名前の字なら、checks の japanese の names（固有名詞）に書きます。"
        ),
        format!("write `{letter}` in ordinary texts; list the name in `checks`, `japanese`, `names` if it is one"),
    )
    .guess(place, letter.to_string())
}

/// A character in place of several.
pub fn platform_character(place: Place, c: char, instead: &str, is_certain: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::PlatformCharacter,
        place,
        format!("「{c}」は、機種に依存する文字です。"),
        format!("`{c}` depends on the machine"),
    )
    .help(format!("「{instead}」と書きます。"), format!("write `{instead}`"));
    if is_certain { finding.fix(place, instead) } else { finding.guess(place, instead) }
}

/// A unit of area or room behind a letter, with the words for both where they are known, and whether they are certain.
pub fn prefixed_unit(place: Place, text: &str, words: Option<(&str, bool)>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::PlatformCharacter,
        place,
        format!("「{text}」に、機種に依存する文字があります。"),
        format!("`{text}` has a character that depends on the machine"),
    );
    match words {
        None => finding.help("単位を言葉で書きます。", "write the unit in words"),
        Some((words, is_certain)) => {
            let finding = finding.help(format!("「{words}」と書きます。"), format!("write `{words}`"));
            if is_certain { finding.fix(place, words) } else { finding.guess(place, words) }
        }
    }
}

/// ｶﾅ
pub fn half_width_kana(place: Place, text: &str, full: &str, is_safe: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::HalfWidthKana,
        place,
        format!("「{text}」は半角のかなです。"),
        format!("`{text}` is half-width kana"),
    )
    .help(format!("「{full}」と書きます。"), format!("write `{full}`"));
    if is_safe { finding.fix(place, full) } else { finding.guess(place, full) }
}

/// ２０ where the rest of the file says 20.
pub fn mixed_width(place: Place, text: &str, narrow: &str, is_safe: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::MixedWidth,
        place,
        format!("全角の「{text}」が、半角と混じっています。"),
        format!("`{text}` is full-width, other digits or letters of this file are not"),
    )
    .help(format!("半角で「{narrow}」と書きます。"), format!("write `{narrow}`"));
    if is_safe { finding.fix(place, narrow) } else { finding.guess(place, narrow) }
}

/// 日　時
pub fn spaced_word(place: Place, word: &str, is_certain: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::SpacedWord,
        place,
        format!("「{word}」の字の間に空白があります。"),
        format!("there are blanks inside the word `{word}`"),
    );
    match is_certain {
        true => finding
            .help(format!("空白を消して「{word}」と書きます。"), format!("write `{word}` without blanks"))
            .fix(place, word),
        false => finding
            .help(
                format!("1つの言葉なら、空白を消して「{word}」と書きます。並べた言葉なら「、」で分けます。"),
                format!(
                    "if it is one word, write `{word}` without blanks; if it is a list, write 、 between its words"
                ),
            )
            .guess(place, word),
    }
}

/// 2026/6/25
pub fn date_notation(place: Place, text: &str, written: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DateNotation,
        place,
        format!("日付「{text}」は、読み上げると日付に聞こえません。"),
        format!("`{text}` does not sound like a date"),
    )
    .help(format!("「{written}」と書きます。"), format!("write `{written}`"))
    .fix(place, written)
}

/// 12000円
pub fn plain_amount(place: Place, text: &str, written: &str, is_safe: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::PlainAmount,
        place,
        format!("金額「{text}」に、3桁ごとの区切りがありません。"),
        format!("the amount `{text}` has no separators"),
    )
    .help(format!("「{written}」と書きます。"), format!("write `{written}`"));
    if is_safe { finding.fix(place, written) } else { finding.guess(place, written) }
}

/// A word of the city's list.
pub fn avoided_word(place: Place, word: &str, instead: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::AvoidedWord,
        place,
        format!("「{word}」は、使わないと決めた言葉です。"),
        format!("this site does not use the word `{word}`"),
    );
    match instead {
        "" => finding.help("ほかの言葉に言い換えます。", "say it in other words"),
        _ => finding.help(format!("「{instead}」と書きます。"), format!("write `{instead}`")).guess(place, instead),
    }
}

/// A sentence nobody can hold in mind.
pub fn long_sentence(place: Place, length: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::LongSentence,
        place,
        format!("ここから始まる文が長すぎます（{length}字。{most}字まで）。"),
        format!("the sentence that starts here is too long ({length} characters; at most {most})"),
    )
    .help(
        "「。」で分けます。1つの文で言うことを1つにし、並べるものは箇条書きにします。",
        "split it: one thought in each sentence, and lists as lists",
    )
}

/// ～
pub fn range_sign(place: Place, sign: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{sign}」は、読み上げでは聞こえないことがあります。"),
        format!("`{sign}` may not be heard when read aloud"),
    )
    .help("「から」と書きます（例 4月から6月まで）。", "write から, as in 4月から6月まで")
}

/// ○ alone.
pub fn spoken_shape(place: Place, shape: char) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{shape}」だけでは、読み上げたときに意味が伝わりません。"),
        format!("`{shape}` alone has no meaning when read aloud"),
    )
    .help("意味を言葉で書きます（例 あり、実施した、対象外）。", "say what it means in words")
}

/// 1/2
pub fn spoken_fraction(place: Place, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{first}/{second}」は、分数にも日付にも聞こえます。"),
        format!("`{first}/{second}` may be a fraction or a date"),
    )
    .help(
        format!("「{second}分の{first}」「{first}月{second}日」のように、意味の分かる形で書きます。"),
        "write it in the form that is meant: a fraction, or a date with month and day",
    )
}

/// A day the calendar does not have.
pub fn impossible_date(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("「{text}」は、暦にない日です。"),
        format!("`{text}` is not a day of the calendar"),
    )
    .help("月と日を確かめてください。", "check the month and the day")
}

/// A weekday that is not the date's.
pub fn wrong_weekday(place: Place, date: &str, named: char, right: char) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("{date}は{right}曜日です。「{named}」ではありません。"),
        format!("{date} is a {right} day, not {named}"),
    )
    .help("日付と曜日のどちらが正しいかを確かめてください。", "check which of the two is right")
}

/// An era year and a western year that are not the same.
pub fn two_calendars(place: Place, first: &str, second: &str, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("{first}と{second}{unit}は、同じ年ではありません。"),
        format!("{first} and {second}{unit} are not the same year"),
    )
    .help("元号の年と西暦の年のどちらが正しいかを確かめてください。", "check which of the two is right")
}

/// A bracket that is never closed.
pub fn unclosed_bracket(place: Place, open: char, close: char) -> Diagnostic {
    Diagnostic::new(
        Rule::UnclosedBracket,
        place,
        format!("「{open}」が、この段落の中で閉じていません。"),
        format!("`{open}` is not closed in this paragraph"),
    )
    .help(format!("閉じる「{close}」を足すか、消します。"), format!("add `{close}`, or remove it"))
}

/// A bracket that was never opened.
pub fn unopened_bracket(place: Place, close: char) -> Diagnostic {
    Diagnostic::new(
        Rule::UnclosedBracket,
        place,
        format!("「{close}」に対する始めの括弧がありません。"),
        format!("`{close}` closes nothing"),
    )
    .help("始めの括弧を足すか、消します。", "add the opening bracket, or remove it")
}

/// The same character twice by a slip of the keyboard.
pub fn doubled_character(place: Place, mark: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DoubledCharacter,
        place,
        format!("「{mark}」が続いています。"),
        format!("`{mark}` is there twice"),
    )
    .help("1つにします。", "remove one of them")
    .fix(place, mark)
}
