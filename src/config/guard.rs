//! Read-only and production rules of profiles and accounts.

use serde::Deserialize;

use super::{Config, ResolvedSettings};
use crate::domain::guard::{AccountRule, Guard, Rules};
use crate::domain::identity::Source;

/// The profiles that are marked by default.
const PRODUCTION: &str = "*prod*";
/// The profile of AWS tools by default.
const DEFAULT_PROFILE: &str = "default";
/// No profile: only patterns that match every profile match it.
const NO_PROFILE: &str = "";

/// The rule of a profile pattern or an account. A missing setting comes from the next rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// Refuses all writes to AWS.
    pub read_only: Option<bool>,
    /// The frame of the console.
    pub frame: Option<Frame>,
}

/// The frame of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// Red, with the badge `PROD`.
    Red,
    /// The normal frame.
    Plain,
}

impl Config {
    /// Returns the rules for credentials. `flag` is `--read-only`, which no rule overrides.
    #[must_use]
    pub fn rules(&self, flag: bool, choice: &ResolvedSettings) -> Rules {
        let mut guard = match choice.source {
            Source::Keys => self.guard(NO_PROFILE),
            _ => self.guard(choice.profile.as_deref().unwrap_or(DEFAULT_PROFILE)),
        };
        // The keys may be of this profile: tools that export them set it, too. An extra mark is harmless.
        let passed_over = match &choice.passed_over {
            Some((Source::Variable(_), profile)) => Some(profile),
            _ => None,
        };
        let passed_over = passed_over.filter(|profile| self.guard(profile).production);
        guard.production |= passed_over.is_some();
        let name = choice.profile.as_ref().or(passed_over);
        let name = name.filter(|name| !name.trim().is_empty()).cloned();
        let accounts = self.accounts.iter().map(|(id, rule)| {
            let rule = AccountRule {
                read_only: rule.read_only,
                production: rule.frame.map(|frame| frame == Frame::Red),
            };
            (id.clone(), rule)
        });
        Rules {
            flag,
            profile: guard,
            accounts: accounts.collect(),
            name,
            bypassed: self.bypassed(choice),
        }
    }

    /// Returns the rule of `profile`. The longest matching pattern overrides others and the file's `read_only`.
    fn guard(&self, profile: &str) -> Guard {
        let fitting = self.fitting(profile);
        let ruled = fitting
            .iter()
            .find_map(|(pattern, rule)| Some((pattern, rule.read_only?)));
        let read_only = match ruled {
            Some((pattern, true)) if profile == NO_PROFILE => {
                Some(format!("[profiles.\"{pattern}\"] has read_only = true"))
            }
            Some((pattern, true)) => Some(format!(
                "[profiles.\"{pattern}\"] has read_only = true, for profile {profile}"
            )),
            None if self.read_only => Some("the configuration has read_only = true".to_owned()),
            Some((_, false)) | None => None,
        };
        let frame = fitting.iter().find_map(|(_, rule)| rule.frame);
        Guard {
            read_only,
            production: match frame {
                Some(frame) => frame == Frame::Red,
                None => matches_pattern(PRODUCTION, profile),
            },
        }
    }

    /// Returns the rules that match a profile, the longest pattern first.
    fn fitting(&self, profile: &str) -> Vec<(&String, &Rule)> {
        let mut fitting: Vec<(&String, &Rule)> = self
            .profiles
            .iter()
            .filter(|(pattern, _)| matches_pattern(pattern, profile))
            .collect();
        fitting.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        fitting
    }

    /// Returns the note that a profile's rule does not apply, because keys in the environment override it.
    fn bypassed(&self, choice: &ResolvedSettings) -> Option<String> {
        if choice.source != Source::Keys {
            return None;
        }
        let named = choice.passed_over.as_ref();
        let profile = named.map_or(DEFAULT_PROFILE, |(_, profile)| profile);
        let holds = |profile| {
            let guard = self.guard(profile);
            (guard.read_only.is_some(), guard.production)
        };
        if holds(profile) == holds(NO_PROFILE) {
            return None;
        }
        let instead = format!("AWS_ACCESS_KEY_ID is used instead of profile {profile}");
        let mut fitting = self.fitting(profile).into_iter();
        let ruled = fitting.find(|(pattern, _)| !matches_pattern(pattern, NO_PROFILE));
        Some(match ruled {
            Some((pattern, _)) => {
                format!("{instead}: [profiles.\"{pattern}\"] does not apply; use [accounts.\"ID\"]")
            }
            None => instead,
        })
    }
}

/// Returns whether `text` matches `pattern`, case-insensitive; `*` matches any text, even none.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first match of each piece leaves the most room for the rest.
    for piece in middle.split('*') {
        let Some((_, after)) = text.split_once(piece) else {
            return false;
        };
        text = after;
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guard::Account;

    fn rules(text: &str, choice: &ResolvedSettings) -> Rules {
        let config: Config = toml::from_str(text).unwrap();
        config.rules(false, choice)
    }

    fn named(profile: &str) -> ResolvedSettings {
        ResolvedSettings {
            profile: Some(profile.to_owned()),
            source: Source::Flag,
            ..ResolvedSettings::default()
        }
    }

    fn keys(passed_over: Option<&str>) -> ResolvedSettings {
        ResolvedSettings {
            source: Source::Keys,
            passed_over: passed_over.map(|name| (Source::File, name.to_owned())),
            ..ResolvedSettings::default()
        }
    }

    fn guard(text: &str, profile: &str) -> Guard {
        rules(text, &named(profile)).guard(Account::Known("123456789012"))
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("*prod*", "team-prod-eu", true),
            ("*prod*", "PROD", true),
            ("*prod*", "staging", false),
            ("team-*", "team-", true),
            ("team-*", "my-team-x", false),
            ("*-eu", "prod-eu", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("prod", "prod", true),
            ("prod", "production", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn production_is_marked_unless_a_rule_says_otherwise() {
        assert!(guard("", "team-Prod").production);
        assert!(!guard("", "team-dev").production);
        let rules =
            "[profiles.\"*live*\"]\nframe = \"red\"\n[profiles.\"prod-copy\"]\nframe = \"plain\"";
        assert!(guard(rules, "live-1").production);
        assert!(!guard(rules, "prod-copy").production);
    }

    #[test]
    fn the_longest_pattern_that_fits_counts() {
        let rules = "read_only = true\n[profiles.\"*\"]\nread_only = true\n[profiles.\"dev-*\"]\nread_only = false";
        assert_eq!(guard(rules, "dev-1").read_only, None);
        let reason = guard(rules, "prod").read_only.unwrap();
        assert!(
            reason.contains("[profiles.\"*\"]") && reason.contains("for profile prod"),
            "{reason}"
        );
        let file = guard("read_only = true", "any").read_only.unwrap();
        assert!(file.contains("read_only = true"), "{file}");
    }

    #[test]
    fn a_rule_that_says_nothing_of_it_leaves_it_to_the_next() {
        let rules =
            "[profiles.\"*prod*\"]\nread_only = true\n[profiles.\"*prod-eu*\"]\nframe = \"plain\"";
        let guard = guard(rules, "prod-eu-1");
        assert!(guard.read_only.is_some() && !guard.production);
    }

    #[test]
    fn no_rule_lifts_the_flag() {
        let text =
            "[profiles.\"*\"]\nread_only = false\n[accounts.\"123456789012\"]\nread_only = false";
        let config: Config = toml::from_str(text).unwrap();
        let rules = config.rules(true, &named("dev"));
        let reason = rules.guard(Account::Known("123456789012")).read_only;
        assert!(reason.is_some_and(|reason| reason.contains("--read-only")));
    }

    #[test]
    fn an_account_has_rules_whatever_the_profile_is_called() {
        let text = "[accounts.\"123456789012\"]\nread_only = true\nframe = \"red\"\n";
        for choice in [named("dev"), keys(None), ResolvedSettings::default()] {
            let rules = rules(text, &choice);
            let guard = rules.guard(Account::Known("123456789012"));
            let reason = guard.read_only.unwrap();
            assert!(reason.contains("123456789012"), "{reason}");
            assert!(guard.production);
            assert_eq!(
                rules.guard(Account::Known("210987654321")),
                Guard::default()
            );
        }
    }

    #[test]
    fn keys_of_the_environment_are_no_profile_and_what_they_bypass_is_said() {
        let text = "[profiles.\"*prod*\"]\nread_only = true\n";
        let bypassed = rules(text, &keys(Some("team-prod")));
        assert_eq!(bypassed.profile, Guard::default());
        let words = bypassed.bypassed.unwrap();
        for word in ["[profiles.\"*prod*\"]", "AWS_ACCESS_KEY_ID", "team-prod"] {
            assert!(words.contains(word), "{words}");
        }
        assert_eq!(rules(text, &keys(Some("dev"))).bypassed, None);
        // A tool that exports the keys of a profile may set its name as well.
        let named_too = ResolvedSettings {
            passed_over: Some((Source::Variable("AWS_PROFILE"), "team-prod".to_owned())),
            ..keys(None)
        };
        let rules_too = rules("", &named_too);
        assert!(rules_too.profile.production);
        assert!(
            rules_too
                .bypassed
                .is_some_and(|words| words.contains("team-prod"))
        );
        assert_eq!(rules(text, &named("team-prod")).bypassed, None);
        let of_default = "[profiles.\"default\"]\nread_only = true\n";
        assert!(rules(of_default, &keys(None)).bypassed.is_some());
        // A rule for all profiles applies without a profile, too.
        let all = rules("[profiles.\"*\"]\nread_only = true\n", &keys(Some("dev")));
        assert!(all.profile.read_only.is_some() && all.bypassed.is_none());
    }

    #[test]
    fn a_rule_that_is_wrong_is_an_error_with_its_line() {
        for (text, word) in [
            ("[profiles.\"*\"]\nreadonly = true\n", "readonly"),
            ("[profiles.\"*\"]\nframe = \"blue\"\n", "blue"),
            ("[accounts.\"1\"]\nreadonly = true\n", "readonly"),
        ] {
            let error = toml::from_str::<Config>(text).unwrap_err().to_string();
            assert!(error.contains("line 2") && error.contains(word), "{error}");
        }
    }
}
