//! The doctor's findings as causes of a refusal.

use super::{Cause, Explanation};
use crate::domain::doctor::{Finding, Severity};

impl Explanation {
    /// Adds the findings whose rules explain the refusal `code`, with their evidence; errors count as likely causes. A rule that
    /// is among the causes already is not repeated.
    #[must_use]
    pub fn with_findings(mut self, findings: &[Finding], code: &str) -> Self {
        for finding in findings {
            let rule = finding.rule;
            let known = self.causes.iter().any(|cause| cause.rule == Some(rule.id));
            if rule.explains.contains(&code) && !known {
                self.causes.push(Cause {
                    text: format!("{}: {}", rule.title, rule.why),
                    evidence: Some(finding.seen.clone()),
                    fix: finding.fix.clone(),
                    likely: rule.severity == Severity::Error,
                    rule: Some(rule.id),
                });
            }
        }
        self.causes.sort_by_key(|cause| !cause.likely);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::doctor::{RULES, RuleId, Subject};

    fn finding(id: RuleId) -> Finding {
        Finding {
            rule: RULES.iter().find(|rule| rule.id == id).unwrap(),
            subject: Subject::Pool,
            seen: "seen".to_owned(),
            fix: "fix".to_owned(),
        }
    }

    #[test]
    fn an_error_of_the_doctor_comes_before_what_is_only_possible() {
        let explained = Explanation {
            meaning: String::new(),
            causes: vec![Cause::possible("perhaps", "look")],
        };
        let findings = [finding(RuleId::OAuthOff), finding(RuleId::InactiveScopes)];
        let with = explained.with_findings(&findings, "invalid_grant");
        let rules: Vec<Option<RuleId>> = with.causes.iter().map(|cause| cause.rule).collect();
        assert_eq!(rules, [Some(RuleId::OAuthOff), None]);
        let again = with.clone().with_findings(&findings, "invalid_grant");
        assert_eq!(with, again, "nothing is said twice");
    }
}
