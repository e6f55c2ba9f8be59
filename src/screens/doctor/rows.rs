//! The rows of the doctor: one per rule, and below it, where they are wanted, one per subject.

use std::collections::HashSet;
use std::ops::Range;

use ratatui::text::Line;

use crate::app::screen::View;
use crate::domain::doctor::{Finding, Group, RuleId, Subject, grouped};
use crate::domain::ids::ClientId;
use crate::domain::time::Timestamp;
use crate::screens::shared::findings::tone;
use crate::screens::shared::list::{ListSource, SortKey};
use crate::ui::table::Row;

/// The findings of a report, and how they are shown.
#[derive(Default)]
pub(super) struct Entries {
    findings: Vec<Finding>,
    rows: Vec<Entry>,
    /// The rules whose subjects are listed.
    open: HashSet<RuleId>,
    /// A filter looks for single subjects: no row groups several.
    flat: bool,
}

struct Entry {
    /// Identifies it, so that the cursor stays on it.
    id: String,
    /// The findings of its rule.
    group: Range<usize>,
    /// The finding, unless the row is for a whole rule.
    one: Option<usize>,
}

impl Entry {
    fn is_member(&self) -> bool {
        self.one.is_some() && self.group.len() > 1
    }
}

/// The subject of a row.
pub(super) enum Selected<'a> {
    /// All findings of a rule, at least two.
    All(Group<'a>),
    One(&'a Finding),
}

impl Entries {
    /// Shows another report.
    pub(super) fn set(&mut self, findings: Vec<Finding>) {
        self.findings = findings;
        self.arrange();
    }

    /// Lists each subject by itself, as a filter wants them, or those of a rule together.
    pub(super) fn flatten(&mut self, flat: bool) {
        if self.flat != flat {
            self.flat = flat;
            self.arrange();
        }
    }

    /// Lists the subjects of a rule, or no longer.
    pub(super) fn toggle(&mut self, rule: RuleId) {
        if !self.open.remove(&rule) {
            self.open.insert(rule);
        }
        self.arrange();
    }

    pub(super) fn is_open(&self, rule: RuleId) -> bool {
        self.open.contains(&rule)
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn get(&self, at: usize) -> Option<Selected<'_>> {
        let entry = self.rows.get(at)?;
        match entry.one {
            Some(one) => self.findings.get(one).map(Selected::One),
            None => self.group(entry).map(Selected::All),
        }
    }

    fn group(&self, entry: &Entry) -> Option<Group<'_>> {
        let findings = self.findings.get(entry.group.clone())?;
        grouped(findings).next()
    }

    fn arrange(&mut self) {
        let mut rows = Vec::new();
        let mut from = 0;
        for group in grouped(&self.findings) {
            let range = from..from + group.findings.len();
            from = range.end;
            if range.len() > 1 && !self.flat {
                rows.push(Entry {
                    id: group.rule.id.to_string(),
                    group: range.clone(),
                    one: None,
                });
                if !self.is_open(group.rule.id) {
                    continue;
                }
            }
            rows.extend(range.clone().zip(group.findings).map(|(at, finding)| {
                let on = finding.subject.client().map(ClientId::as_str);
                let on = on.unwrap_or(finding.subject.name());
                Entry {
                    id: format!("{} {on}", finding.rule.id),
                    group: range.clone(),
                    one: Some(at),
                }
            }));
        }
        self.rows = rows;
    }
}

/// The subject in a row. Most are app clients: their name suffices.
fn on(subject: &Subject) -> String {
    match subject {
        Subject::Client { name, .. } => name.clone(),
        other => other.to_string(),
    }
}

/// The rows as a list.
pub(super) struct FindingRows<'a> {
    pub(super) entries: &'a Entries,
    pub(super) made_at: Option<Timestamp>,
    pub(super) view: &'a View<'a>,
}

impl FindingRows<'_> {
    /// The finding of a row that has one.
    fn finding(&self, index: usize) -> Option<&Finding> {
        match self.entries.get(index)? {
            Selected::One(finding) => Some(finding),
            Selected::All(_) => None,
        }
    }
}

impl ListSource for FindingRows<'_> {
    fn len(&self) -> usize {
        self.entries.rows.len()
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.made_at
    }

    fn view(&self) -> &View<'_> {
        self.view
    }

    fn id(&self, index: usize) -> &str {
        self.entries.rows.get(index).map_or("", |entry| &entry.id)
    }

    fn texts(&self, index: usize) -> Vec<String> {
        let Some(selected) = self.entries.get(index) else {
            return Vec::new();
        };
        let (rule, on) = match selected {
            Selected::All(group) => (group.rule, group.on()),
            Selected::One(finding) => (finding.rule, finding.subject.to_string()),
        };
        vec![
            rule.severity.label().to_owned(),
            rule.title.to_owned(),
            on,
            rule.id.to_string(),
        ]
    }

    fn key(&self, index: usize, column: usize) -> SortKey {
        let entry = self.entries.rows.get(index);
        // Subjects stay below the row of their rule.
        let group = entry.and_then(|entry| self.entries.group(entry));
        let Some(group) = group else {
            return SortKey::None;
        };
        match (column, group.findings) {
            (0, _) => SortKey::number(Some(group.rule.severity as i64)),
            (1, _) => SortKey::text(group.rule.title),
            (_, [one]) => SortKey::text(&on(&one.subject)),
            _ if self.entries.flat => self
                .finding(index)
                .map_or(SortKey::None, |one| SortKey::text(&on(&one.subject))),
            _ => SortKey::text(&group.on()),
        }
    }

    fn row(&self, index: usize) -> Row<'_> {
        let Some(selected) = self.entries.get(index) else {
            return Row::default();
        };
        let theme = self.view.theme;
        let (rule, on) = match &selected {
            Selected::All(group) => (group.rule, group.on()),
            Selected::One(finding) => (finding.rule, on(&finding.subject)),
        };
        let tone = tone(rule.severity);
        // A hint has no sign; its word is aligned with the others.
        let sign = if tone.sign().is_empty() {
            "  "
        } else {
            tone.sign()
        };
        let entry = self.entries.rows.get(index);
        let title = if !self.entries.flat && entry.is_some_and(Entry::is_member) {
            Line::styled(format!("  {}", rule.title), theme.dim)
        } else {
            Line::raw(rule.title)
        };
        Row::new([
            Line::styled(format!("{sign}{}", rule.severity.label()), theme.tone(tone)),
            title,
            Line::raw(on),
        ])
    }
}
