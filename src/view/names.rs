//! What templates can name, in one place: compiled ones find fields by their position here.

use super::*;
use reflect::reflect;

reflect! {
    Link { title, href, current }
    Pdf { title, href, large }
    Frame {
        kind, edition, title, heading, page_id, canonical, description, updated, updated_iso, root, screen_href,
        large_href, pdfs, breadcrumbs, nav, footer, previous, next, contact, sample, draft, json_ld,
    }
    Site { title, organization, language, notice, feedback_url, assets }
    Contact { office, postal_code, address, telephone, telephone_number, telephone_note, telephone_href, fax, email, form_url, successor }
    Level { label, shape, color }
    Pillar { key, number, tier, depth, name, short, href, goals }
    GoalRow { number, title, href, level, figures, has_result, sample, draft }
    Figures { met, missed, total }
    GoalGroup { link, goals }
    Goal {
        number, anchor, title, title_with_ruby, href, pillar, above, department, year, sample, draft, level, has_action_levels, actions,
        indicators, extras, html, outcome, pending, progress, ended, thread, today,
    }
    Action { text, sections, criterion, indicator, indicators, has_target, has_actual, extras, result, level }
    Extra { label, value, href }
    Indicator { name, unit, baseline, target, target_state, first_target, actual, actual_state, note, stated, down, met, bar }
    Bar { actual, target, target_to, baseline }
    Outcome { level, reason, extras, html, corrections, updated, sample, draft }
    Correction { date, item, was, now, why }
    Progress { date, actions, indicators, html }
    ProgressAction { text, result, actual, actual_state, unit, indicators }
    ThreadRow { year, department, goal, current, ended }
    Home { html, goals, results, pillars, departments, years, updates }
    GoalsPanel { year, departments, goals, pillars }
    ResultsPanel { year, departments, results, levels, figures, missed }
    LevelCount { level, count }
    YearRow { link, results_href, goals, results, department }
    Update { date, link, kind }
    Matrix { columns, tier, rows, totals, total }
    MatrixColumn { title, full, href }
    MatrixRow { link, cells, total }
    MatrixCell { count, href }
    Year { label, html, matrix, pillars, groups, results, previous_results, years, goals, pending, totals }
    Results { label, year, goals, results, levels, figures, matrix, missed, judged, groups, years }
    Missed { goal, department, indicators, reason }
    DepartmentYear {
        label, name, department, year, head, html, groups, goals, results, levels, figures, has_results, has_levels,
        has_sections, has_criteria, pending, today, departments, totals,
    }
    PillarGroup { pillar, goals }
    PillarYear { label, pillar, year, groups, goals, pillars, totals, below }
    Department { name, reading, existed, html, sections, predecessors, successors, today, years, has_results }
    PillarPage { pillar, html, years, has_results, pillars, below }
    Departments { current, former }
    Former { link, existed, today }
    Pillars { pillars, tree }
    Text { html }
    Sitemap { texts, departments, pillars, years }
    SitemapYear { year, results, pillars, departments }
}
