//! Characters that stand for others: letters that only look like the ones they are not, and numbers in one sign.
//!
//! Knows Unicode's own relations between characters and what they leave out; knows no fonts and no rules.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// What a character is meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The ordinary writing.
    pub text: Cow<'static, str>,
    /// Whether it looks the same everywhere and says the same, so that nothing is lost by writing it.
    pub is_same: bool,
}

/// Parts of kanji that have characters of their own, each followed by the letter that has the same form. Unicode's
/// compatibility mappings leave them out; the pairs are its Equivalent_Unified_Ideograph, as far as Japanese fonts
/// (Adobe-Japan1-7) have one glyph for both: that glyph is what a PDF hands out as the wrong one of the two.
const SAME_PARTS: &str = "⺃乚⺅亻⺇𠘨⺉刂⺋㔾⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺖忄⺘扌⺙攵⺛旡⺞歺⺠民⺡氵⺣灬⺦丬⺨犭⺪𤴔⺭礻⺮𥫗⺱罓⺲罒⺹耂⺽𦥑⺾艹⻁虎⻂衤\
    ⻃覀⻄西⻊𧾷⻍辶⻑長⻒镸⻖阝⻘青⻞𩙿⻟飠⻤鬼⻨麦⻩黄⻫斉⻭歯⻯竜⻲亀";

/// The rest of that property: the letter may look a little different.
const OTHER_PARTS: &str = "⺁厂⺂乛⺄乙⺆冂⺈刀⺊卜⺌小⺍小⺑𡯂⺕彐⺗心⺜日⺝月⺢氺⺤爫⺥爫⺧牛⺩王⺫目⺬示⺯糹⺰纟⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺺肀⺻聿⺼肉⺿艹⻀艹⻅见⻆角⻇𧢲⻈讠\
    ⻉贝⻋车⻌辶⻎辶⻏邑⻐钅⻓长⻔门⻕𨸏⻗雨⻙韦⻚页⻛风⻜飞⻝食⻠饣⻡𩠐⻢马⻣骨⻥鱼⻦鸟⻧卤⻪黾⻬齐⻮齿⻰龙⻱龜";

/// Of the compatibility ideographs that Korea has twice for their two readings, those that are another form of the letter
/// in Japan (Adobe-Japan1-7 has glyphs of their own for them), as names have it.
const OTHER_FORMS: [char; 19] = [
    '\u{F909}', '\u{F91D}', '\u{F91F}', '\u{F928}', '\u{F929}', '\u{F936}', '\u{F95F}', '\u{F970}', '\u{F983}',
    '\u{F992}', '\u{F993}', '\u{F999}', '\u{F99A}', '\u{F9A2}', '\u{F9C3}', '\u{F9D0}', '\u{F9DC}', '\u{F9EC}',
    '\u{FA03}',
];

/// What a character that only looks like a letter is meant to be: radicals of the Kangxi dictionary and parts of kanji
/// (⽣ ⻑), which come out of PDFs, letters that Korea and Taiwan have twice, ligatures (ﬁ), signs of units that are letters
/// (K for kelvin). Nothing for all others.
pub fn meant(c: char) -> Option<Meant> {
    let same = |text: String| Some(Meant { text: text.into(), is_same: true });
    match c {
        // Their Japanese form is the one that fonts show.
        '⼾' => same("戸".into()),
        '⿊' => same("黒".into()),
        '\u{2F00}'..='\u{2FD5}' | '\u{2E9F}' | '\u{2EF3}' => same(compatible(c)),
        '\u{2E80}'..='\u{2EF3}' => part(SAME_PARTS, c)
            .map(|text| Meant { text: text.to_string().into(), is_same: true })
            .or_else(|| part(OTHER_PARTS, c).map(|text| Meant { text: text.to_string().into(), is_same: false })),
        '\u{F900}'..='\u{FA0D}' if !OTHER_FORMS.contains(&c) => same(canonical(c)),
        '\u{FB00}'..='\u{FB06}' => same(compatible(c)),
        '\u{2126}' | '\u{212A}' => same(canonical(c)),
        // 𝐒𝐃𝐆: in a formula the form may mean something.
        '\u{1D400}'..='\u{1D7FF}' => Some(Meant { text: compatible(c).into(), is_same: false }),
        _ => None,
    }
}

/// The letter that a compatibility ideograph is a form of. Twelve of that block are letters in their own right, and
/// names need the others (神 with the old radical), so this is no mistake in itself.
pub fn unified(c: char) -> Option<char> {
    match c {
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
            let mut letters = std::iter::once(c).nfd();
            letters.next().filter(|letter| *letter != c && letters.next().is_none())
        }
        _ => None,
    }
}

/// The number of a sign that is a number in a circle, a bracket or a black disc.
pub fn number(c: char) -> Option<u32> {
    let code = c as u32;
    Some(match c {
        '\u{24EA}' | '\u{24FF}' | '\u{1F10B}' | '\u{1F10C}' => 0,
        '\u{2460}'..='\u{2473}' => code - 0x2460 + 1,
        '\u{2474}'..='\u{2487}' => code - 0x2474 + 1,
        '\u{24EB}'..='\u{24F4}' => code - 0x24EB + 11,
        '\u{24F5}'..='\u{24FE}' => code - 0x24F5 + 1,
        '\u{2776}'..='\u{277F}' => code - 0x2776 + 1,
        '\u{2780}'..='\u{2789}' => code - 0x2780 + 1,
        '\u{278A}'..='\u{2793}' => code - 0x278A + 1,
        '\u{3251}'..='\u{325F}' => code - 0x3251 + 21,
        '\u{32B1}'..='\u{32BF}' => code - 0x32B1 + 36,
        _ => return None,
    })
}

fn part(pairs: &str, c: char) -> Option<char> {
    let mut letters = pairs.chars();
    while let (Some(part), Some(letter)) = (letters.next(), letters.next()) {
        if part == c {
            return Some(letter);
        }
    }
    None
}

/// A character in ordinary letters, as Unicode has it: ㏊ is ha.
pub fn compatible(c: char) -> String {
    std::iter::once(c).nfkc().collect()
}

fn canonical(c: char) -> String {
    std::iter::once(c).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_only_look_the_same_are_known() {
        let meant = |c| meant(c).map(|meant| (meant.text.into_owned(), meant.is_same));
        for (c, text, is_same) in [
            ('⽣', "生", true),
            ('⽤', "用", true),
            ('⽔', "水", true),
            ('⼀', "一", true),
            ('⻑', "長", true),
            ('⻄', "西", true),
            ('⺟', "母", true),
            ('⼾', "戸", true),
            ('⿊', "黒", true),
            ('⻝', "食", false),
            ('\u{F967}', "不", true),
            ('\u{FA0C}', "兀", true),
            ('\u{FB01}', "fi", true),
            ('\u{212A}', "K", true),
            ('\u{1D412}', "S", false),
        ] {
            assert_eq!(meant(c), Some((text.to_owned(), is_same)), "{c}");
        }
        // Letters of names, real letters of the block of look-alikes, and what is no letter.
        for c in ['生', '長', '\u{FA11}', '\u{FA0E}', '\u{FA19}', '\u{F91D}', 'A', 'ガ', '①', '㎡', '\u{2E80}'] {
            assert_eq!(meant(c), None, "{c}");
        }
    }

    /// Every radical leads to a letter, and that is none of these again.
    #[test]
    fn every_radical_leads_to_an_ordinary_letter() {
        let is_ordinary = |c: char| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{2F7FF}');
        for c in ('\u{2E80}'..='\u{2EF3}').chain('\u{2F00}'..='\u{2FD5}').chain('\u{F900}'..='\u{FA0D}') {
            let known = meant(c);
            assert!(known.is_some() || matches!(c, '\u{2E80}' | '\u{2E9A}') || OTHER_FORMS.contains(&c), "{c}");
            for text in known.iter().map(|meant| &meant.text) {
                assert!(text.chars().count() == 1 && text.chars().all(is_ordinary), "{c} {text}");
            }
        }
    }

    #[test]
    fn twelve_letters_among_the_compatibility_ideographs_are_letters() {
        let own: String = ('\u{FA0E}'..='\u{FA29}').filter(|c| unified(*c).is_none()).collect();
        let real = "\u{FA0E}\u{FA0F}\u{FA11}\u{FA13}\u{FA14}\u{FA1F}\u{FA21}\u{FA23}\u{FA24}\u{FA27}\u{FA28}\u{FA29}";
        assert_eq!(own, real);
        assert_eq!(unified('\u{FA19}'), Some('神'));
        assert_eq!(unified('\u{2F800}'), Some('丽'));
        assert_eq!(unified('神'), None);
    }

    #[test]
    fn signs_have_their_numbers() {
        for (c, expect) in
            [('①', 1), ('⑳', 20), ('㉑', 21), ('㊿', 50), ('➁', 2), ('➓', 10), ('⓪', 0), ('⑴', 1), ('⓿', 0)]
        {
            assert_eq!(number(c), Some(expect), "{c}");
        }
        assert_eq!(number('1'), None);
    }
}
