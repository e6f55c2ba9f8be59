//! The doctor's findings among the causes of a refusal.

use super::{Cause, Explanation};
use crate::domain::doctor::{Finding, Severity};

/// Which refusals the fault that a rule looks for leads to: OAuth's error, an exception of the API, or `insufficient_scope` and
/// `invalid_token` as an API that is called with the token says.
const LEADS_TO: &[(&str, &[&str])] = &[
    ("oauth-off", &["invalid_grant"]),
    ("machine-without-secret", &["invalid_client"]),
    ("public-machine", &["invalid_client"]),
    ("mixed-flows", &["invalid_grant", "unauthorized_client"]),
    (
        "oauth-without-flows",
        &["invalid_grant", "unauthorized_client"],
    ),
    (
        "machine-without-flow",
        &["invalid_grant", "unauthorized_client"],
    ),
    (
        "no-scopes",
        &["invalid_grant", "invalid_scope", "insufficient_scope"],
    ),
    ("sign-in-scopes", &["invalid_scope"]),
    ("inactive-scopes", &["invalid_scope", "insufficient_scope"]),
    ("client-token-not-alone", &["NotAuthorizedException"]),
    (
        "rotation-unfinished",
        &["invalid_client", "NotAuthorizedException"],
    ),
    ("trigger-not-in-plan", &["invalid_request"]),
    ("trigger-changes-scopes", &["insufficient_scope"]),
];

impl Explanation {
    /// The same with what the doctor found that leads to the refusal `code`: errors among the likely causes, with their evidence,
    /// the rest behind. What is among the causes already is not said twice.
    #[must_use]
    pub fn with_findings(mut self, findings: &[Finding], code: &str) -> Self {
        for finding in findings {
            let leads = LEADS_TO
                .iter()
                .any(|(rule, codes)| *rule == finding.rule && codes.contains(&code));
            let said = self
                .causes
                .iter()
                .any(|cause| cause.rule == Some(finding.rule));
            if leads && !said {
                self.causes.push(Cause {
                    text: format!("{}: {}", finding.title, finding.why),
                    evidence: Some(finding.seen.clone()),
                    fix: finding.fix.clone(),
                    likely: finding.severity == Severity::Error,
                    rule: Some(finding.rule),
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
    use crate::domain::doctor::{RULES, Subject};

    fn finding(rule: &'static str, severity: Severity) -> Finding {
        Finding {
            rule,
            severity,
            title: "Title",
            subject: Subject::Pool,
            seen: "seen".to_owned(),
            why: "Why.",
            fix: "fix".to_owned(),
        }
    }

    #[test]
    fn every_rule_named_here_is_one() {
        for (rule, _) in LEADS_TO {
            assert!(RULES.iter().any(|known| known.id == *rule), "{rule}");
        }
    }

    #[test]
    fn an_error_of_the_doctor_comes_before_what_is_only_possible() {
        let explained = Explanation {
            meaning: String::new(),
            causes: vec![Cause::possible("perhaps", "look")],
        };
        let findings = [
            finding("oauth-off", Severity::Error),
            finding("inactive-scopes", Severity::Error),
        ];
        let with = explained.with_findings(&findings, "invalid_grant");
        let texts: Vec<&str> = with
            .causes
            .iter()
            .map(|cause| cause.text.as_str())
            .collect();
        assert_eq!(texts, ["Title: Why.", "perhaps"]);
        let again = with.clone().with_findings(&findings, "invalid_grant");
        assert_eq!(with, again, "nothing is said twice");
    }
}
