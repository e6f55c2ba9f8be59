//! What may be done with a profile, and how it is marked, so that nobody takes it for another.

use serde::Deserialize;

use super::Config;

/// The profiles that are marked where no rule says otherwise.
const PRODUCTION: &str = "*prod*";
/// What AWS tools use where no profile is named.
const DEFAULT_PROFILE: &str = "default";

/// What the configuration says of the profiles that a pattern fits. What is left out is left to the next best pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileRule {
    pub read_only: Option<bool>,
    pub frame: Option<Frame>,
}

/// How the console is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// In red, with the badge `PROD`.
    Red,
    /// As ever.
    Plain,
}

/// What the flag and the configuration come to for one profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Why nothing may be written, where that is so.
    pub read_only: Option<String>,
    /// Whether it is marked as production.
    pub production: bool,
}

impl Config {
    /// What holds for `profile`, or for the `default` one where none is named. `flag` is `--read-only`, which no rule lifts. Of the
    /// rules that fit the one with the longest pattern counts, and before the file's own `read_only`.
    #[must_use]
    pub fn guard(&self, flag: bool, profile: Option<&str>) -> Guard {
        let profile = profile.unwrap_or(DEFAULT_PROFILE);
        let mut fitting: Vec<(&String, &ProfileRule)> = self
            .profiles
            .iter()
            .filter(|(pattern, _)| fits(pattern, profile))
            .collect();
        fitting.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        let ruled = fitting
            .iter()
            .find_map(|(pattern, rule)| Some((pattern, rule.read_only?)));
        let read_only = match ruled {
            _ if flag => Some("it was started with --read-only".to_owned()),
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
                None => fits(PRODUCTION, profile),
            },
        }
    }
}

/// Whether `text` is as `pattern` says, where `*` stands for any text, even none. Capitals make no difference.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    // Each piece where it first occurs: what comes after it has the most room then.
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

    fn guard(text: &str, profile: &str) -> Guard {
        let config: Config = toml::from_str(text).unwrap();
        config.guard(false, Some(profile))
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
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
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
        let config: Config = toml::from_str("[profiles.\"*\"]\nread_only = false").unwrap();
        let reason = config.guard(true, Some("dev")).read_only.unwrap();
        assert!(reason.contains("--read-only"), "{reason}");
    }

    #[test]
    fn a_rule_that_is_wrong_is_an_error_with_its_line() {
        for (text, word) in [
            ("[profiles.\"*\"]\nreadonly = true\n", "readonly"),
            ("[profiles.\"*\"]\nframe = \"blue\"\n", "blue"),
        ] {
            let error = toml::from_str::<Config>(text).unwrap_err().to_string();
            assert!(error.contains("line 2") && error.contains(word), "{error}");
        }
    }
}
