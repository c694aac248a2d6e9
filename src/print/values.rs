//! The values of a booklet that are more than one line of letters, as blocks.

use super::view::{Booklet, Goal, Said};
use crate::markdown::value;
use crate::view;
use std::collections::BTreeMap;

/// All of them, each once, with what they are in the booklet's fields.
pub(super) fn of(booklet: &Booklet) -> Vec<Said> {
    let mut found = BTreeMap::new();
    let mut add = |text: &str| {
        if let Some(blocks) = value::blocks(text) {
            found.insert(text.to_owned(), blocks);
        }
    };
    for text in [&booklet.notice, &booklet.contact.address].into_iter().flatten() {
        add(text);
    }
    for goal in booklet.parts.iter().flat_map(|part| &part.groups).flat_map(|group| &group.goals) {
        of_goal(goal, &mut add);
    }
    booklet.totals.iter().for_each(|total| add(&total.value));
    booklet.corrections.iter().for_each(|corrected| of_correction(&corrected.correction, &mut add));
    found.into_iter().map(|(text, blocks)| Said { text, blocks }).collect()
}

fn of_goal(goal: &Goal, add: &mut impl FnMut(&str)) {
    for action in &goal.actions {
        add(&action.text);
        [&action.criterion, &action.result].into_iter().flatten().for_each(|text| add(text));
        action.indicators.iter().for_each(|indicator| of_indicator(indicator, add));
        action.extras.iter().for_each(|extra| add(&extra.value));
    }
    goal.extras.iter().chain(&goal.result_extras).for_each(|extra| add(&extra.value));
    goal.reason.iter().chain(&goal.ended).for_each(|text| add(text));
    goal.thread.iter().filter_map(|step| step.ended.as_ref()).for_each(|text| add(text));
    for action in goal.progress.iter().flat_map(|report| &report.actions) {
        add(&action.text);
        action.result.iter().for_each(|text| add(text));
        action.indicators.iter().for_each(|indicator| of_indicator(indicator, add));
    }
    let reported = goal.progress.iter().flat_map(|report| &report.indicators);
    goal.indicators.iter().chain(reported).for_each(|indicator| of_indicator(indicator, add));
    goal.corrections.iter().for_each(|correction| of_correction(correction, add));
}

fn of_indicator(indicator: &view::Indicator, add: &mut impl FnMut(&str)) {
    [&indicator.name, &indicator.note].into_iter().flatten().for_each(|text| add(text));
}

fn of_correction(correction: &view::Correction, add: &mut impl FnMut(&str)) {
    let texts = [&correction.item, &correction.was, &correction.now, &correction.why];
    texts.into_iter().flatten().for_each(|text| add(text));
}
