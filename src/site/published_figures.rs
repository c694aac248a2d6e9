//! The figures of a record as they were published: written beside the site, and compared with by the next check.
//!
//! Targets, actual values and levels of every goal, one line each, in order of their names: the same record gives the
//! same bytes. Holds nothing that is not on the pages as well.

use super::{Goal, Outcome, Site};
use crate::document::{GoalName, Indicator, Measured, Target, measures};
use crate::value::figure::Figure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of the file under `public/`.
pub const FIGURES: &str = "kohyo-figures.json";

const FORMAT: &str = "kohyo-figures/1";

/// The figures of a published record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// By the name of the goal.
    pub goals: BTreeMap<String, PublishedGoal>,
}

/// The figures of a goal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedGoal {
    /// Key of the level of its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How many corrections its result has.
    #[serde(default)]
    pub corrections: usize,
    /// One for each action.
    pub actions: Vec<PublishedAction>,
    /// The goal's own indicators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<PublishedIndicator>,
}

/// The figures of one of several indicators, or of one of a goal as a whole; as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedIndicator {
    /// Its key or name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was promised later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised_target: Option<String>,
    /// What was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
}

impl PublishedIndicator {
    fn of((indicator, measured): (&Indicator, Option<&Measured>)) -> Self {
        let target = |target: &Option<Target>| match target.as_ref()? {
            Target::Figure(figure) => Some(figure.to_string()),
            Target::Range(from, to) => Some(format!("{from}–{to}")),
            Target::None(_) => None,
        };
        Self {
            name: indicator.known_as().map(str::to_owned),
            target: target(&indicator.target),
            revised_target: target(&indicator.revised_target),
            actual: measured.and_then(Measured::figure).map(Figure::to_string),
        }
    }
}

/// The figures of an action, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedAction {
    /// What was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was promised later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised_target: Option<String>,
    /// What was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Key of its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Its indicators, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<PublishedIndicator>,
}

impl PublishedAction {
    /// Its indicators, also where there is one: that has no name.
    pub fn all(&self) -> Vec<PublishedIndicator> {
        if self.indicators.is_empty()
            && [&self.target, &self.revised_target, &self.actual].iter().any(|it| it.is_some())
        {
            let (target, revised_target) = (self.target.clone(), self.revised_target.clone());
            return vec![PublishedIndicator { name: None, target, revised_target, actual: self.actual.clone() }];
        }
        self.indicators.clone()
    }
}

impl PublishedGoal {
    /// The figures of a goal as it stands.
    pub fn of(site: &Site, goal: &Goal) -> Self {
        let outcome = goal.outcome.as_deref();
        let level = |index: Option<usize>| site.level(goal.year, index?).map(|level| level.key.to_string());
        let actions = goal.actions.iter().enumerate().map(|(index, action)| {
            let measured = outcome.and_then(|it| it.actions.get(index)).map_or(&[][..], |it| &it.measured);
            let mut indicators: Vec<_> = measures(&action.indicators, measured).map(PublishedIndicator::of).collect();
            let level = level(outcome.and_then(|it: &Outcome| it.action_levels.get(index).copied().flatten()));
            if indicators.len() > 1 {
                return PublishedAction { level, indicators, ..PublishedAction::default() };
            }
            let PublishedIndicator { target, revised_target, actual, .. } = indicators.pop().unwrap_or_default();
            PublishedAction { target, revised_target, actual, level, indicators }
        });
        let own = measures(&goal.indicators, outcome.map_or(&[][..], |it| &it.measured));
        let own = own.map(PublishedIndicator::of).collect();
        Self {
            actions: actions.collect(),
            indicators: own,
            level: level(outcome.and_then(|it| it.level)),
            corrections: outcome.map_or(0, |it| it.corrections.len()),
        }
    }
}

impl Published {
    /// The figures of a record as it may be seen.
    pub fn of(site: &Site) -> Self {
        let named = |goal: &Goal| -> (String, PublishedGoal) {
            let name: GoalName = site.name(goal);
            (name.to_string(), PublishedGoal::of(site, goal))
        };
        Self { goals: site.goals.iter().map(named).collect() }
    }

    /// As it is written beside the site.
    pub fn json(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.goals.len() * 96 + 128);
        // Writing to a String cannot fail.
        let _ = write!(out, "{{\n  \"format\": \"{FORMAT}\",\n  \"goals\": {{");
        let mut separator = "\n";
        for (name, goal) in &self.goals {
            let (name, goal) = (serde_json::json!(name), serde_json::to_string(goal).unwrap_or_default());
            let _ = write!(out, "{separator}    {name}: {goal}");
            separator = ",\n";
        }
        out.push_str("\n  }\n}\n");
        out.into_bytes()
    }

    /// Reads what was written beside a site; `None` for anything else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Wire {
            format: String,
            goals: BTreeMap<String, PublishedGoal>,
        }
        let wire: Wire = serde_json::from_slice(bytes).ok()?;
        (wire.format == FORMAT).then_some(Self { goals: wire.goals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let action = PublishedAction { target: Some("3".into()), actual: Some("98.40".into()), ..Default::default() };
        let goal = PublishedGoal {
            level: Some("on-plan".into()),
            corrections: 1,
            actions: vec![action],
            ..Default::default()
        };
        let published = Published {
            goals: [("2025/企画/1-01".to_owned(), goal), ("2025/企画/1-02".to_owned(), PublishedGoal::default())]
                .into(),
        };
        assert_eq!(Published::parse(&published.json()), Some(published));
        assert_eq!(Published::parse(b"{}"), None);
        assert_eq!(Published::parse(b"\xff"), None);
    }
}
