//! Rotates a client's secret without downtime: the state of a rotation, and its next step.
//!
//! Cognito keeps the state: the secrets of a client and their dates. It shows the value of an added secret only once.

mod interrupted;
pub mod plan;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::client::AppClient;
use super::secret::{ListedSecrets, SecretState, UnknownSecret};
use super::time::Timestamp;
use crate::domain::oauth::token::{ClientAuth, IssuedToken, OAuthError, TokenRequest};
use crate::domain::secret::SecretDescriptor;

pub use interrupted::InterruptedRotation;

/// The warning before a secret is added.
pub const SHOWN_ONCE: &str = "Cognito shows the value of an added secret only once, in the response that adds it. Deliver it before anything else.";
/// The note on a newer secret with an unknown value.
pub const VALUE_UNKNOWN: &str = "Cognito does not show the value of the newer secret again. If you have it, verify it; if not, replace the newer secret.";

/// The warning before the old secret is deleted, for every client: what Cognito shows now proves nothing about later.
pub const SHOWN_NO_MORE: &str = "Once the old secret is deleted, Cognito may never show a secret of this client again: deliver the new \
                                 value to every consumer first, and keep it.";
/// The note on a working value if Cognito shows neither of two secrets.
pub const WHICH_UNSEEN: &str =
    "it works, but the client has two secrets and Cognito shows neither, so it may be the old one";

/// How a client's secret is rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationMethod {
    /// Add a second secret, and delete the first.
    ByHand,
    /// AWS Secrets Manager rotates the secret with this ARN.
    Managed(String),
}

/// Why a client's secret cannot be rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrotatable {
    /// The client registered itself.
    Registered,
    /// It is a public client.
    Public,
    /// It is unknown whether the client has a secret.
    Unknown(UnknownSecret),
}

impl Unrotatable {
    /// The reason, without a full stop.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Registered => {
                "it registered itself, and Cognito refuses secret operations on such a client"
                    .to_owned()
            }
            Self::Public => "it is a public client and has no secret".to_owned(),
            Self::Unknown(why) => {
                format!("it is unknown whether it has a secret: {}", why.reason())
            }
        }
    }
}

impl RotationMethod {
    /// How the secret of `client` is rotated, by its `state`.
    ///
    /// # Errors
    /// It cannot be rotated.
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

/// Why the secret of `client` cannot be moved into AWS Secrets Manager; `None` if it can.
#[must_use]
pub fn unmovable(client: &AppClient, listed: ListedSecrets) -> Option<String> {
    let state = client.secret_state(listed);
    match RotationMethod::of(client, &state) {
        Err(why) => Some(why.reason()),
        Ok(RotationMethod::Managed(_)) => Some("AWS Secrets Manager already manages it".to_owned()),
        // Cognito moves secrets that it generated; for a hidden secret that is unknown.
        Ok(RotationMethod::ByHand) if matches!(state, SecretState::Hidden(_)) => {
            Some("Cognito does not show it, and may not move such a secret: rotate it".to_owned())
        }
        Ok(RotationMethod::ByHand) => None,
    }
}

/// Whether `DescribeUserPoolClient` shows a working value of a client with two secrets. It is not documented which one it shows;
/// probably the older.
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
    /// Compares a value with the `shown` one.
    #[must_use]
    pub fn of(value: &SecretString, shown: Option<&SecretString>) -> Self {
        match shown {
            None => Self::Unseen,
            Some(shown) if shown.expose_secret() == value.expose_secret() => Self::Same,
            Some(_) => Self::Other,
        }
    }
}

/// The active secrets of a client, ordered by date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPair {
    /// None is listed. That does not prove a public client.
    None,
    /// No rotation is in progress.
    One(SecretDescriptor),
    Two {
        older: SecretDescriptor,
        newer: SecretDescriptor,
    },
    /// Two with an unknown order.
    Unordered(SecretDescriptor, SecretDescriptor),
}

impl SecretPair {
    /// Orders the secrets by date, then by the seconds at the end of their ids.
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

    /// All secrets, the older one first if known.
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

/// The result of a token request with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It issued a token.
    Works,
    /// It rejected the secret.
    Refused,
    /// Another error, which proves nothing about the secret. The reason is not cleaned.
    Unclear(String),
}

impl Proof {
    /// Reads the response to a token request.
    pub fn of(outcome: &Result<IssuedToken, OAuthError>, status: u16) -> Self {
        let Err(refusal) = outcome else {
            return Self::Works;
        };
        let word = refusal.words();
        let word = word.as_deref().unwrap_or("no OAuth error");
        match refusal.code.as_deref() {
            Some("invalid_client" | "NotAuthorizedException") => Self::Refused,
            _ => Self::Unclear(format!("{word}, HTTP {status}")),
        }
    }
}

/// The progress of a rotation in this session. Cognito keeps the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RotationProgress {
    /// The newer secret's value is known: added here, or given by the user.
    pub held: bool,
    /// The target, to complete "Delivered ...".
    pub delivered: Option<String>,
    /// It was sent, but it is unknown whether it arrived.
    pub perhaps_delivered: bool,
    /// The user confirmed that it arrived.
    pub arrived: bool,
    /// The result of its test token.
    pub proof: Option<Proof>,
    pub retired: Option<DeletedSecret>,
}

/// A secret that was deleted here, and the results of the test tokens after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedSecret {
    pub id: String,
    /// The remaining secret; `None` if its value is unknown.
    pub remaining: Option<Proof>,
    /// The deleted one; `None` if its value is unknown.
    pub deleted: Option<Proof>,
}

/// The next step of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationPhase {
    /// There is no secret to rotate.
    Nothing,
    Add,
    /// There is a second secret with an unknown value.
    Unknown,
    Deliver,
    Prove,
    /// Wait for every consumer, then delete the older secret.
    Retire,
    Finished,
}

impl RotationPhase {
    /// The next step of this rotation.
    pub fn of(slots: &SecretPair, doings: &RotationProgress) -> Self {
        match slots {
            SecretPair::None => Self::Nothing,
            SecretPair::One(_) if doings.retired.is_some() => Self::Finished,
            SecretPair::One(_) => Self::Add,
            SecretPair::Unordered(..) => Self::Unknown,
            SecretPair::Two { .. } if !doings.held => Self::Unknown,
            SecretPair::Two { .. } if !doings.arrived => Self::Deliver,
            SecretPair::Two { .. } if doings.proof != Some(Proof::Works) => Self::Prove,
            SecretPair::Two { .. } => Self::Retire,
        }
    }
}

/// The request that verifies a secret of `client`: for all its scopes, at the token endpoint, or by `GetClientToken` without a domain.
/// `None` if it cannot get a token either way.
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
        let expected = Some(("4k2--1".to_owned(), "4k2--2".to_owned()));
        let by_date = [secret("4k2--2", Some(20)), secret("4k2--1", Some(10))];
        assert_eq!(order(&by_date), expected);
        let one_second = [secret("4k2--2", Some(20)), secret("4k2--1", Some(20))];
        assert_eq!(order(&one_second), expected);
        let undated = [secret("4k2--1", None), secret("4k2--2", Some(5))];
        assert_eq!(order(&undated), expected);
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
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Deliver);
        // Delivered is not yet arrived: that is the user's to say.
        doings.delivered = Some("to the clipboard".to_owned());
        assert_eq!(RotationPhase::of(&two, &doings), RotationPhase::Deliver);
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
