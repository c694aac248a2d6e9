//! The module from outside: input and exact HTML, and what must hold for any input.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]

use super::*;
use proptest::prelude::*;
use std::collections::HashSet;
use std::time::{Duration, Instant};

const WORDS: Words = Words {
    footnotes: "脚注",
    footnote: "脚注{n}",
    back: "本文の脚注{n}へ戻る",
    external: "（外部サイト）",
    table: "表",
    colon: "：",
    done: "完了",
    todo: "未完了",
    alerts: ["補足", "ヒント", "重要", "注意", "警告"],
};

/// Markdown files and PDFs are pages and attachments, pictures have a size, "missing" is nothing.
fn resolve(target: &str, kind: LinkKind) -> Resolved {
    match kind {
        _ if target.contains("missing") => Resolved::Nothing,
        LinkKind::Image if !target.ends_with(".pdf") => {
            Resolved::Image { src: target.to_owned(), width: Some(4), height: Some(3) }
        }
        _ => Resolved::Href {
            href: target.replace(".md", ".html"),
            external: target.starts_with("http"),
            attachment: target.ends_with(".pdf").then(|| "（PDF形式、10キロバイト）".to_owned()),
        },
    }
}

fn options(edition: Edition, id_prefix: &str) -> Options<'_> {
    Options { heading_base: 3, id_prefix, edition, words: &WORDS }
}

fn html(body: &str) -> String {
    render(body, &options(Edition::Screen, ""), &resolve).into_string()
}

#[track_caller]
fn check(body: &str, expect: &str) {
    let html = html(body);
    assert_eq!(html.trim_end(), expect, "\nof {body:?}");
    assert_balanced(&html);
}

#[test]
fn japanese_emphasis_opens_and_closes() {
    for (body, expect) in [
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("**重要：**内容", "<strong>重要：</strong>内容"),
        ("**50%**です", "<strong>50%</strong>です"),
        ("**[リンク](u)**です", "<strong><a href=\"u\">リンク</a></strong>です"),
        ("~~「取消」~~です", "<del>「取消」</del>です"),
        ("これは~~（取消）~~です", "これは<del>（取消）</del>です"),
        ("目標は*「三割」*、実績は**『四割』**。", "目標は<em>「三割」</em>、実績は<strong>『四割』</strong>。"),
        ("**{刈谷|かりや}市**の", "<strong><ruby>刈谷<rp>（</rp><rt>かりや</rt><rp>）</rp></ruby>市</strong>の"),
        ("**令和8年度（2026年度）**から", "<strong>令和8年度（2026年度）</strong>から"),
        ("※**①**※", "※<strong>①</strong>※"),
        ("***「両方」***です", "<em><strong>「両方」</strong></em>です"),
        ("`これは**「重要」**です`", "<code>これは**「重要」**です</code>"),
        (r"これは\*\*「重要」\*\*です", "これは**「重要」**です"),
        ("10~20人、~30人~、(~40人)", "10~20人、~30人~、(~40人)"),
        ("2 * 3 * 4 と a*b*c", "2 * 3 * 4 と a<em>b</em>c"),
    ] {
        check(body, &format!("<p>{expect}</p>"));
    }
    check("    **「コード」**\n", "<pre tabindex=\"0\"><code>**「コード」**\n</code></pre>");
}

#[test]
fn brackets_of_a_heading_are_text_unless_they_name_it() {
    for (body, id, text) in [
        ("## 予算 {案}", "予算-案", "予算 {案}"),
        ("## {令和8年度}", "令和8年度", "{令和8年度}"),
        ("## 対象 {市民、事業者} ##", "対象-市民事業者", "対象 {市民、事業者}"),
        ("> ## 予算 {案}", "予算-案", "予算 {案}"),
        ("- ## 予算 {.class}", "予算-class", "予算 {.class}"),
        ("予算 {案}\n===", "予算-案", "予算 {案}"),
        ("## 予算 {#budget}", "budget", "予算"),
        ("## {#budget}", "budget", "{#budget}"),
        ("## 予算 {案} {#budget}", "budget", "予算 {案}"),
    ] {
        let headings = facts(body, 0).headings;
        assert_eq!((&*headings[0].id, &*headings[0].text), (id, text), "{body}");
        assert!(html(body).contains(&format!(">{text}</h3>")), "{body}");
    }
}

#[test]
fn notes_have_japanese_names() {
    let note = |kind: &str, title: &str, text: &str| {
        format!("<div class=\"note note-{kind}\" role=\"note\">\n<p class=\"note-title\">{title}</p>\n{text}</div>")
    };
    check("> [!注意]\n> 雨の日は中止です。", &note("warning", "注意", "<p>雨の日は中止です。</p>\n"));
    check("> [!補足]\n>\n> 申込みは不要です。", &note("note", "補足", "<p>申込みは不要です。</p>\n"));
    check("> [!警告]", &note("caution", "警告", ""));
    assert_eq!(html("> [!WARNING]\n> 中止です。"), html("> [!注意]\n> 中止です。"));
    check("> [!危険]\n> 中止です。", "<blockquote>\n<p>[!危険]\n中止です。</p>\n</blockquote>");
    check("```\n> [!注意]\n```", "<pre tabindex=\"0\"><code>&gt; [!注意]\n</code></pre>");
}

#[test]
fn numbers_that_rise_are_shown_as_written() {
    check(
        "3. 三\n5. 五\n6. 六\n9. 九",
        "<ol start=\"3\">\n<li>三</li>\n<li value=\"5\">五</li>\n<li>六</li>\n<li value=\"9\">九</li>\n</ol>",
    );
    check("1. 甲\n1. 乙", "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>");
    check("- 甲\n  1. 一\n  4. 四", "<ul>\n<li>甲<ol>\n<li>一</li>\n<li value=\"4\">四</li>\n</ol>\n</li>\n</ul>");
}

#[test]
fn ruby_is_read_once_and_shown_with_its_reading() {
    let ruby = |base: &str, reading: &str| format!("<ruby>{base}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>");
    check("{漢字|かんじ}", &format!("<p>{}</p>", ruby("漢字", "かんじ")));
    check("{漢字|かん|じ}", &format!("<p>{}{}</p>", ruby("漢", "かん"), ruby("字", "じ")));
    check("{葛\u{E0100}飾|かつ|しか}", &format!("<p>{}{}</p>", ruby("葛\u{E0100}", "かつ"), ruby("飾", "しか")));
    check("{今日|きょ|う|は}", &format!("<p>{}</p>", ruby("今日", "きょうは")));
    check(
        "*{漢字|かんじ}*と[{字|じ}](u)",
        &format!("<p><em>{}</em>と<a href=\"u\">{}</a></p>", ruby("漢字", "かんじ"), ruby("字", "じ")),
    );
    check("`{漢字|かんじ}` [a](<{字|じ}>)", "<p><code>{漢字|かんじ}</code> <a href=\"%7B字%7Cじ%7D\">a</a></p>");
    check("{a|b} {漢字| }", "<p>{a|b} {漢字| }</p>");
    check(
        "| {漢|かん} | b |\n|---|---|\n| `{漢|かん}` | {字|じ} |",
        &format!(
            "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"表\"><table class=\"table\">\n<thead>\n<tr>\
         <th scope=\"col\">{}</th><th scope=\"col\">b</th></tr>\n</thead>\n<tbody>\n<tr><td><code>{{漢|かん}}</code></td>\
         <td>{}</td></tr>\n</tbody>\n</table></div>",
            ruby("漢", "かん"),
            ruby("字", "じ")
        ),
    );
    check("## {漢字|かんじ}", &format!("<h3 id=\"漢字\">{}</h3>", ruby("漢字", "かんじ")));
    assert_eq!(plain_text("# {漢字|かん|じ}の`{字|じ}`"), "漢字の{字|じ}");
}

#[test]
fn words_of_other_languages_are_marked() {
    check("英国の[GDS]{lang=en}は", "<p>英国の<span lang=\"en\">GDS</span>は</p>");
    check("## [Plan]{lang=en}", "<h3 id=\"plan\"><span lang=\"en\">Plan</span></h3>");
    check(
        "[a]{lang=\"en\"} [a]{lang=e} []{lang=en} x{lang=en}",
        "<p>[a]{lang=&quot;en&quot;} [a]{lang=e} []{lang=en} x{lang=en}</p>",
    );
}

#[test]
fn line_breaks_between_japanese_characters_are_no_spaces() {
    for (body, expect) in [
        ("一行目\n二行目、\nカナ\n（注）", "一行目二行目、カナ（注）"),
        ("**強調**\n`コード`\n[リンク](u)", "<strong>強調</strong><code>コード</code><a href=\"u\">リンク</a>"),
        ("漢字\n{漢|か}\n漢字", "漢字<ruby>漢<rp>（</rp><rt>か</rt><rp>）</rp></ruby>漢字"),
        ("日本\nABC\n日本", "日本\nABC\n日本"),
        ("한국\n한국", "한국\n한국"),
        ("強制  \n改行\\\n改行", "強制<br>\n改行<br>\n改行"),
        ("前\n※注", "前※注"),
        ("前<!-- メモ -->\n後", "前後"),
    ] {
        check(body, &format!("<p>{expect}</p>"));
    }
}

#[test]
fn headings_follow_each_other_without_gaps() {
    check(
        "## 一\n#### 二\n#### 三\n### 四\n## 五",
        "<h3 id=\"一\">一</h3>\n<h4 id=\"二\">二</h4>\n<h4 id=\"三\">三</h4>\n\
        <h4 id=\"四\">四</h4>\n<h3 id=\"五\">五</h3>",
    );
    check("### a\n# b\n###### c", "<h3 id=\"a\">a</h3>\n<h3 id=\"b\">b</h3>\n<h4 id=\"c\">c</h4>");
    check(
        "# a\n# a\n# A {#a-2}\n# b {#a}\n#\n# <!-- x -->",
        "<h3 id=\"a-3\">a</h3>\n<h3 id=\"a-4\">a</h3>\n<h3 id=\"a-2\">A</h3>\n<h3 id=\"a\">b</h3>",
    );
    let deep = "# a\n## b\n### c\n#### d\n##### e\n###### f";
    assert_eq!(html(deep).matches("<h6").count(), 3);
    let other = Options { heading_base: 2, id_prefix: "result-", ..options(Edition::Screen, "") };
    assert_eq!(
        render("# 目標\n[x](#目標) [y](#ない)", &other, &resolve).as_str(),
        "<h2 id=\"result-目標\">目標</h2>\n<p><a href=\"#result-目標\">x</a> <a href=\"#ない\">y</a></p>\n"
    );
    check("[x](#%E7%9B%AE)\n\n# 目", "<p><a href=\"#目\">x</a></p>\n<h3 id=\"目\">目</h3>");
}

#[test]
fn tables_scroll_on_screens() {
    check(
        "表：人数の推移\n\n|  | 人数 |\n|:--|--:|\n| 令和7 | **120**人<br>増 |\n|  | 1 |",
        "<div class=\"table-scroll\" role=\"region\" \
        tabindex=\"0\" aria-label=\"人数の推移\"><table class=\"table\">\n<caption>人数の推移</caption>\n<thead>\n<tr><td class=\"align-left\"></td>\
        <th scope=\"col\" class=\"align-right\">人数</th></tr>\n</thead>\n<tbody>\n<tr><th scope=\"row\" class=\"align-left\">令和7</th>\
        <td class=\"align-right\"><strong>120</strong>人<br>増</td></tr>\n<tr><td class=\"align-left\"></td><td class=\"align-right\">1</td></tr>\n\
        </tbody>\n</table></div>",
    );
    // A caption needs no empty line after it, and keeps its markup.
    let captioned = html("Table: a *b* c\n| x |\n|---|\n| y |\n\n| z |\n|---|\n\n| z |\n|---|");
    assert!(
        captioned.contains("aria-label=\"a b c\"><table class=\"table\">\n<caption>a <em>b</em> c</caption>"),
        "{captioned}"
    );
    assert!(captioned.contains("aria-label=\"表\"") && captioned.contains("aria-label=\"表2\""), "{captioned}");
    check("表：前書き\n\n次の段落", "<p>表：前書き</p>\n<p>次の段落</p>");
}

#[test]
fn a_long_word_in_a_table_can_part_and_a_figure_cannot() {
    let row = |cell: &str| html(&format!("| a |\n|---|\n| {cell} |"));
    assert!(row("kikaku-seisaku@city.example.lg.jp").contains("kikaku-<wbr>seisaku@<wbr>city.<wbr>example."));
    assert!(
        row("<https://www.example.jp/kurashi/1003456.html>")
            .contains("href=\"https://www.example.jp/kurashi/1003456.html\"")
    );
    assert!(row("<https://www.example.jp/kurashi/1003456.html>").contains(">https:/<wbr>/<wbr>www."));
    assert!(row("1,234,567,890,123,456,789円").contains("<td>1,234,567,890,123,456,789円</td>"));
    assert!(!html("kikaku-seisaku@city.example.lg.jp").contains("<wbr>"), "in a line of text there is room");
}

#[test]
fn a_table_that_paper_has_no_room_for_carries_its_labels() {
    let table = |columns: usize, figure: &str| {
        let row = |cell: &str| format!("| {} |\n", vec![cell; columns].join(" | "));
        html(&(row("**月** `a`") + &row("---") + &row(figure) + &row("")))
    };
    assert!(!table(6, "1,234,567").contains("data-label"));
    assert!(table(7, "1,234,567").contains("<table class=\"table table--dense\">"));
    let records = table(14, "1,234,567");
    assert!(records.contains("<table class=\"table table--records\">"));
    assert_eq!(records.matches("<td data-label=\"月 a：\">1,234,567</td>").count(), 14, "no label without a value");
    // What is in a list has less room.
    let listed = html(
        "- 表\n\n  | a | b |\n  |---|---|\n  | 1,234,567,890,123,456,789,012,345 | 1,234,567,890,123,456,789,012,345 |",
    );
    assert!(listed.contains("table--dense"), "{listed}");
}

#[test]
fn tables_are_records_in_large_type() {
    let large = |body| render(body, &options(Edition::Large, ""), &resolve).into_string();
    assert_eq!(
        large(
            "表: 推移\n\n|  | 人数[^1] | 備考 |\n|---|--:|---|\n| 令和7 | **1**人 | |\n| 令和8 | 2人 | 見込 |\n\n[^1]: 注"
        ),
        "<p class=\"caption\"><strong>推移</strong></p>\n<ul class=\"records\">\n<li><p class=\"record-title\"><strong>令和7</strong></p>\n\
        <dl class=\"record\">\n<dt>人数<sup class=\"footnote-ref\" id=\"fnref-1\"><a href=\"#fn-1\" aria-label=\"脚注1\">1</a></sup></dt>\
        <dd class=\"align-right\"><strong>1</strong>人</dd>\n</dl></li>\n<li><p class=\"record-title\"><strong>令和8</strong></p>\n\
        <dl class=\"record\">\n<dt>人数</dt><dd class=\"align-right\">2人</dd>\n<dt>備考</dt><dd>見込</dd>\n</dl></li>\n</ul>\n\
        <section class=\"footnotes\" aria-label=\"脚注\">\n<ol>\n<li id=\"fn-1\"><p>注 <a class=\"footnote-back\" href=\"#fnref-1\" \
        aria-label=\"本文の脚注1へ戻る\">↑</a></p>\n</li>\n</ol>\n</section>\n"
    );
    assert!(large("| a |\n|---|\n").contains("<table class=\"table\">"), "no row, no record");
    let wide = format!("|{}\n|{}\n{}", "a|".repeat(2000), "-|".repeat(2000), "b|\n".repeat(2000));
    assert!(large(&wide).contains("<table class=\"table\">"));
}

#[test]
fn footnotes_are_numbered_by_first_reference_and_lead_back() {
    check(
        "あ[^b]い[^a]う[^b]え[^none]\n\n[^a]: 一\n[^b]: 二[^c]\n\n    ```\n    コード\n    ```\n[^c]: # 見出し\n[^d]: なし",
        "<p>あ<sup class=\"footnote-ref\" id=\"fnref-1\"><a href=\"#fn-1\" aria-label=\"脚注1\">1</a></sup>い\
        <sup class=\"footnote-ref\" id=\"fnref-2\"><a href=\"#fn-2\" aria-label=\"脚注2\">2</a></sup>う\
        <sup class=\"footnote-ref\" id=\"fnref-1-2\"><a href=\"#fn-1\" aria-label=\"脚注1\">1</a></sup>え[^none]</p>\n\
        <section class=\"footnotes\" aria-label=\"脚注\">\n<ol>\n\
        <li id=\"fn-1\"><p>二<sup class=\"footnote-ref\" id=\"fnref-3\"><a href=\"#fn-3\" aria-label=\"脚注3\">3</a></sup></p>\n\
        <pre tabindex=\"0\"><code>コード\n</code></pre>\n<p> <a class=\"footnote-back\" href=\"#fnref-1\" aria-label=\"本文の脚注1へ戻る\">↑</a> \
        <a class=\"footnote-back\" href=\"#fnref-1-2\" aria-label=\"本文の脚注1-2へ戻る\">↑</a></p>\n</li>\n\
        <li id=\"fn-2\"><p>一 <a class=\"footnote-back\" href=\"#fnref-2\" aria-label=\"本文の脚注2へ戻る\">↑</a></p>\n</li>\n\
        <li id=\"fn-3\"><p><strong>見出し</strong></p>\n<p> <a class=\"footnote-back\" href=\"#fnref-3\" aria-label=\"本文の脚注3へ戻る\">↑</a></p>\n</li>\n\
        </ol>\n</section>",
    );
}

#[test]
fn links_say_where_they_lead() {
    check("[a](b.md#c)", "<p><a href=\"b.html#c\">a</a></p>");
    check(
        "[国](https://a.jp/)",
        "<p><a class=\"external\" rel=\"noopener\" href=\"https://a.jp/\">国\
        <span class=\"external-mark\">（外部サイト）</span></a></p>",
    );
    check(
        "[要綱](a.pdf)",
        "<p><a href=\"a.pdf\">要綱<span class=\"attachment\">（PDF形式、10キロバイト）</span></a></p>",
    );
    check(
        "[a](missing.md) [](b.md) <a@b.jp>",
        "<p>a <a href=\"b.html\">b.md</a> <a href=\"mailto:a@b.jp\">a@b.jp</a></p>",
    );
    check(
        "詳細はhttps://a.jp/x_y?a=1&b=2。",
        "<p>詳細は<a class=\"external\" rel=\"noopener\" href=\"https://a.jp/x_y?a=1&amp;b=2\">\
        https://a.jp/x_y?a=1&amp;b=2<span class=\"external-mark\">（外部サイト）</span></a>。</p>",
    );
    check(
        "`https://a.jp` [https://b.jp](c.md)",
        "<p><code>https://a.jp</code> <a href=\"c.html\">https://b.jp</a></p>",
    );
    check("[<https://a.jp>](b.md)", "<p><a href=\"b.html\">https://a.jp</a></p>");
    check(
        "<https://a.jp/~x*「>",
        "<p><a class=\"external\" rel=\"noopener\" href=\"https://a.jp/~x*「\">https://a.jp/~x*「\
        <span class=\"external-mark\">（外部サイト）</span></a></p>",
    );
    for bad in [
        "javascript:x",
        "JAVASCRIPT:x",
        "&#106;avascript:x",
        "java&#10;script:x",
        "java&#9;script:x",
        "data:text/html,x",
        "//h/x",
        "file:///x",
        "vbscript:x",
    ] {
        let html = html(&format!("[字](<{bad}>) ![絵](<{bad}>) <{bad}>"));
        assert!(!html.contains("href") && !html.contains("<img"), "{html}");
    }
}

#[test]
fn images_keep_their_place_and_their_text() {
    check(
        "![図 *1*](a.png \"出典\")",
        "<figure><img src=\"a.png\" alt=\"図 1\" loading=\"lazy\" decoding=\"async\" width=\"4\" height=\"3\">\
        <figcaption>出典</figcaption></figure>",
    );
    check(
        "前 ![](a.png)",
        "<p>前 <img src=\"a.png\" alt=\"\" loading=\"lazy\" decoding=\"async\" width=\"4\" height=\"3\"></p>",
    );
    check("![図](missing.png)\n\n![](missing.png)", "<p>図</p>");
    check(
        "![要綱](a.pdf)",
        "<p><a href=\"a.pdf\">要綱<span class=\"attachment\">（PDF形式、10キロバイト）</span></a></p>",
    );
}

#[test]
fn html_is_text_and_comments_are_nothing() {
    check("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>");
    check("a <b onclick=\"x\">c</b>", "<p>a &lt;b onclick=&quot;x&quot;&gt;c&lt;/b&gt;</p>");
    check("<!-- メモ\n\n続き -->\n\n本文<!-- メモ -->です", "<p>本文です</p>");
    check("<!-- メモ --> 本文<!---->", "<p>本文</p>");
}

#[test]
fn blocks_are_plain_html() {
    check(
        "- [x] 済み\n- [ ] まだ\n- 他",
        "<ul>\n<li class=\"task task-done\"><span class=\"task-state\">完了</span> 済み</li>\n\
        <li class=\"task\"><span class=\"task-state\">未完了</span> まだ</li>\n<li>他</li>\n</ul>",
    );
    check("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>");
    check("> 引用\n\n---", "<blockquote>\n<p>引用</p>\n</blockquote>\n<hr>");
    check(
        "> [!WARNING]\n> 本文",
        "<div class=\"note note-warning\" role=\"note\">\n<p class=\"note-title\">注意</p>\n<p>本文</p>\n</div>",
    );
    check("```rust\na < b {漢|か}\n```", "<pre tabindex=\"0\"><code>a &lt; b {漢|か}\n</code></pre>");
}

#[test]
fn deep_nesting_is_flattened() {
    let quotes = html(&format!("{} 深い", ">".repeat(500)));
    assert_eq!(quotes.matches("<blockquote>").count(), 32);
    assert!(quotes.contains("<p>深い</p>"));
    let lists: String = (0..200).map(|depth| format!("{}- {depth}\n", "  ".repeat(depth))).collect();
    assert_eq!(html(&lists).matches("<ul>").count(), 32);
    assert!(html(&lists).contains("199"));
}

#[test]
fn facts_point_into_the_file() {
    let front = "---\ntitle: 題\n---\n";
    let body = "# {漢字|かんじ} **「重」**です\n\n[文字](../a.md \"../a.md\")と![図](図.png)、https://a.jp/~bを[参照][R]\n\n<b>\n\n表: 名\n\n|a|\n|-|\n\n[r]: <目標.md> 'x'\n";
    let file = format!("{front}{body}");
    let facts = facts(body, front.len());
    let links: Vec<_> = facts
        .links
        .iter()
        .map(|link| (link.kind, link.target.as_str(), link.text.as_str(), link.at.slice(&file)))
        .collect();
    assert_eq!(
        links,
        [
            (LinkKind::Link, "../a.md", "文字", "../a.md"),
            (LinkKind::Image, "図.png", "図", "図.png"),
            (LinkKind::Link, "https://a.jp/~b", "https://a.jp/~b", "https://a.jp/~b"),
            (LinkKind::Link, "目標.md", "参照", "目標.md"),
        ]
    );
    assert_eq!(facts.links[0].at.start as usize, file.find("../a.md").unwrap());
    let heading = &facts.headings[0];
    assert_eq!((heading.level, heading.id.as_str(), heading.text.as_str()), (1, "漢字-重です", "漢字 「重」です"));
    assert_eq!(heading.at.slice(&file).trim_end(), "# {漢字|かんじ} **「重」**です");
    assert_eq!(facts.tables[0].caption.as_deref(), Some("名"));
    assert_eq!(facts.html[0].slice(&file).trim_end(), "<b>");
}

#[test]
fn plain_text_is_what_one_reads() {
    assert_eq!(
        plain_text(
            "# 題 {#x}\n\n一\n二**「三」**[四](u)![五](v)\n\n- a\n  - b\n\n|c|d|\n|-|-|\n|e|f|\n\n<!-- x -->\n\n    code\n"
        ),
        "題\n一二「三」四五\na\nb\nc d\ne f\ncode"
    );
}

#[test]
fn long_inputs_take_linear_time() {
    let repeated = |piece: &str| piece.repeat(100_000 / piece.len());
    for piece in [
        "[",
        "*a ",
        "**「",
        "> ",
        "{漢|",
        "{漢|か}",
        "]{lang=en}",
        "![",
        "[a](",
        "http://",
        "(http://a(",
        "# a\n",
        "a\n",
        "[^1]",
        "\\",
        "\\*",
        "~",
        "`",
        "<!--",
        "<br>",
        "|a",
        "- ",
        "# a {#a}\n",
        "_a",
        "&#xFFF01;",
        "![a](b)",
        "[a]: b\n",
        "表:\n\n",
    ] {
        for body in
            [repeated(piece), format!("{}\n\n[^1]: x", repeated(piece)), format!("|a|\n|-|\n|{}|", repeated(piece))]
        {
            let start = Instant::now();
            let html = html(&body);
            facts(&body, 0);
            plain_text(&body);
            assert!(start.elapsed() < Duration::from_secs(5), "{piece:?} takes {:?}", start.elapsed());
            assert!(html.len() < 400 * body.len(), "{piece:?} grows to {}", html.len());
        }
    }
    let nested = format!("{}{}", "![".repeat(20_000), "](a)".repeat(20_000));
    let start = Instant::now();
    html(&nested);
    facts(&nested, 0);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[track_caller]
fn assert_balanced(html: &str) -> Vec<String> {
    ids_of_balanced(html).unwrap_or_else(|complaint| panic!("{complaint} in {html}"))
}

/// Reads HTML as it is written here (lower case, quoted attributes); complains about anything out of balance, unknown
/// or dangerous. Returns the ids.
fn ids_of_balanced(html: &str) -> Result<Vec<String>, String> {
    const VOID: &str = " br hr img wbr ";
    const KNOWN: &str = " p h1 h2 h3 h4 h5 h6 em strong del code pre blockquote div ul ol li a span sup section table caption \
        thead tbody tr th td dl dt dd ruby rp rt figure figcaption br hr img wbr ";
    const ATTRIBUTES: &str = " id class href src alt lang role tabindex aria-label data-label scope start value rel loading decoding width height ";
    const PHRASES_ONLY: &str = " p h1 h2 h3 h4 h5 h6 em strong del a span sup dt caption ";
    const PHRASES: &str = " em strong del code a span sup ruby rp rt br img wbr ";
    let is_in = |list: &str, name: &str| list.contains(&format!(" {name} "));
    let ensure = |holds: bool, complaint: &str| if holds { Ok(()) } else { Err(complaint.to_owned()) };
    let (mut open, mut ids) = (Vec::new(), Vec::new());
    let mut parts = html.split('<');
    ensure(!parts.next().unwrap_or("").contains('>'), "stray >")?;
    for part in parts {
        let (tag, text) = part.split_once('>').ok_or("unfinished tag")?;
        ensure(!text.contains('>'), "stray >")?;
        if let Some(name) = tag.strip_prefix('/') {
            ensure(open.pop() == Some(name), tag)?;
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        ensure(is_in(KNOWN, name), tag)?;
        let mut seen = HashSet::new();
        while !attributes.is_empty() {
            let (attribute, value) = attributes.split_once("=\"").ok_or("attribute without value")?;
            let (value, others) = value.split_once('"').ok_or("unfinished value")?;
            ensure(is_in(ATTRIBUTES, attribute) && seen.insert(attribute), attribute)?;
            ensure(!["href", "src"].contains(&attribute) || link::is_allowed(&link::target(value)), value)?;
            if attribute == "id" {
                ensure(!value.is_empty() && !value.contains(char::is_whitespace), "bad id")?;
                ids.push(value.to_owned());
            }
            attributes = others.trim_start();
        }
        ensure(
            !open.last().is_some_and(|parent| is_in(PHRASES_ONLY, parent)) || is_in(PHRASES, name),
            "block in phrase",
        )?;
        ensure(name != "a" || !open.contains(&"a"), "link in link")?;
        if !is_in(VOID, name) {
            open.push(name);
        }
    }
    ensure(open.is_empty(), "open tag").map(|()| ids)
}

#[test]
fn the_balance_checker_can_fail() {
    for bad in [
        "<p>",
        "</p>",
        "<p><em></p></em>",
        "<script></script>",
        "<p onclick=\"x\"></p>",
        "<a href=\"javascript:x\"></a>",
        "<p><p></p></p>",
        "a > b",
        "<a href=\"b\"><em><a href=\"c\"></a></em></a>",
        "<p id=\"\"></p>",
    ] {
        assert!(ids_of_balanced(bad).is_err(), "{bad}");
    }
    assert_eq!(ids_of_balanced("<p id=\"a\">b<br></p>"), Ok(vec!["a".to_owned()]));
}

/// Scraps of Markdown that meet each other in every order.
fn bodies() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "**",
        "*",
        "~~",
        "~",
        "_",
        "`",
        "「",
        "」",
        "。",
        "漢字",
        "かな",
        "abc",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "    ",
        "\t",
        "|",
        "\n| a | b |\n|---|--:|\n| ",
        "\n|  |\n|-|\n",
        "表: ",
        "# ",
        "\n## ",
        "\n#### ",
        "\n===\n",
        "{",
        "}",
        "{漢|かん}",
        "{漢字|かん|じ}",
        "{#id}",
        "[",
        "](",
        ")",
        "[GDS]{lang=en}",
        "![",
        "](a.png)",
        "](b.pdf \"題\")",
        "](javascript:x)",
        "](<java\tscript:x>)",
        "[^1]",
        "\n[^1]: ",
        "[^Ａ]",
        "\n\n[^ａ]: ",
        "[r]",
        "\n\n[r]: data:x\n\n",
        "<b>",
        "</p>",
        "<script>",
        "<!--",
        "-->",
        "<br>",
        "\n<div>\n",
        "https://a.jp/b",
        "<https://a.jp>",
        "<javascript:x>",
        "&",
        "&#106;",
        "&#x0;",
        "&#xFFF01;",
        "&lt;",
        "\\",
        "\"",
        "'",
        "\u{FFF00}",
        "\u{FFF01}",
        "\u{0}",
        "\u{1F600}",
        "\n> ",
        "\n> [!NOTE]\n> ",
        "\n- ",
        "\n1. ",
        "\n7) ",
        "- [ ] ",
        "- [x] ",
        "\n---\n",
        "```",
        "\n```\n",
        "(",
        "!",
        "％",
        "※",
        "한국",
    ]);
    prop_oneof![
        4 => prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1500), ..ProptestConfig::default() })]

    #[test]
    fn any_text_becomes_sound_html(body in bodies()) {
        for edition in [Edition::Screen, Edition::Large] {
            let html = render(&body, &options(edition, "result-"), &resolve);
            prop_assert_eq!(&html, &render(&body, &options(edition, "result-"), &resolve));
            let html = html.as_str();
            let ids = assert_balanced(html);
            prop_assert!(ids.iter().all(|id| id.starts_with("result-")));
            prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "ids twice in {}", html);
            prop_assert!(!html.contains(cjk::is_unwanted), "sentinel in {:?}", html);
            for target in html.split("href=\"#result-").skip(1) {
                let id = format!("result-{}", target.split('"').next().unwrap());
                prop_assert!(ids.contains(&id), "#{} leads nowhere in {}", id, html);
            }
            let levels: Vec<u8> = html.split("<h").skip(1).filter_map(|tag| tag.as_bytes()[0].checked_sub(b'0')).filter(|level| *level < 10).collect();
            prop_assert!(levels.first().is_none_or(|first| *first == 3));
            prop_assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1));
        }
    }

    #[test]
    fn forms_made_together_are_those_made_alone(body in bodies()) {
        let elsewhere = |target: &str, kind| match resolve(target, kind) {
            Resolved::Href { href, external, attachment } => Resolved::Href { href: href + "-large", external, attachment },
            other => other,
        };
        let (screen, large) = (options(Edition::Screen, ""), options(Edition::Large, ""));
        let alone = [render(&body, &screen, &resolve), render(&body, &large, &elsewhere)];
        let screen = Form { options: &screen, resolve: &resolve };
        let large = Form { options: &large, resolve: &elsewhere };
        prop_assert_eq!(&render_forms(&body, [screen, large]), &alone);
        let [second, first] = render_forms(&body, [large, screen]);
        prop_assert_eq!(&[first, second], &alone);
    }

    #[test]
    fn facts_of_any_text_lie_in_it(body in bodies(), offset in 0usize..100) {
        let facts = facts(&body, offset);
        let file = " ".repeat(offset) + &body;
        for link in &facts.links {
            prop_assert!(!link.target.contains(cjk::is_unwanted) && !link.text.contains(cjk::is_unwanted));
            if link.text == link.target && link.target.starts_with("https://a.jp") {
                let place: String = link.at.slice(&file).chars().filter(|c| !cjk::is_unwanted(*c)).collect();
                // A note that the parser would cut is taken out before it reads: what is around it may be one address.
                let place = match (place.find("<!--"), place.find("-->")) {
                    (Some(start), Some(end)) if start < end => format!("{}{}", &place[..start], &place[end + 3..]),
                    _ => place,
                };
                prop_assert!(place == link.target || place.starts_with('['), "{} is not {}", place, link.target);
            }
        }
        let places = facts.links.iter().map(|link| link.at).chain(facts.headings.iter().map(|heading| heading.at))
            .chain(facts.tables.iter().map(|table| table.at)).chain(facts.html.iter().copied());
        for at in places {
            let place = at.start as usize..at.end as usize;
            prop_assert!(file.get(place.clone()).is_some_and(|text| !text.is_empty()) && place.start >= offset, "{:?} of {:?}", at, file);
        }
        // Every id that facts promise is on the page, and no other.
        let html = render(&body, &options(Edition::Screen, ""), &resolve).into_string();
        let promised: Vec<_> = facts.headings.iter().filter(|heading| !heading.id.is_empty()).map(|heading| heading.id.clone()).collect();
        let found: Vec<_> = assert_balanced(&html).into_iter().filter(|id| !id.starts_with("fn")).collect();
        prop_assert_eq!(promised, found);
        prop_assert!(!plain_text(&body).contains(cjk::is_unwanted));
    }

    #[test]
    fn targets_are_found_where_they_stand(text in "[あ-んa-z 「」]{0,8}", target in "[a-z目標/.~#*]{1,12}", mark in "|\\*\\*|~~|\\*") {
        let body = format!("これは{mark}[{text}]({target}){mark}です\n\n![{text}]({target} \"{target}\")");
        let facts = facts(&body, 0);
        prop_assume!(facts.links.len() == 2);
        for link in &facts.links {
            prop_assert_eq!(link.at.slice(&body), &target);
            prop_assert_eq!(&link.target, &target);
        }
        prop_assert!(facts.links[0].at.end < facts.links[1].at.start);
    }

    #[test]
    fn ruby_and_emphasis_survive_in_any_sentence(
        base in "[一-三]{2,3}", reading in "[ぁ-ん]{1,4}", before in "[あ-ん「（、。]{0,3}", inside in "[一-三「」（）、。%a-z]{1,6}", after in "[あ-ん」）、。]{0,3}",
    ) {
        let body = format!("{before}**{inside}{{{base}|{reading}}}**{after}");
        let html = html(&body);
        let ruby = format!("<ruby>{base}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>");
        prop_assert_eq!(html, format!("<p>{before}<strong>{inside}{ruby}</strong>{after}</p>\n"));
        prop_assert_eq!(plain_text(&body), format!("{before}{inside}{base}{after}"));
    }
}

#[test]
fn cells_that_no_column_shows_are_told() {
    let spare = |body: &str| -> Vec<String> {
        facts(body, 0).unshown.iter().map(|cells| cells.at.slice(body).to_owned()).collect()
    };
    let header = "| 会場 | 6月 |\n| --- | --- |\n";
    for (row, cells) in [
        ("| 北 | 10 | 12 |", "12"),
        ("北 | 10 | 12 | 14", "12 | 14"),
        ("| 北 | **10** | {漢|か} | `a` |", "{漢|か} | `a`"),
        ("| 北 | | 12 |", "12"),
    ] {
        assert_eq!(spare(&format!("{header}{row}\n| 南 | 1 |\n")), [cells], "{row}");
        assert_eq!(spare(&format!("> {}", format!("{header}{row}").replace('\n', "\n> "))), [cells], "{row}");
    }
    for row in
        ["| 北 | 10 |", "| 北 |", "北 | 10", "| 北 | 10 | |", "| 北 | 10 \\| 12 |", "| 北 | {漢|か} |", "| 北 | `a` |"]
    {
        assert_eq!(spare(&format!("{header}{row}\n")), [""; 0], "{row}");
    }
}

#[test]
fn notes_and_definitions_that_no_page_shows_are_told() {
    use super::UnshownKind::{Definition, Note, RepeatedNote};
    for (body, expected) in [
        ("本文[^1]\n\n[^1]: 出典\n", vec![]),
        ("本文\n\n[^1]: 出典\n", vec![(Note, "[^1]: 出典")]),
        ("本文[^a]\n\n[^a]: これは[^b]\n\n[^b]: 出典\n", vec![]),
        (
            "本文\n\n[^a]: これは[^b]\n\n[^b]: これは[^a]\n",
            vec![(Note, "[^a]: これは[^b]"), (Note, "[^b]: これは[^a]")],
        ),
        ("本文[^1]\n\n[^1]: 出典\n\n[^1]: 別の出典\n", vec![(RepeatedNote, "[^1]: 別の出典")]),
        ("`[^1]`\n\n[^1]: 出典\n", vec![(Note, "[^1]: 出典")]),
        ("[注]: 平成30年度から開始\n", vec![(Definition, "[注]: 平成30年度から開始")]),
        ("[計画][1]、[1]、![図][ 図 ]\n\n[1]: a.pdf\n[図]: b.png\n", vec![]),
        ("> [計画][1]\n>\n> [2]: b.pdf\n> [1]: a.pdf\n", vec![(Definition, "[2]: b.pdf")]),
    ] {
        let facts = facts(body, 0);
        let first_line = |it: &Unshown| it.at.slice(body).lines().next().unwrap_or_default().to_owned();
        let found: Vec<_> = facts.unshown.iter().map(|it| (it.kind, first_line(it))).collect();
        let expected: Vec<_> = expected.into_iter().map(|(kind, text)| (kind, text.to_owned())).collect();
        assert_eq!(found, expected, "{body}");
    }
}

proptest! {
    #[test]
    fn every_footnote_is_shown_or_told(
        refers in proptest::collection::vec(proptest::option::of(0..6_usize), 1..6),
        first in proptest::option::of(0..6_usize),
    ) {
        let reference = |to: Option<usize>| to.map_or(String::new(), |note| format!("[^n{note}]"));
        let mut body = format!("本文{}\n", reference(first));
        for (note, to) in refers.iter().enumerate() {
            body.push_str(&format!("\n[^n{note}]: 説明その{note}の終わり{}\n", reference(*to)));
        }
        let (page, told) = (html(&body), facts(&body, 0).unshown);
        for note in 0..refers.len() {
            let is_told = told.iter().any(|it| it.at.slice(&body).starts_with(&format!("[^n{note}]:")));
            prop_assert_eq!(page.contains(&format!("説明その{note}の終わり")), !is_told, "{}", body);
        }
    }
}
