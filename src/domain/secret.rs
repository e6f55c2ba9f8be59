//! Where the secret of an app client is, and how sure that is.
//!
//! No single answer of Cognito tells. `DescribeUserPoolClient` leaves `ClientSecret` out for a public client, for one whose secret
//! AWS Secrets Manager holds, and perhaps for one whose original secret was deleted in a rotation. So a conclusion is drawn here
//! alone, from everything that was read, and a missing field alone concludes nothing.

use super::time::Timestamp;

/// What `DescribeUserPoolClient` says of a secret. The value itself is not in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescribedSecret {
    /// `ClientSecret` is there.
    Shown,
    /// `ClientSecretArn` is there: the secret is in AWS Secrets Manager, under this ARN.
    Managed(String),
    /// Neither is there, which alone proves nothing.
    Absent,
}

impl DescribedSecret {
    /// Where AWS Secrets Manager holds it.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        match self {
            Self::Managed(arn) => Some(arn),
            Self::Shown | Self::Absent => None,
        }
    }
}

/// What is known of `ListUserPoolClientSecrets`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedSecrets<'a> {
    /// It was not asked yet.
    NotRead,
    /// It was asked and did not answer.
    Unreadable {
        /// By IAM.
        denied: bool,
    },
    /// These are all.
    Read(&'a [SecretDescriptor]),
}

impl<'a> From<Option<&'a [SecretDescriptor]>> for ListedSecrets<'a> {
    /// `None` is a list that was not read.
    fn from(secrets: Option<&'a [SecretDescriptor]>) -> Self {
        secrets.map_or(Self::NotRead, Self::Read)
    }
}

/// Where the secret of an app client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretState {
    /// Cognito shows it in the client's description.
    Shown,
    /// AWS Secrets Manager holds it, and Cognito rotates it there.
    Managed {
        /// What `GetSecretValue` takes.
        arn: String,
    },
    /// There is one, and Cognito does not show it.
    Hidden(SecretEvidence),
    /// The client is public. All sources were asked, and none speaks of a secret.
    None,
    /// Not known.
    Unknown(UnknownSecret),
}

/// What proves a secret that Cognito does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretEvidence {
    /// `ListUserPoolClientSecrets` lists this many.
    Listed(usize),
    /// The client has the `client_credentials` grant, which Cognito gives to clients with a secret alone.
    Grant,
}

/// Why it is not known whether a client has a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownSecret {
    /// `ListUserPoolClientSecrets` has not been asked.
    NotRead,
    /// `ListUserPoolClientSecrets` is denied by IAM.
    Denied,
    /// `ListUserPoolClientSecrets` failed.
    Unreadable,
    /// The sources contradict each other: `client_credentials` needs a secret, and none is listed.
    Contradiction,
    /// The client registered itself, and Cognito lists no secrets of such clients.
    Registered,
}

impl SecretState {
    /// Draws the conclusion. `registered`: the client registered itself; `machine`: it has the `client_credentials` grant.
    #[must_use]
    pub fn of(
        described: &DescribedSecret,
        registered: bool,
        machine: bool,
        listed: ListedSecrets,
    ) -> Self {
        match (described, listed) {
            (DescribedSecret::Shown, _) => Self::Shown,
            (DescribedSecret::Managed(arn), _) => Self::Managed { arn: arn.clone() },
            (_, ListedSecrets::Read(listed)) if !listed.is_empty() => {
                Self::Hidden(SecretEvidence::Listed(listed.len()))
            }
            // No secret operation is supported on these, so that an empty list of theirs says nothing.
            _ if registered && machine => Self::Hidden(SecretEvidence::Grant),
            _ if registered => Self::Unknown(UnknownSecret::Registered),
            (_, ListedSecrets::Read(_)) if machine => Self::Unknown(UnknownSecret::Contradiction),
            (_, ListedSecrets::Read(_)) => Self::None,
            (_, _) if machine => Self::Hidden(SecretEvidence::Grant),
            (_, ListedSecrets::NotRead) => Self::Unknown(UnknownSecret::NotRead),
            (_, ListedSecrets::Unreadable { denied: true }) => Self::Unknown(UnknownSecret::Denied),
            (_, ListedSecrets::Unreadable { denied: false }) => {
                Self::Unknown(UnknownSecret::Unreadable)
            }
        }
    }

    /// Whether the client has a secret; `None` where that is not known.
    #[must_use]
    pub const fn exists(&self) -> Option<bool> {
        match self {
            Self::Shown | Self::Managed { .. } | Self::Hidden(_) => Some(true),
            Self::None => Some(false),
            Self::Unknown(_) => None,
        }
    }

    /// Whether the client is proven to be public.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether its value can be read, from Cognito or from Secrets Manager.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        matches!(self, Self::Shown | Self::Managed { .. })
    }

    /// One word or two, for a column.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Managed { .. } => "managed",
            Self::Hidden(_) => "not shown",
            Self::None => "none",
            Self::Unknown(_) => "not known",
        }
    }

    /// The word for scripts.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Managed { .. } => "managed",
            Self::Hidden(_) => "hidden",
            Self::None => "none",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What it means, in a sentence without its end.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Shown => "Cognito shows it".to_owned(),
            Self::Managed { arn } => format!("in AWS Secrets Manager, {arn}"),
            Self::Hidden(SecretEvidence::Listed(1)) => {
                "there is one, but Cognito does not show it".to_owned()
            }
            Self::Hidden(SecretEvidence::Listed(count)) => {
                format!("there are {count}, but Cognito does not show them")
            }
            Self::Hidden(SecretEvidence::Grant) => {
                "Cognito does not show it; client_credentials proves there is one".to_owned()
            }
            Self::None => "none: a public client".to_owned(),
            Self::Unknown(why) => format!("not known: {}", why.reason()),
        }
    }
}

impl UnknownSecret {
    /// The reason, as the second half of a sentence.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotRead => "its secrets are not read yet",
            Self::Denied => {
                "not in its description, and cognito-idp:ListUserPoolClientSecrets is denied"
            }
            Self::Unreadable => "not in its description, and its secrets could not be listed",
            Self::Contradiction => {
                "client_credentials needs a secret, and Cognito neither shows nor lists one"
            }
            Self::Registered => {
                "the client registered itself, and Cognito lists no secrets of such clients"
            }
        }
    }
}

/// Said wherever the value of a managed secret is copied or delivered.
pub const COPY_BREAKS: &str = "Cognito rotates this secret in Secrets Manager: a copy stops working, read it there by its ARN";

/// What AWS Secrets Manager says of a secret that Cognito keeps there (`DescribeSecret`). Never its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagedSecret {
    pub arn: String,
    pub name: Option<String>,
    /// The id of the version in use (`AWSCURRENT`).
    pub version: Option<String>,
    /// Whether it rotates by itself; `None` where the answer does not say.
    pub rotates: Option<bool>,
    /// How often, as Secrets Manager has it: `every 7 days`, or a schedule expression.
    pub schedule: Option<String>,
    pub last_rotated: Option<Timestamp>,
    pub next_rotation: Option<Timestamp>,
    pub created: Option<Timestamp>,
    /// The KMS key, where it is not the account's own for Secrets Manager.
    pub kms_key: Option<String>,
    /// When it is deleted, where its deletion is scheduled.
    pub deleted: Option<Timestamp>,
}

impl ManagedSecret {
    /// Whether the rotation that makes `version` is done: it is the current one, or the last rotation is later than it was `before`. A
    /// missing date proves nothing.
    #[must_use]
    pub fn has_rotated(&self, before: Option<&Self>, version: Option<&str>) -> bool {
        let later = |before: &Self| {
            let dates = self.last_rotated.zip(before.last_rotated);
            dates.is_some_and(|(now, before)| now > before)
        };
        (version.is_some() && self.version.as_deref() == version) || before.is_some_and(later)
    }

    /// Whether a rotation was due and did not happen: its date has passed by more than a day, the time that Secrets Manager takes at
    /// most for its window.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        let late = |due: Timestamp| due.seconds_until(now) > 86_400;
        self.rotates == Some(true) && self.next_rotation.is_some_and(late)
    }
}

/// [`COPY_BREAKS`], and when and where. `secret` is what Secrets Manager says of it, where that could be read.
#[must_use]
pub fn copy_breaks(secret: Option<&ManagedSecret>, arn: &str) -> String {
    let schedule = secret.and_then(|secret| secret.schedule.as_deref());
    let when = match (secret.and_then(|secret| secret.rotates), schedule) {
        (Some(false), _) => "Its rotation is off now".to_owned(),
        (_, Some(schedule)) => format!("It rotates {schedule}"),
        (_, None) => "It rotates every 7 days, unless its schedule was changed".to_owned(),
    };
    format!("{COPY_BREAKS}. {when}: {arn}")
}

/// One of a client's one or two live secrets (`ListUserPoolClientSecrets`): never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretDescriptor {
    /// `<client-id>--<epoch>`.
    pub id: String,
    pub created: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination of the four sources, each with what it proves.
    #[test]
    fn nothing_is_concluded_from_a_missing_field_alone() {
        use DescribedSecret::{Absent, Managed, Shown};
        let one = [SecretDescriptor {
            id: "4k2--1".to_owned(),
            created: None,
        }];
        let (denied, failed) = (
            ListedSecrets::Unreadable { denied: true },
            ListedSecrets::Unreadable { denied: false },
        );
        let (listed, empty) = (ListedSecrets::Read(&one), ListedSecrets::Read(&[]));
        let all = [ListedSecrets::NotRead, denied, failed, listed, empty];
        let of = |described: &DescribedSecret, machine, listed| {
            SecretState::of(described, false, machine, listed)
        };
        let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:a-AbCdEf".to_owned();
        for listed in all {
            for machine in [true, false] {
                assert_eq!(of(&Shown, machine, listed), SecretState::Shown);
                let managed = SecretState::Managed { arn: arn.clone() };
                assert_eq!(of(&Managed(arn.clone()), machine, listed), managed);
                let registered = SecretState::of(&Absent, true, machine, listed).is_public();
                assert!(
                    !registered,
                    "a client that registered itself is never public by inference"
                );
                // The only proof of a public client: an empty list, and no grant that needs a secret.
                let public = listed == empty && !machine;
                assert_eq!(of(&Absent, machine, listed).is_public(), public);
            }
        }
        let absent = |machine, listed| of(&Absent, machine, listed);
        let hidden = SecretState::Hidden;
        assert_eq!(absent(true, denied), hidden(SecretEvidence::Grant));
        assert_eq!(absent(false, listed), hidden(SecretEvidence::Listed(1)));
        let unknown = SecretState::Unknown;
        assert_eq!(absent(true, empty), unknown(UnknownSecret::Contradiction));
        assert_eq!(absent(false, denied), unknown(UnknownSecret::Denied));
        assert_eq!(absent(false, failed), unknown(UnknownSecret::Unreadable));
    }
}
