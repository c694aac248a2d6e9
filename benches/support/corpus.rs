//! A made-up city of any size: the same bytes for the same number of goals, on every machine.
//!
//! Ten fiscal years, 24 departments, six pillars. Every goal has a heading-and-list body of about 2 KB with a table, a
//! link inside the site, one to outside, and in three of ten cases a footnote; the nine closed years have results of
//! about 1 KB. Nothing is wrong in it. So `goals` goals are `1.9 * goals` documents and some 35 pillars, departments and texts.

/// Path and text of every file of the site.
pub fn files(goals: usize) -> Vec<(String, String)> {
    let mut files = frame();
    for index in 0..goals {
        files.extend(documents(index));
    }
    files.sort();
    files
}

const FIRST_YEAR: usize = 2016;
const YEARS: usize = 10;

const DEPARTMENTS: [(&str, &str); 24] = [
    ("planning", "企画部"),
    ("general", "総務部"),
    ("finance", "財政部"),
    ("tax", "税務部"),
    ("citizens", "市民部"),
    ("environment", "環境部"),
    ("welfare", "福祉部"),
    ("health", "健康部"),
    ("children", "子ども部"),
    ("industry", "産業部"),
    ("tourism", "観光部"),
    ("farming", "農政部"),
    ("city", "都市計画部"),
    ("roads", "道路部"),
    ("rivers", "河川部"),
    ("water", "水道局"),
    ("fire", "消防本部"),
    ("safety", "危機管理部"),
    ("schools", "学校教育部"),
    ("learning", "生涯学習部"),
    ("hospital", "市民病院"),
    ("accounts", "会計課"),
    ("council", "議会事務局"),
    ("digital", "情報部"),
];

const PILLARS: [(&str, &str); 6] = [
    ("safety", "安全に暮らせるまち"),
    ("welfare", "支え合うまち"),
    ("children", "子どもが育つまち"),
    ("industry", "働く場のあるまち"),
    ("nature", "自然と調和するまち"),
    ("trust", "信頼される市役所"),
];

const TOPICS: [&str; 12] = [
    "避難所の運営",
    "住宅の耐震化",
    "健康診査の受診",
    "介護予防の教室",
    "保育所の受け入れ",
    "図書館の利用",
    "商店街の支援",
    "農地の活用",
    "公園の管理",
    "ごみの減量",
    "窓口の手続",
    "公共施設の点検",
];
const PEOPLE: [&str; 6] = ["高齢者", "子育て世帯", "事業者", "自治会", "児童生徒", "市民"];
const DEEDS: [&str; 5] = ["見直し", "充実", "周知", "効率化", "体制づくり"];
const MEASURES: [(&str, &str, usize); 6] = [
    ("参加者数", "人", 900),
    ("実施件数", "件", 120),
    ("利用率", "％", 70),
    ("処理日数の短縮", "日", 9),
    ("相談件数", "件", 400),
    ("説明会の開催", "回", 12),
];
const REASONS: [&str; 6] = [
    "限られた人員で続けるには、仕事の順番そのものを見直す必要があります。",
    "前年度の調査では、必要だと答えた人が七割を超えましたが、知らないと答えた人も二割いました。",
    "地区によって進み具合に差があり、遅れている地区への働きかけが十分ではありません。",
    "申請の書類が多く、窓口で待つ時間が長いという声をいただいています。",
    "近隣の市と比べて実績は多いものの、費用が増え続けています。",
    "昨年度の意見交換会では、**具体的な改善の案**を数多くいただきました。",
];
const STEPS: [&str; 8] = [
    "手引きを改め、やさしい日本語版をあわせて用意します",
    "委託の範囲を見直し、*事務の時間*を減らします",
    "説明会を開き、趣旨と手続を伝えます",
    "申請の書類を減らし、窓口とウェブのどちらでも受け付けます",
    "地域の団体と役割を分け、続けられる仕組みにします",
    "台帳を一つにまとめ、点検の漏れをなくします",
    "遅れている地区を訪ね、事情を聞き取ります",
    "結果を四半期ごとにまとめ、`進捗表`で共有します",
];
const EFFECTS: [&str; 4] = [
    "必要な人が早い段階で支援を受けられるようになります。",
    "費用を抑えながら、同じ水準のサービスを続けられます。",
    "成果は年度末に公表し、達成できなかった点は理由を明らかにします。",
    "手続にかかる時間が短くなり、職員は相談に時間を使えます。",
];
const DONE: [&str; 5] = [
    "手引きを改めて公開したところ、問い合わせの件数が減りました。",
    "計画した回数の説明会をすべて開き、延べ多数の方に参加いただきました。",
    "台帳の統合を終え、点検の漏れがなくなりました。",
    "申請の書類を三種類から一種類に減らしました。",
    "遅れていた地区のうち、半数で取組が始まりました。",
];

/// Numbers that look random and depend on nothing but the seed (SplitMix64, Steele and others 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// `count` of them, in order, without repeating one.
    fn some<'t>(&mut self, from: &[&'t str], count: usize) -> Vec<&'t str> {
        let first = self.below(from.len());
        (0..count.min(from.len())).map(|step| from[(first + step) % from.len()]).collect()
    }
}

fn frame() -> Vec<(String, String)> {
    let site = "title: 緑川市 重点目標と実績\nbase_url: https://www.example.lg.jp/goals/\nlanguage: ja\ntheme: default\n\
        organization: { name: 緑川市 }\ncontact: { office: 企画課, telephone: 0000-00-1000 }\n\
        calendar: { year_starts: 4, named_by: start, era: japanese }\nscale:\n\
        \x20 - { key: above, label: 計画以上, shape: double-circle, color: success }\n\
        \x20 - { key: on-plan, label: 計画通り, shape: circle, color: info }\n\
        \x20 - { key: below, label: 計画未満, shape: triangle, color: warning, needs: reason }\n";
    let mut files = vec![
        ("site.yaml".to_owned(), site.to_owned()),
        (
            "content/index.md".to_owned(),
            "---\ntitle: 緑川市\n---\n各部の重点目標と、その結果を公表しています。\n".into(),
        ),
        (
            "content/pages/about.md".to_owned(),
            "---\ntitle: この記録について\n---\n## 読み方\n\n目標と実績を並べています。\n".into(),
        ),
    ];
    for (index, (key, name)) in PILLARS.iter().enumerate() {
        let text = format!("---\nnumber: {}\nname: {name}\n---\n{name}をめざします。\n", index + 1);
        files.push((format!("content/pillars/{key}.md"), text));
    }
    for (index, (key, name)) in DEPARTMENTS.iter().enumerate() {
        let text = format!("---\nname: {name}\norder: {}\nyears: [{FIRST_YEAR}]\n---\n", index + 1);
        files.push((format!("content/departments/{key}.md"), text));
    }
    files
}

/// A goal and, in a closed year, its result.
fn documents(index: usize) -> Vec<(String, String)> {
    let mut dice = Dice(index as u64);
    let year = FIRST_YEAR + index % YEARS;
    let (department, department_name) = DEPARTMENTS[index / YEARS % DEPARTMENTS.len()];
    let number = index / (YEARS * DEPARTMENTS.len()) + 1;
    let pillar_index = dice.below(PILLARS.len());
    let pillar = PILLARS[pillar_index].0;
    let (topic, people) = (dice.pick(&TOPICS), dice.pick(&PEOPLE));
    let title = format!("{topic}の{}（{people}、第{number}地区）", dice.pick(&DEEDS));
    let (measure, unit, scale) = dice.pick(&MEASURES);
    let target = scale + dice.below(scale);
    let actual = target * (80 + dice.below(40)) / 100;
    let path = format!("content/{year}/{department}/{}-{number:04}", pillar_index + 1);
    let steps = dice.some(&STEPS, 5);
    let has_note = dice.below(10) < 3;

    let mut goal = format!(
        "---\ntitle: {title}\npillar: {pillar}\nupdated: {year}-06-{:02}\nactions:\n  - text: {topic}を{people}とともに進める\n    \
         sections: [管理課]\n    criterion: {measure} {target}{unit}以上\n    indicator: {{ name: {measure}, unit: {unit}, target: {target} }}\n---\n",
        dice.below(28) + 1
    );
    goal += &format!(
        "## 現状と課題\n\n{}{}\n\n## 取組の内容\n\n",
        dice.some(&REASONS, 4).concat(),
        if has_note { "[^1]" } else { "" }
    );
    for (step_index, step) in steps.iter().enumerate() {
        goal += &format!("- {step}\n");
        if step_index == 1 {
            goal += "  - 対象の地区を選ぶ\n  - 実施したあとに聞き取る\n";
        }
    }
    goal += &format!(
        "\n詳しくは[{department_name}のページ](/{year}/{department}/)と[{topic}の解説](https://www.example.jp/guide/{})をご覧ください。\n\n## 目標値（{measure}）\n\n| 時期 | 計画 | 備考 |\n| --- | ---: | --- |\n",
        dice.below(40) + 1
    );
    for quarter in 1..=4 {
        goal += &format!("| 第{quarter}四半期 | {}{unit} | {} |\n", target * quarter / 4, dice.pick(&DEEDS));
    }
    goal += &format!("\n## 期待される効果\n\n{}\n", dice.some(&EFFECTS, 3).concat());
    if has_note {
        goal += "\n[^1]: 数は毎年度の調査によります。\n";
    }
    let mut files = vec![(format!("{path}.md"), goal)];

    if year < FIRST_YEAR + YEARS - 1 {
        let (level, reason) = match actual * 100 / target {
            110.. => ("above", ""),
            100.. => ("on-plan", ""),
            _ => ("below", "reason: 参加の呼びかけが遅れたため\n"),
        };
        let mut result = format!(
            "---\nevaluation: {level}\n{reason}updated: {}-07-{:02}\nactions:\n  - {{ result: {measure}は{actual}{unit}となった, actual: {actual} }}\n---\n",
            year + 1,
            dice.below(28) + 1
        );
        result += &format!("### 実施した内容\n\n{}\n\n### 今後の方向\n\n", dice.some(&DONE, 4).concat());
        for step in dice.some(&STEPS, 3) {
            result += &format!("- {step}\n");
        }
        files.push((format!("{path}.result.md"), result));
    }
    files
}
