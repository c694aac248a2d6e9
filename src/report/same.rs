//! Findings of one file that say the same of the same words: people read one of them, and how often it is true.

use crate::diagnostic::{Diagnostic, Rule};
use crate::text::language::Message;
use crate::text::place::Place;
use std::collections::BTreeMap;

/// A finding, and the other places in its file where the same is to be said.
pub(super) struct Same<'f> {
    /// The first of them.
    pub(super) finding: &'f Diagnostic,
    /// The others, in order.
    pub(super) others: Vec<Place>,
}

impl Same<'_> {
    /// At how many places it is.
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }
}

/// The findings of one file, in order, each with its repetitions. What is about the file as a whole or points to other
/// places stands for itself.
pub(super) fn same<'f>(findings: &[&'f Diagnostic], text: &str) -> Vec<Same<'f>> {
    let mut out: Vec<Same<'f>> = Vec::with_capacity(findings.len());
    let mut first: BTreeMap<(Rule, &Message, Option<&Message>, &str), usize> = BTreeMap::new();
    for finding in findings {
        let span = finding.place.span;
        let marked = text.get(span.start as usize..span.end as usize).filter(|marked| !marked.is_empty());
        if let (Some(marked), true) = (marked, finding.related.is_empty()) {
            let key = (finding.rule, &finding.message, finding.help.as_ref(), marked);
            if let Some(index) = first.get(&key) {
                out[*index].others.push(finding.place);
                continue;
            }
            first.insert(key, out.len());
        }
        out.push(Same { finding, others: Vec::new() });
    }
    out
}
