//! Switches for unproven behaviour of AWS: the embedded Cognito can behave either way, so that a caller can be tested with both.
//! Each question has two words, one per answer; the first is the default.

use std::collections::BTreeSet;
use std::str::FromStr;

/// The less likely answer to a question about AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumption {
    /// After the original secret is deleted, DescribeUserPoolClient never returns a `ClientSecret` again.
    OriginalSecretLost,
    /// Of two secrets, DescribeUserPoolClient returns the newer.
    NewestSecretDescribed,
    /// DescribeUserPoolClient returns neither `ClientSecret` nor `ClientSecretArn` for a managed secret; Create and Update do.
    ArnNotDescribed,
    /// `ClientSecretArn` follows the model's pattern, `secret/NAME` without `!`.
    ArnOfTheModel,
    /// A managed rotation ends the previous secret at once.
    PreviousSecretEnds,
    /// A managed secret does not prevent adding and deleting secrets by hand.
    ManagedSecretsByHand,
    /// A third secret is an InvalidParameterException.
    ThirdSecretInvalid,
    /// Deleting the last secret is a LimitExceededException.
    LastSecretLimit,
    /// UpdateUserPool without `UserPoolTags` takes all tags away.
    OmittedTagsLost,
    /// A client that never had `RefreshTokenRotation` set is described with it, `DISABLED`.
    RotationDescribed,
    /// ListUserPools has the pool that changed last first.
    PoolsNewestFirst,
    /// A request for inactive scopes alone gets a token without scopes.
    InactiveScopeIgnored,
    /// A scope that is defined, but not one of the client's, is left out of the token.
    OtherScopeIgnored,
    /// A token request without `grant_type` is `unsupported_grant_type`.
    NoGrantTypeUnsupported,
    /// A token request over the limit gets a JSON error.
    ThrottledInJson,
    /// GET on the token endpoint is a 404.
    GetNotFound,
    /// GetClientToken asks for no `ALLOW_CLIENT_TOKEN_AUTH`.
    ClientTokenByAnyFlow,
    /// The protected API answers a good token without the scope with a 401.
    MissingScopeUnauthorized,
}

/// The two words of a question.
struct Question {
    /// The likely answer, which is the default.
    likely: &'static str,
    other: &'static str,
    assumption: Assumption,
}

const fn question(likely: &'static str, other: &'static str, assumption: Assumption) -> Question {
    Question {
        likely,
        other,
        assumption,
    }
}

const QUESTIONS: [Question; 18] = [
    question(
        "original-secret-stays",
        "original-secret-lost",
        Assumption::OriginalSecretLost,
    ),
    question(
        "original-secret-described",
        "newest-secret-described",
        Assumption::NewestSecretDescribed,
    ),
    question(
        "arn-described",
        "arn-not-described",
        Assumption::ArnNotDescribed,
    ),
    question(
        "arn-of-secrets-manager",
        "arn-of-the-model",
        Assumption::ArnOfTheModel,
    ),
    question(
        "previous-secret-stays",
        "previous-secret-ends",
        Assumption::PreviousSecretEnds,
    ),
    question(
        "managed-secrets-by-rotation",
        "managed-secrets-by-hand",
        Assumption::ManagedSecretsByHand,
    ),
    question(
        "third-secret-limit",
        "third-secret-invalid",
        Assumption::ThirdSecretInvalid,
    ),
    question(
        "last-secret-invalid",
        "last-secret-limit",
        Assumption::LastSecretLimit,
    ),
    question("tags-stay", "tags-lost", Assumption::OmittedTagsLost),
    question(
        "rotation-not-described",
        "rotation-described",
        Assumption::RotationDescribed,
    ),
    question(
        "pools-by-id",
        "pools-newest-first",
        Assumption::PoolsNewestFirst,
    ),
    question(
        "inactive-scope-refused",
        "inactive-scope-ignored",
        Assumption::InactiveScopeIgnored,
    ),
    question(
        "other-scope-refused",
        "other-scope-ignored",
        Assumption::OtherScopeIgnored,
    ),
    question(
        "no-grant-type-invalid",
        "no-grant-type-unsupported",
        Assumption::NoGrantTypeUnsupported,
    ),
    question(
        "throttled-in-text",
        "throttled-in-json",
        Assumption::ThrottledInJson,
    ),
    question("get-not-allowed", "get-not-found", Assumption::GetNotFound),
    question(
        "client-token-by-its-flow",
        "client-token-by-any-flow",
        Assumption::ClientTokenByAnyFlow,
    ),
    question(
        "missing-scope-forbidden",
        "missing-scope-unauthorized",
        Assumption::MissingScopeUnauthorized,
    ),
];

/// The answers to all questions. The default is the likely answer to each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumptions(BTreeSet<Assumption>);

/// An error in the text of the assumptions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssumptionError {
    #[error("`{word}` is not an assumption; known are {}", known())]
    Unknown { word: String },
    #[error("`{0}` and `{1}` exclude each other")]
    Both(&'static str, &'static str),
}

impl Assumptions {
    /// Returns whether the less likely answer applies.
    pub fn hold(&self, assumption: Assumption) -> bool {
        self.0.contains(&assumption)
    }

    /// Adds an assumption.
    #[must_use]
    pub fn and(mut self, assumption: Assumption) -> Self {
        self.0.insert(assumption);
        self
    }

    /// Returns the words of each question, the likely one first.
    pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
        QUESTIONS
            .iter()
            .map(|question| (question.likely, question.other))
    }
}

fn known() -> String {
    let pairs: Vec<String> = Assumptions::words()
        .map(|(likely, other)| format!("{likely}|{other}"))
        .collect();
    pairs.join(", ")
}

impl FromStr for Assumptions {
    type Err = AssumptionError;

    /// Reads words separated by commas. An empty text is the default.
    fn from_str(text: &str) -> Result<Self, AssumptionError> {
        let words: Vec<&str> = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        let mut assumptions = Self::default();
        for word in &words {
            let question = QUESTIONS
                .iter()
                .find(|question| [question.likely, question.other].contains(word))
                .ok_or_else(|| AssumptionError::Unknown {
                    word: (*word).to_owned(),
                })?;
            if words.contains(&question.likely) && words.contains(&question.other) {
                return Err(AssumptionError::Both(question.likely, question.other));
            }
            if *word == question.other {
                assumptions.0.insert(question.assumption);
            }
        }
        Ok(assumptions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_and_only_the_less_likely_ones_change_anything() {
        for question in &QUESTIONS {
            assert_eq!(question.likely.parse(), Ok(Assumptions::default()));
            let other = Assumptions::default().and(question.assumption);
            assert_eq!(question.other.parse(), Ok(other));
        }
        let two = "original-secret-lost, previous-secret-ends".parse();
        let expected = Assumptions::default()
            .and(Assumption::OriginalSecretLost)
            .and(Assumption::PreviousSecretEnds);
        assert_eq!(two, Ok(expected));
        assert_eq!("".parse(), Ok(Assumptions::default()));
    }

    #[test]
    fn a_mistake_is_named() {
        let unknown = "original-secret-gone".parse::<Assumptions>().unwrap_err();
        assert!(unknown.to_string().contains("original-secret-lost"));
        let both = "arn-described,arn-not-described".parse::<Assumptions>();
        assert_eq!(
            both,
            Err(AssumptionError::Both("arn-described", "arn-not-described"))
        );
    }

    #[test]
    fn the_documentation_of_the_sandbox_lists_them_all() {
        let text = include_str!("mod.rs");
        for (likely, other) in Assumptions::words() {
            for word in [likely, other] {
                assert!(text.contains(&format!("`{word}`")), "{word}");
            }
        }
    }
}
