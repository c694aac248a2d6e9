//! What is said of names that lead nowhere, and of results that do not fit their goals.

use crate::diagnostic::suggest::{quoted_list, suggest, suggest_among};
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::language::counted;
use crate::text::nearest::nearest;
use crate::text::place::Place;
use crate::value::calendar::FiscalYear;

/// The folder names no department.
pub fn unknown_department<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownDepartment,
        place,
        format!("「{name}」という部局は台帳にありません。"),
        format!("no department is called `{name}`"),
    );
    let near = nearest(name, known.clone());
    match near {
        Some(near) => finding.help(
            format!("「{near}」のことですか。新しい部局なら content/departments/{name}.md を作ります。"),
            format!("did you mean `{near}`? For a new department, make content/departments/{name}.md"),
        ),
        None => {
            let (ja, en) = quoted_list(known, 8);
            finding.help(
                format!("文書を、台帳にある部局のフォルダーに移します: {ja}。新しい部局なら content/departments/{name}.md を作り、name（名称）と years（年度）を書きます。"),
                format!("move it to the folder of a known department: {en}; for a new one, make content/departments/{name}.md with its `name` and `years`"),
            )
        }
    }
}

/// The department did not exist that year.
pub fn department_years(
    place: Place,
    name: &str,
    year: FiscalYear,
    successors: &[(&str, &str)],
    ledger: Place,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::DepartmentYears,
        place,
        format!("{name}は{year}年度にはありません。"),
        format!("{name} did not exist in fiscal year {year}"),
    )
    .also(ledger, "台帳の年度はここ", "the ledger's years are here");
    if successors.is_empty() {
        return finding.help(
            "文書の場所（年度と部局のフォルダー）か、台帳の years を直します。",
            "mend the folder of the document, or `years` in the ledger",
        );
    }
    let ja: Vec<String> = successors.iter().map(|(key, name)| format!("{key}（{name}）")).collect();
    let en: Vec<&str> = successors.iter().map(|(key, _)| *key).collect();
    finding.help(
        format!("引き継いだ部局のフォルダーに移します: {}。台帳が違うなら、years を直します。", ja.join("、")),
        format!("move it to the department that took over: {}; or mend `years` in the ledger", en.join(", ")),
    )
}

/// `becomes` names no department.
pub fn unknown_successor<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::DepartmentSuccessor,
        place,
        format!("引き継ぎ先の部局「{name}」は台帳にありません。"),
        format!("the successor `{name}` is not in the ledger"),
    );
    suggest(finding, name, known)
}

/// Following `becomes` comes back to the start.
pub fn successor_loop(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DepartmentSuccessor,
        place,
        format!("{name}の引き継ぎ先をたどると、{name}に戻ります。"),
        format!("following the successors of {name} leads back to it"),
    )
}

/// The pillar is not known. `names` are the official ones of the year, `known` all that may be written.
pub fn unknown_pillar<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    names: impl IntoIterator<Item = &'a str>,
    of_short: Option<&str>,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownPillar,
        place,
        format!("「{name}」という柱はありません。"),
        format!("no pillar is called `{name}`"),
    );
    if let Some(official) = of_short {
        return finding
            .help(
                format!("「{name}」は「{official}」の略称です。正式な名前で書きます。"),
                format!("`{name}` is short for `{official}`: write that"),
            )
            .guess(place, official);
    }
    suggest_among(finding, name, known, names)
}

/// What a pillar stands below is not known.
pub fn unknown_upper<'a>(place: Place, name: &str, keys: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownPillar,
        place,
        format!("「{name}」というファイル名の柱はありません。"),
        format!("there is no pillar with the file name `{name}`"),
    );
    suggest(finding, name, keys)
}

/// A pillar that stands below itself.
pub fn pillar_loop(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        format!("{name}の上位をたどると、{name}に戻ります。"),
        format!("following what is above {name} leads back to it"),
    )
    .help("すぐ上の階層の柱を書きます。", "name the pillar right above it")
}

/// A pillar below the last tier.
pub fn too_deep(place: Place, name: &str, tiers: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        format!("{name}は、{}段目です。階層は{tiers}段です。", tiers + 1),
        format!("{name} would be below the last of {tiers} tiers"),
    )
    .help(
        "上位を確かめるか、site.yaml の pillars（柱）の tiers（階層）に、その段の呼び名を足します。",
        "correct what it is under, or add the tier to `pillars: { tiers: … }` of site.yaml",
    )
}

/// The pillar does not hold that year.
pub fn pillar_years(place: Place, name: &str, year: FiscalYear, ledger: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownPillar,
        place,
        format!("柱「{name}」は{year}年度にはありません。"),
        format!("the pillar `{name}` does not hold in fiscal year {year}"),
    )
    .also(ledger, "柱の年度はここ", "the pillar's years are here")
}

/// The section is not in the ledger of its department.
pub fn unknown_section<'a>(
    place: Place,
    name: &str,
    department: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownSection,
        place,
        format!("{department}の台帳に「{name}」はありません。"),
        format!("`{name}` is not in the ledger of {department}"),
    );
    // 企画課、財政課 or 企画部 企画課: the right names are in it.
    let parts =
        name.split(['、', '，', ',', '/', '／', '・', ' ', '\u{3000}', '［', '］']).filter(|part| !part.is_empty());
    let named: Vec<&str> = parts.filter_map(|part| known.clone().into_iter().find(|known| *known == part)).collect();
    match named[..] {
        [] => suggest(finding, name, known),
        [one] => finding.help(format!("「{one}」とだけ書きます。"), format!("write only `{one}`")).guess(place, one),
        _ => {
            let list = named.join(", ");
            finding.help(
                format!("2つ以上の課等は、[ ] の中に半角のカンマで区切って書きます: [{list}]"),
                format!("write several sections as a list: [{list}]"),
            )
        }
    }
}

/// The level is not in the scale of the year. `labels` are what pages show, `known` all that may be written.
pub fn unknown_level<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    labels: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let none = known.clone().into_iter().next().is_none();
    let finding = Diagnostic::new(
        Rule::UnknownLevel,
        place,
        format!("「{name}」という評価は、この年度の尺度にありません。"),
        format!("`{name}` is not a level of this year's scale"),
    );
    if none {
        return finding.help(
            "この年度には評価の尺度がありません。site.yaml の scale（尺度）に書くか、この項目を消します。",
            "this year has no scale; define `scale` in site.yaml or remove the key",
        );
    }
    suggest_among(finding, name, known, labels)
}

/// `continues` names no goal.
pub fn unknown_goal(place: Place, name: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownGoal,
        place,
        format!("続きのもとの目標「{name}」が見つかりません。"),
        format!("the goal `{name}` is not found"),
    );
    match near {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "年度/部局/ファイル名 で書きます（例 2025/planning-finance/1-02）。",
            "write YEAR/DEPARTMENT/NAME, such as 2025/planning-finance/1-02",
        ),
    }
}

/// `continues` names a goal of the same or a later year.
pub fn thread_order(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThreadOrder,
        place,
        format!("「{name}」は前の年度の目標ではありません。"),
        format!("`{name}` is not a goal of an earlier year"),
    )
}

/// A result without its goal.
/// `elsewhere` is the folder of another year that has a goal of that name.
pub fn orphan_result<'a>(
    place: Place,
    name: &str,
    elsewhere: Option<&str>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::OrphanResult,
        place,
        format!("実績「{name}.result.md」に対する目標「{name}.md」がありません。"),
        format!("`{name}.result.md` has no goal `{name}.md` beside it"),
    );
    if let Some(folder) = elsewhere {
        return finding.help(
            format!("{folder}/ には「{name}.md」があります。その目標の実績なら、このファイルを {folder}/ に移します。実績は、目標と同じ年度のフォルダーに置きます。"),
            format!("`{name}.md` is in {folder}/: move this file there if it is its result; a result lies in the year of its goal"),
        );
    }
    match nearest(name, known) {
        Some(near) => finding.help(
            format!("まだ書いていなければ、先に目標「{name}.md」を書きます。目標「{near}.md」の実績なら、ファイル名を「{near}.result.md」にします。"),
            format!("write the goal `{name}.md` first; or, if it belongs to `{near}.md`, call it `{near}.result.md`"),
        ),
        None => finding.help(
            format!("先に目標「{name}.md」を同じフォルダーに書くか、実績のファイル名を目標と同じにします。"),
            format!("write the goal `{name}.md` in the same folder first, or call the result like its goal"),
        ),
    }
}

/// Different numbers of actions.
pub fn count_mismatch(place: Place, results: usize, goal: Place, actions: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::CountMismatch,
        place,
        format!("実績は{results}件ですが、目標の取組は{actions}件です。"),
        format!("{} for {}", counted(results, "result"), counted(actions, "action")),
    )
    .help(
        "目標の取組と同じ順に、同じ数だけ書きます。行わなかった取組には「実施しなかった」と理由を書きます。",
        "write one result for each action of the goal, in the same order; say so where an action was not done",
    )
    .also(goal, "目標の取組はここ", "the goal's actions are here")
}

/// The level asks for a reason and there is none.
pub fn missing_reason(place: Place, level: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingReason,
        place,
        format!("評価「{level}」には理由が要ります。"),
        format!("the level `{level}` needs a reason"),
    )
    .help("「reason: …」（理由）の行を足します。", "add a line `reason: …`")
}

/// An actual value without a target to compare it with.
pub fn actual_without_target(place: Place, action: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::ActualWithoutTarget,
        place,
        "実績値がありますが、目標に目標値がありません。",
        "there is an actual value, but the goal has no target",
    )
    .also(
        action,
        "この取組の indicator（指標）に target（目標値）を書きます",
        "give this action an indicator with a target",
    )
}

/// A value of an indicator that the goal does not have; without a name, nobody knows of which one.
pub fn unknown_indicator<'a>(
    place: Place,
    name: Option<&str>,
    known: impl Iterator<Item = &'a str> + Clone,
    goal: Place,
) -> Diagnostic {
    let (ja, en) = quoted_list(known.clone(), 8);
    let finding = match name {
        Some(name) => Diagnostic::new(
            Rule::UnknownIndicator,
            place,
            format!("目標に、指標「{name}」はありません。"),
            format!("the goal has no indicator `{name}`"),
        ),
        None => Diagnostic::new(
            Rule::UnknownIndicator,
            place,
            "どの指標の実績値か分かりません。",
            "nobody can tell which indicator this is the value of",
        ),
    };
    let finding = finding.also(goal, "目標の指標はここ", "the indicators of the goal are here");
    match name.and_then(|name| nearest(name, known)) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            format!("indicators（指標）に、指標ごとに name（名称）と actual（実績値）を書きます（{ja}）。"),
            format!("write `indicators` with the `name` and `actual` of each: {en}"),
        ),
    }
}

/// Two values of one indicator.
pub fn measured_twice(place: Place, name: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateKey,
        place,
        if name.is_empty() {
            "実績値が2つあります。".to_owned()
        } else {
            format!("「{name}」の実績値が2つあります。")
        },
        if name.is_empty() { "there are two values".to_owned() } else { format!("there are two values of `{name}`") },
    )
    .help("どちらか1つを消します。", "remove one of the two")
    .also(first, "1つ目はここ", "the first is here")
}

/// A value that was not measured, and nobody says why.
pub fn unmeasured_without_reason(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingReason,
        place,
        "測らなかったわけがありません。",
        "nothing says why this was not measured",
    )
    .help(
        "note（注記）か、実績の reason（理由）に、わけを書きます。",
        "say why in `note`, or in `reason` of the result",
    )
}
