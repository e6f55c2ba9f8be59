//! Changing a client's secret without a moment in which it has none that works: where that stands, and what comes next.
//!
//! What has to be remembered is in Cognito: how many secrets a client has, and when each was made. What only whoever added a secret
//! can know is its value, which Cognito never tells again.

mod interrupted;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::client::AppClient;
use super::secret::{ListedSecrets, SecretState, UnknownSecret};
use super::time::Timestamp;
use crate::domain::oauth::token::{ClientAuth, IssuedToken, OAuthError, TokenRequest};
use crate::domain::secret::SecretDescriptor;

pub use interrupted::InterruptedRotation;

/// Said before a secret is added: from then on it is too late.
pub const TOLD_ONCE: &str = "Cognito tells the value of an added secret once, in the answer that adds it, and never again: \
                             it must be handed over before anything else.";
/// Said where a secret is there whose value is not.
pub const VALUE_UNKNOWN: &str = "Cognito never tells the value of the newer secret again. Whoever has it can prove it; \
                                 if nobody has, retire the newer secret and start again.";

/// Said before the older secret is deleted, of every client: what Cognito shows of it now proves nothing about then.
pub const SHOWN_NO_MORE: &str = "Once the old secret is deleted, Cognito may never show a secret of this client again: deliver the new \
                                 value to every consumer first, and keep it.";
/// Said of a value that works, where Cognito shows neither secret of two.
pub const WHICH_UNSEEN: &str = "it works, but the client has two secrets and Cognito shows neither, so that it can't be seen whether this is the new one";

/// How the secret of a client is rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationMethod {
    /// A second secret is added, and the first is deleted.
    ByHand,
    /// AWS Secrets Manager rotates it, under this ARN.
    Managed(String),
}

/// Why the secret of a client can't be rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrotatable {
    /// The client registered itself.
    Registered,
    /// It is a public client.
    Public,
    /// It is not known whether the client has a secret.
    Unknown(UnknownSecret),
}

impl Unrotatable {
    /// The reason, as a sentence without its end.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Registered => {
                "it registered itself, and Cognito takes no secret operation on such a client"
                    .to_owned()
            }
            Self::Public => "it is a public client, with no secret to rotate".to_owned(),
            Self::Unknown(why) => {
                format!("it is not known whether it has a secret: {}", why.reason())
            }
        }
    }
}

impl RotationMethod {
    /// How the secret of `client`, which is where `state` says, is rotated.
    ///
    /// # Errors
    /// It can't be.
    pub fn of(client: &AppClient, state: &SecretState) -> Result<Self, Unrotatable> {
        if client.is_registered() {
            return Err(Unrotatable::Registered);
        }
        match state {
            SecretState::Shown | SecretState::Hidden(_) => Ok(Self::ByHand),
            SecretState::Managed { arn } => Ok(Self::Managed(arn.clone())),
            SecretState::None => Err(Unrotatable::Public),
            SecretState::Unknown(why) => Err(Unrotatable::Unknown(*why)),
        }
    }
}

/// Why the secret of `client` is not moved into AWS Secrets Manager, as the second half of a sentence; `None` where it can be.
#[must_use]
pub fn unmovable(client: &AppClient, listed: ListedSecrets) -> Option<String> {
    let state = client.secret_state(listed);
    match RotationMethod::of(client, &state) {
        Err(why) => Some(why.reason()),
        Ok(RotationMethod::Managed(_)) => Some("AWS Secrets Manager holds it already".to_owned()),
        // Cognito moves what it generated, and of a secret that it does not show nothing says that.
        Ok(RotationMethod::ByHand) if matches!(state, SecretState::Hidden(_)) => Some(
            "Cognito does not show it, and is not known to move such a secret: rotate it"
                .to_owned(),
        ),
        Ok(RotationMethod::ByHand) => None,
    }
}

/// What `DescribeUserPoolClient` says of a value that works, where the client has two secrets. Which of the two it shows is not
/// documented; the older one is likeliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It shows the other one.
    Other,
    /// It shows this one, which is most likely the older.
    Same,
    /// It shows neither.
    Unseen,
}

impl Compared {
    /// Compares a value with what is `shown`.
    #[must_use]
    pub fn of(value: &SecretString, shown: Option<&SecretString>) -> Self {
        match shown {
            None => Self::Unseen,
            Some(shown) if shown.expose_secret() == value.expose_secret() => Self::Same,
            Some(_) => Self::Other,
        }
    }
}

/// The live secrets of a client, told apart by their dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPair {
    /// None is listed. That alone does not make a public client.
    None,
    /// No rotation is under way.
    One(SecretDescriptor),
    Two {
        older: SecretDescriptor,
        newer: SecretDescriptor,
    },
    /// Two, and nothing that Cognito tells says which was first.
    Unordered(SecretDescriptor, SecretDescriptor),
}

impl SecretPair {
    /// Tells the secrets apart: by date, and within one second by the ends of their ids, which count seconds, too.
    pub fn of(secrets: &[SecretDescriptor]) -> Self {
        match secrets {
            [] => Self::None,
            [one] => Self::One(one.clone()),
            [a, b, ..] => {
                let by_date = a.created.zip(b.created).map(|(a, b)| a.cmp(&b));
                let by_id = epoch(&a.id).zip(epoch(&b.id)).map(|(a, b)| a.cmp(&b));
                let order = [by_date, by_id].into_iter().flatten();
                match order.into_iter().find(|order| order.is_ne()) {
                    Some(order) if order.is_lt() => Self::two(a, b),
                    Some(_) => Self::two(b, a),
                    None => Self::Unordered(a.clone(), b.clone()),
                }
            }
        }
    }

    fn two(older: &SecretDescriptor, newer: &SecretDescriptor) -> Self {
        Self::Two {
            older: older.clone(),
            newer: newer.clone(),
        }
    }

    /// All of them, the older one first where that is known.
    pub fn all(&self) -> Vec<&SecretDescriptor> {
        match self {
            Self::None => vec![],
            Self::One(one) => vec![one],
            Self::Two { older: a, newer: b } | Self::Unordered(a, b) => vec![a, b],
        }
    }
}

/// The seconds after 1970 in `<client-id>--<epoch>`.
fn epoch(id: &str) -> Option<Timestamp> {
    let (_, seconds) = id.rsplit_once("--")?;
    seconds.parse().ok().map(Timestamp::from_seconds)
}

/// What the token endpoint made of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It issued a token.
    Works,
    /// It does not take the secret.
    Refused,
    /// It refused for another reason, which says nothing about the secret. The reason, cleaned of nothing.
    Unclear(String),
}

impl Proof {
    /// Reads the answer to a token request.
    pub fn of(outcome: &Result<IssuedToken, OAuthError>, status: u16) -> Self {
        let Err(refusal) = outcome else {
            return Self::Works;
        };
        let word = match (&refusal.code, &refusal.description) {
            (Some(code), Some(description)) => format!("{code} ({description})"),
            (Some(code), None) => code.clone(),
            (None, Some(description)) => description.clone(),
            (None, None) => "no OAuth error".to_owned(),
        };
        match refusal.code.as_deref() {
            Some("invalid_client" | "NotAuthorizedException") => Self::Refused,
            _ => Self::Unclear(format!("{word}, HTTP {status}")),
        }
    }
}

/// What this session did and saw of a rotation. Cognito remembers the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RotationProgress {
    /// The newer secret's value is at hand: it was added here, or given by somebody who has it.
    pub held: bool,
    /// Where it went, in words that complete "Handed over ...".
    pub handed_over: Option<String>,
    /// It was sent somewhere, and whether it got there is not known.
    pub perhaps_handed_over: bool,
    /// The user said that it arrived.
    pub arrived: bool,
    /// What the token endpoint made of it.
    pub proof: Option<Proof>,
    pub retired: Option<DeletedSecret>,
}

/// A secret that was deleted here, and what the token endpoint said then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedSecret {
    pub id: String,
    /// The secret that remains; `None` where its value is not known.
    pub remaining: Option<Proof>,
    /// The deleted one; `None` where its value is not known.
    pub deleted: Option<Proof>,
}

/// What comes next in a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationPhase {
    /// There is no secret to rotate.
    Nothing,
    Add,
    /// A second secret is there, and its value is not at hand.
    Unknown,
    HandOver,
    Prove,
    /// Wait for every consumer; then retire the older secret.
    Retire,
    Finished,
}

impl RotationPhase {
    /// Where the rotation stands.
    pub fn of(slots: &SecretPair, doings: &RotationProgress) -> Self {
        match slots {
            SecretPair::None => Self::Nothing,
            SecretPair::One(_) if doings.retired.is_some() => Self::Finished,
            SecretPair::One(_) => Self::Add,
            SecretPair::Unordered(..) => Self::Unknown,
            SecretPair::Two { .. } if !doings.held => Self::Unknown,
            SecretPair::Two { .. } if !doings.arrived => Self::HandOver,
            SecretPair::Two { .. } if doings.proof != Some(Proof::Works) => Self::Prove,
            SecretPair::Two { .. } => Self::Retire,
        }
    }
}

/// The request that proves a secret of `client`: for all its scopes, at the token endpoint, or by `GetClientToken` where there is no
/// domain. `None` where it can get no token either way.
pub fn proof_request(client: &AppClient, endpoint: Option<String>) -> Option<TokenRequest> {
    let (endpoint, auth) = match endpoint {
        Some(endpoint) => (endpoint, ClientAuth::Basic),
        None if client.settings.may_get_client_token() => (String::new(), ClientAuth::Api),
        None => return None,
    };
    Some(TokenRequest {
        pool: client.pool.clone(),
        client: client.id.clone(),
        endpoint,
        scopes: Vec::new(),
        auth,
        metadata: BTreeMap::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::CLIENT_TOKEN_FLOW;
    use crate::domain::client::tests::client;

    fn secret(id: &str, created: Option<i64>) -> SecretDescriptor {
        SecretDescriptor {
            id: id.to_owned(),
            created: created.map(Timestamp::from_seconds),
        }
    }

    fn order(secrets: &[SecretDescriptor]) -> Option<(String, String)> {
        match SecretPair::of(secrets) {
            SecretPair::Two { older, newer } => Some((older.id, newer.id)),
            _ => None,
        }
    }

    #[test]
    fn secrets_are_told_apart_by_date_then_by_id_and_else_not_at_all() {
        let told = Some(("4k2--1".to_owned(), "4k2--2".to_owned()));
        let by_date = [secret("4k2--2", Some(20)), secret("4k2--1", Some(10))];
        assert_eq!(order(&by_date), told);
        let one_second = [secret("4k2--2", Some(20)), secret("4k2--1", Some(20))];
        assert_eq!(order(&one_second), told);
        let undated = [secret("4k2--1", None), secret("4k2--2", Some(5))];
        assert_eq!(order(&undated), told);
        let alike = [secret("x", None), secret("y", None)];
        assert_eq!(
            SecretPair::of(&alike),
            SecretPair::Unordered(alike[0].clone(), alike[1].clone())
        );
        assert_eq!(
            SecretPair::of(&alike[..1]),
            SecretPair::One(alike[0].clone())
        );
        assert_eq!(SecretPair::of(&[]), SecretPair::None);
    }

    #[test]
    fn a_step_follows_from_what_cognito_has_and_what_was_done_here() {
        let one = SecretPair::of(&[secret("4k2--1", Some(1))]);
        let two = SecretPair::of(&[secret("4k2--1", Some(1)), secret("4k2--2", Some(2))]);
        let mut doings = RotationProgress::default();
        assert_eq!(
            RotationPhase::of(&SecretPair::None, &doings),
            RotationPhase::Nothing
        );
        assert_eq!(RotationPhase::of(&one, &doings), RotationPhase::Add);
        // After a crash.
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Unknown);
        doings.held = true;
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::HandOver);
        // Delivered is not yet arrived: that is the user's to say.
        doings.handed_over = Some("to the clipboard".to_owned());
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::HandOver);
        doings.arrived = true;
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Prove);
        for bad in [Proof::Refused, Proof::Unclear(String::new())] {
            doings.proof = Some(bad);
            assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Prove);
        }
        doings.proof = Some(Proof::Works);
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Retire);
        doings.retired = Some(DeletedSecret {
            id: "4k2--1".to_owned(),
            remaining: None,
            deleted: None,
        });
        assert_eq!(RotationPhase::of(&one, &doings), RotationPhase::Finished);
    }

    #[test]
    fn only_a_refusal_of_the_client_says_that_its_secret_is_bad() {
        let refusal = |code: Option<&str>| {
            Err(OAuthError {
                code: code.map(str::to_owned),
                description: None,
                body: String::new(),
            })
        };
        assert_eq!(
            Proof::of(&refusal(Some("invalid_client")), 400),
            Proof::Refused
        );
        assert_eq!(
            Proof::of(&refusal(Some("NotAuthorizedException")), 400),
            Proof::Refused
        );
        for unclear in [
            Some("invalid_grant"),
            Some("TooManyRequestsException"),
            None,
        ] {
            let proof = Proof::of(&refusal(unclear), 400);
            assert!(matches!(proof, Proof::Unclear(_)), "{proof:?}");
        }
    }

    #[test]
    fn a_secret_is_proven_where_the_client_gets_its_tokens() {
        let mut machine = client(&["api/admin"]);
        assert_eq!(proof_request(&machine, None), None);
        let request = proof_request(&machine, Some("https://x/oauth2/token".to_owned()));
        assert_eq!(request.unwrap().auth, ClientAuth::Basic);
        machine.settings.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()];
        assert_eq!(proof_request(&machine, None).unwrap().auth, ClientAuth::Api);
    }
}
