//! Pillars below pillars: 政策, 施策, 基本事業.

use super::{Pillar, PillarId, Site, findings};
use crate::diagnostic::Diagnostic;
use crate::document::{Kind, UNNUMBERED};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;

/// Finds out which pillar stands below which, puts each behind the one above it, and numbers them along the way. What leads
/// nowhere, back to itself or below the last tier is told; the first two stand at the top.
pub(super) fn arrange(site: &mut Site, unread: &[(Kind, FileId)], out: &mut Vec<Diagnostic>) {
    sort(site, unread, out);
    for index in 0..site.pillars.len() {
        let Pillar { matter, under, .. } = &site.pillars[index];
        // Those above come first, and have their numbers.
        let above = under.and_then(|above| site.pillar(above).number.as_deref());
        let own = (matter.number != UNNUMBERED).then_some(matter.number);
        site.pillars[index].number = match (above, own) {
            (Some(above), Some(own)) => Some(format!("{above}-{own}").into()),
            (None, Some(own)) => Some(own.to_string().into()),
            (_, None) => None,
        };
    }
}

fn sort(site: &mut Site, unread: &[(Kind, FileId)], out: &mut Vec<Diagnostic>) {
    if site.pillars.iter().all(|pillar| pillar.matter.under.is_none()) {
        return;
    }
    let mut above: Vec<Option<usize>> = site.pillars.iter().map(|pillar| find(site, pillar, unread, out)).collect();
    let tiers = site.config.tiers.len();
    for index in 0..above.len() {
        let upwards = || std::iter::successors(above[index], |at| above[*at]).take(above.len());
        let (file, at, name) = written(&site.pillars[index]);
        if upwards().any(|at| at == index) {
            out.push(findings::pillar_loop(Place::new(file, at), name));
            above[index] = None;
        } else if tiers > 0 && upwards().count() >= tiers {
            out.push(findings::too_deep(Place::new(file, at), name, tiers));
        }
    }
    let mut order: Vec<usize> = Vec::with_capacity(above.len());
    let below = |index: Option<usize>| (0..above.len()).rev().filter(|it| above[*it] == index).collect::<Vec<_>>();
    let mut open = below(None);
    while let Some(index) = open.pop() {
        order.push(index);
        open.extend(below(Some(index)));
    }
    let mut places = vec![0; order.len()];
    for (place, index) in order.iter().enumerate() {
        places[*index] = place as u32;
    }
    let arranged = order.iter().map(|index| {
        let Pillar { key, matter, .. } = &site.pillars[*index];
        let under = above[*index].map(|above| PillarId(places[above]));
        Pillar { key: key.clone(), matter: matter.clone(), under, number: None }
    });
    site.pillars = arranged.collect();
}

/// Where a pillar says what is above it.
fn written(pillar: &Pillar) -> (FileId, Span, &str) {
    let at = pillar.matter.under.as_ref().map_or(pillar.matter.name_at, |under| under.at);
    (pillar.matter.body.file, at, &pillar.matter.name)
}

fn find(site: &Site, pillar: &Pillar, unread: &[(Kind, FileId)], out: &mut Vec<Diagnostic>) -> Option<usize> {
    let under = pillar.matter.under.as_ref()?;
    let found = site.pillars.iter().position(|other| *other.key == *under.value);
    // It is there, and what is wrong with it was told.
    let is_unread = || unread.iter().any(|(kind, _)| *kind == Kind::Pillar(under.value.clone()));
    if found.is_none() && !is_unread() {
        let place = Place::new(pillar.matter.body.file, under.at);
        out.push(findings::unknown_upper(place, &under.value, site.pillars.iter().map(|other| &*other.key)));
    }
    found
}
