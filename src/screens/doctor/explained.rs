//! A finding in full, or the findings of a rule together.

use ratatui::text::Line;

use super::rows::Selected;
use crate::app::message::Route;
use crate::app::screen::View;
use crate::domain::doctor::{Finding, FixOptions, Group};
use crate::domain::ids::{ClientId, PoolId};
use crate::input::Action;
use crate::screens::shared::findings::{self, tone};
use crate::ui::properties::{Property, facts};

/// How many subjects the preview names.
const NAMED: usize = 100;

/// The subject of a row, in full.
pub(super) fn explained(
    pool: &PoolId,
    selected: &Selected,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let lines = match selected {
        Selected::All(group) => of_group(group, view),
        Selected::One(finding) => of_finding(pool, finding, view),
    };
    facts(&lines, width.saturating_sub(1), 9, view.theme)
}

fn of_finding<'a>(pool: &PoolId, finding: &'a Finding, view: &View) -> Vec<Property<'a>> {
    let mut lines = vec![
        Property::head(finding.rule.title),
        Property::new("Evidence", finding.seen.as_str()).tone(tone(finding.rule.severity)),
        Property::new("Why", finding.rule.why),
        change(pool, finding, view),
        Property::head(""),
        Property::new("On", finding.subject.to_string()),
    ];
    if let Some(client) = finding.subject.client() {
        lines.push(Property::new("Client id", client.as_str()).middle());
    }
    lines.push(Property::new("Rule", finding.rule.id.as_str()));
    lines
}

fn of_group<'a>(group: &Group<'a>, view: &View) -> Vec<Property<'a>> {
    let (key, enter) = (
        view.keys.label(Action::Fix),
        view.keys.label(Action::Enter).to_owned(),
    );
    let refused = group
        .findings
        .first()
        .and_then(|first| findings::not_together(first, view));
    let change = group.change().unwrap_or("Not the same for each.");
    let change = match refused {
        Some(why) => format!("{change} {why}."),
        None if key.is_empty() => change.to_owned(),
        None => format!("{change} {key} to fix them together."),
    };
    let mut lines = vec![
        Property::head(group.rule.title),
        Property::new("On", group.on()).tone(tone(group.rule.severity)),
        Property::new("Why", group.rule.why),
        Property::new("Change", change),
        Property::new("Rule", group.rule.id.as_str()),
        Property::head(format!("{enter} lists them")),
    ];
    let named = group.findings.iter().take(NAMED);
    lines.extend(named.map(|finding| {
        let id = finding.subject.client().map(ClientId::as_str);
        let id = id.map_or_else(String::new, |id| format!(" ({id})"));
        Property::new(
            "",
            format!("{}{id}: {}", finding.subject.name(), finding.seen),
        )
    }));
    let more = group.findings.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(Property::new("", format!("and {more} more")));
    }
    lines
}

/// What to change, and what the key does about it, or who else can.
fn change(pool: &PoolId, finding: &Finding, view: &View) -> Property<'static> {
    let fix = &finding.fix;
    let key = view.keys.label(Action::Fix);
    let ways = findings::fix_options(pool, finding, view);
    let text = match (finding.rule.fixes, ways.as_slice()) {
        (FixOptions::Elsewhere(how), _) => format!("{fix} {how}"),
        (_, []) => fix.clone(),
        _ if key.is_empty() => fix.clone(),
        (_, [only]) if matches!(only.route, Route::Plan(_)) => format!("{fix} {key} to fix."),
        (_, [only]) => format!("{fix} {key}: {}.", only.label),
        (_, ways) => format!("{fix} {key} for {} fixes.", ways.len()),
    };
    Property::new("Change", text)
}
