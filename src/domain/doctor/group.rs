//! Findings of one rule together: a cause that many subjects share is shown once.

use std::fmt;

use super::{Finding, Rule, Subject, one_line};

/// The findings of one rule in a report, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    pub rule: &'static Rule,
    /// In the order of the report.
    pub findings: &'a [Finding],
}

/// The findings by rule, in their order. [`diagnose`](super::diagnose) has those of a rule next to each other.
pub fn grouped(findings: &[Finding]) -> impl Iterator<Item = Group<'_>> {
    let groups = findings.chunk_by(|one, other| one.rule == other.rule);
    groups.filter_map(|findings| {
        let rule = findings.first()?.rule;
        Some(Group { rule, findings })
    })
}

impl Group<'_> {
    /// What it is about: the subject, or the count of them, `7 app clients`.
    #[must_use]
    pub fn on(&self) -> String {
        match self.findings {
            [one] => one.subject.to_string(),
            several => {
                let kind = several.first().map_or("", |one| one.subject.kind());
                format!("{} {kind}s", several.len())
            }
        }
    }

    /// What to change, if that is the same for all.
    #[must_use]
    pub fn change(&self) -> Option<&str> {
        let (first, rest) = self.findings.split_first()?;
        let same = rest.iter().all(|one| one.fix == first.fix);
        same.then_some(first.fix.as_str())
    }
}

impl fmt::Display for Group<'_> {
    /// The cause once, then each subject with what was seen of it. A single finding in full.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [one] = self.findings {
            return one.fmt(f);
        }
        self.rule.heading(f)?;
        writeln!(f, "On:     {}", self.on())?;
        writeln!(f, "Why:    {}", self.rule.why)?;
        let change = self.change();
        if let Some(change) = change {
            writeln!(f, "Change: {}", one_line(change))?;
        }
        for finding in self.findings {
            write!(f, "- {}", subject(&finding.subject))?;
            writeln!(f, ": {}", one_line(&finding.seen))?;
            if change.is_none() {
                writeln!(f, "  Change: {}", one_line(&finding.fix))?;
            }
        }
        Ok(())
    }
}

/// A subject within its group, whose kind is known.
fn subject(subject: &Subject) -> String {
    // A line break in a name must not forge a line.
    let name = one_line(subject.name());
    match subject.client() {
        Some(id) => format!("{name} ({id})"),
        None => name,
    }
}
