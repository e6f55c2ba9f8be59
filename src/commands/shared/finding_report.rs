//! Findings in the formats of other programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::FindingFormat;
use crate::domain::doctor::{Finding, Judged, RULES, Rule, RuleId, Severity};
use crate::domain::pool::UserPool;
use crate::text::clean;

/// What a doctor found.
pub struct FindingReport<'a> {
    pub pool: &'a UserPool,
    pub findings: &'a [Finding],
    pub judged: &'a Judged,
    /// What could not be read.
    pub unread: &'a [&'static str],
    /// Whether a finding of a severity fails.
    pub fails: &'a dyn Fn(Severity) -> bool,
}

impl FindingReport<'_> {
    /// The report in a format.
    pub fn text(&self, format: FindingFormat) -> String {
        match format {
            FindingFormat::Sarif => format!("{:#}\n", self.sarif()),
            FindingFormat::Junit => self.junit(),
            FindingFormat::Github => self.github(),
        }
    }

    fn sarif(&self) -> Value {
        let rules: Vec<Value> = RULES
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.id.as_str(),
                    "shortDescription": { "text": rule.title },
                    "fullDescription": { "text": rule.why },
                    "defaultConfiguration": { "level": level(rule.severity) },
                })
            })
            .collect();
        let results: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                let place = self.place(finding);
                json!({
                    "ruleId": finding.rule.id.as_str(),
                    "level": level(finding.rule.severity),
                    "message": { "text": format!("{}: {} {}", finding.rule.title, finding.seen, finding.fix) },
                    "locations": [{ "logicalLocations": [{
                        "name": finding.subject.to_string(),
                        "fullyQualifiedName": place,
                        "kind": "resource",
                    }]}],
                    "partialFingerprints": { "subject/v1": place },
                })
            })
            .collect();
        let missed = self.judged.missed().iter().map(|rule| {
            json!({
                "descriptor": { "id": rule.as_str() },
                "level": "warning",
                "message": { "text": "not checked: something that it reads could not be read" },
            })
        });
        let unread = self.unread.iter().map(
            |what| json!({ "level": "warning", "message": { "text": format!("skipped: {what}") } }),
        );
        let notes: Vec<Value> = missed.chain(unread).collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "invocations": [{
                    "executionSuccessful": self.unread.is_empty(),
                    "toolExecutionNotifications": notes,
                }],
                "results": results,
            }],
        })
    }

    /// The pool and what in it a finding is about.
    fn place(&self, finding: &Finding) -> String {
        let pool = &self.pool.id;
        match (finding.subject.client(), finding.subject.name()) {
            (Some(id), _) => format!("{pool}/{id}"),
            (None, "") => pool.to_string(),
            (None, name) => format!("{pool}/{name}"),
        }
    }

    /// A test case per finding, per check that passed and per check that was not made.
    fn junit(&self) -> String {
        let (mut cases, mut tests, mut failures) = (String::new(), 0, 0);
        let title = |id: RuleId| {
            let rule: Option<&Rule> = RULES.iter().find(|rule| rule.id == id);
            rule.map_or(id.as_str(), |rule| rule.title)
        };
        for finding in self.findings {
            tests += 1;
            let rule = finding.rule;
            let name = format!("{}: {}", rule.title, finding.subject);
            let body = xml(&finding.to_string());
            let (name, class) = (xml(&name), xml(rule.id.as_str()));
            let severity = rule.severity.label();
            // Writing to a string cannot fail, here and below.
            let _ = if (self.fails)(rule.severity) {
                failures += 1;
                writeln!(
                    cases,
                    "  <testcase classname=\"{class}\" name=\"{name}\"><failure type=\"{severity}\" message=\"{}\">{body}</failure></testcase>",
                    xml(&finding.seen)
                )
            } else {
                writeln!(
                    cases,
                    "  <testcase classname=\"{class}\" name=\"{name}\"><system-out>{body}</system-out></testcase>"
                )
            };
        }
        let found = |id: RuleId| self.findings.iter().any(|finding| finding.rule.id == id);
        let checked = self.judged.checked().iter().copied();
        for id in checked.filter(|id| !found(*id)) {
            tests += 1;
            let _ = writeln!(
                cases,
                "  <testcase classname=\"{}\" name=\"{}\"/>",
                xml(id.as_str()),
                xml(title(id))
            );
        }
        let missed = self.judged.missed().iter().copied();
        let mut skipped = 0;
        for id in missed.filter(|id| !found(*id)) {
            tests += 1;
            skipped += 1;
            let _ = writeln!(
                cases,
                "  <testcase classname=\"{}\" name=\"{}\"><skipped message=\"not all that it reads could be read\"/></testcase>",
                xml(id.as_str()),
                xml(title(id))
            );
        }
        let name = xml(&format!(
            "cognitui doctor {} ({})",
            self.pool.name, self.pool.id
        ));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites><testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
             skipped=\"{skipped}\">\n{cases}</testsuite></testsuites>\n"
        )
    }

    /// A workflow command per finding.
    fn github(&self) -> String {
        let mut lines = String::new();
        for finding in self.findings {
            let level = match finding.rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Hint => "notice",
            };
            let title = format!("{} ({})", finding.rule.title, finding.rule.id);
            let message = format!(
                "{} of user pool {}: {}\n{}",
                finding.subject, self.pool.id, finding.seen, finding.fix
            );
            let _ = writeln!(
                lines,
                "::{level} title={}::{}",
                property(&title),
                data(&message)
            );
        }
        for what in self.unread {
            let _ = writeln!(
                lines,
                "::warning title=cognitui doctor::skipped: {}",
                data(what)
            );
        }
        lines
    }
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// Text in XML. XML has no way to write control characters: they are made visible, line by line.
fn xml(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| clean(line).into_owned()).collect();
    lines
        .join("\n")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The text of a workflow command, which ends at a line break.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| clean(line).into_owned()).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_place() {
        assert_eq!(xml("a<b>&\"\u{1b}[m"), "a&lt;b&gt;&amp;&quot;\u{241b}[m");
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
        assert_eq!(property("a: b, c"), "a%3A b%2C c");
    }
}
