//! App clients.

use std::fmt;
use std::str::FromStr;

use super::ids::{ClientId, PoolId};
use super::other_settings::OtherSettings;
use super::scope::ScopeName;
use super::secret::{DescribedSecret, ListedSecrets, SecretState};
use super::time::Timestamp;

/// What `ListUserPoolClients` tells of a client: no more than its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSummary {
    pub id: ClientId,
    pub name: String,
}

/// What `DescribeUserPoolClient` tells of a client. Its secret is not in here: this type is stored, compared and printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppClient {
    pub pool: PoolId,
    pub id: ClientId,
    /// What the description says of its secret. [`AppClient::secret_state`] says where the secret is.
    pub secret: DescribedSecret,
    /// `None` where the description does not say.
    pub client_type: Option<ClientType>,
    pub settings: ClientSettings,
    /// Lifetimes and their units that the description leaves out, by the API's names (`IdTokenValidity`, `IdToken`). The defaults stand
    /// for them in `settings`.
    pub undescribed: Vec<&'static str>,
    /// What else Cognito describes. Updates send it back.
    pub other: OtherSettings,
    pub created: Option<Timestamp>,
    /// Changes with every update; the guard against overwriting somebody else's change.
    pub modified: Option<Timestamp>,
}

impl AppClient {
    /// Where the client's secret is, with what is known of its list of secrets.
    #[must_use]
    pub fn secret_state(&self, listed: ListedSecrets) -> SecretState {
        let machine = self.settings.is_m2m();
        SecretState::of(&self.secret, self.is_registered(), machine, listed)
    }

    /// Whether the client registered itself (dynamic client registration). Cognito refuses secret operations on it.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.client_type == Some(ClientType::Dcr)
    }
}

/// How the client was made (`ClientType`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClientType {
    /// Not by dynamic client registration, but by `CreateUserPoolClient`, say.
    Regular,
    /// By the client itself, at the pool's `/oauth2/register` (dynamic client registration). It takes no secret operation.
    Dcr,
    /// One that this build does not know.
    Other(String),
}

impl ClientType {
    /// The API's own word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Regular => "REGULAR",
            Self::Dcr => "DCR",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ClientType {
    fn from(word: &str) -> Self {
        match word {
            "REGULAR" => Self::Regular,
            "DCR" => Self::Dcr,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Everything about an app client that `UpdateUserPoolClient` can change. What is left out of such a call returns to its default, so
/// this type is whole: what Cognito described can be sent back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSettings {
    pub name: String,
    /// `AllowedOAuthFlowsUserPoolClient`: off by default, and while it is off the token endpoint answers `invalid_grant`.
    pub oauth_enabled: bool,
    pub flows: Vec<OAuthFlow>,
    pub scopes: Vec<ScopeName>,
    /// `ExplicitAuthFlows` as the API spells them, such as `ALLOW_REFRESH_TOKEN_AUTH`.
    pub explicit_auth_flows: Vec<String>,
    pub identity_providers: Vec<String>,
    pub callback_urls: Vec<String>,
    pub logout_urls: Vec<String>,
    pub default_redirect_uri: Option<String>,
    pub access_token: Validity,
    pub id_token: Validity,
    pub refresh_token: Validity,
    /// Minutes that a sign-in session stays open: 3 to 15.
    pub auth_session_minutes: Option<i32>,
    pub token_revocation: Option<bool>,
    /// `ENABLED` or `LEGACY`.
    pub prevent_user_existence_errors: Option<String>,
    pub read_attributes: Vec<String>,
    pub write_attributes: Vec<String>,
    /// `EnablePropagateAdditionalUserContextData`.
    pub propagates_user_context: Option<bool>,
    pub refresh_token_rotation: Option<RefreshTokenRotation>,
    pub analytics: Option<Box<Analytics>>,
}

/// The explicit auth flow of `GetClientToken`.
pub const CLIENT_TOKEN_FLOW: &str = "ALLOW_CLIENT_TOKEN_AUTH";

impl ClientSettings {
    /// Whether its explicit flows name `GetClientToken` at all, be it among others.
    #[must_use]
    pub fn names_client_token(&self) -> bool {
        self.explicit_auth_flows
            .iter()
            .any(|flow| flow == CLIENT_TOKEN_FLOW)
    }

    /// Whether Cognito answers the client's `GetClientToken`: its explicit flows are that one and nothing else.
    #[must_use]
    pub fn may_get_client_token(&self) -> bool {
        self.explicit_auth_flows == [CLIENT_TOKEN_FLOW]
    }

    /// The grants that the client may use, in the API's own words.
    #[must_use]
    pub fn flow_names(&self) -> Vec<&str> {
        self.flows.iter().map(OAuthFlow::as_str).collect()
    }

    /// Whether the client gets tokens without a user: by the `client_credentials` grant, or by `GetClientToken`.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.is_m2m() || self.names_client_token()
    }

    /// Whether the client may use the `client_credentials` grant at the token endpoint, going by its own settings.
    #[must_use]
    pub fn is_m2m(&self) -> bool {
        self.flows.contains(&OAuthFlow::ClientCredentials)
    }
}

/// Whether a refresh token is replaced when it is used (`RefreshTokenRotation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefreshTokenRotation {
    pub enabled: bool,
    /// How many seconds more the replaced token is accepted: 0 to 60.
    pub grace_seconds: Option<i32>,
}

impl RefreshTokenRotation {
    /// The API's own word for whether it is on (`Feature`).
    #[must_use]
    pub fn feature(self) -> &'static str {
        if self.enabled { "ENABLED" } else { "DISABLED" }
    }
}

impl fmt::Display for RefreshTokenRotation {
    /// In plain words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.enabled {
            let grace = self.grace_seconds.unwrap_or(0);
            write!(f, "on, the old one good for {grace} s more")
        } else {
            f.write_str("off")
        }
    }
}

/// Where usage data of a client goes in Amazon Pinpoint (`AnalyticsConfiguration`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Analytics {
    pub application_id: Option<String>,
    pub application_arn: Option<String>,
    pub role_arn: Option<String>,
    pub external_id: Option<String>,
    pub user_data_shared: bool,
}

impl fmt::Display for Analytics {
    /// What is set, under the API's names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = [
            ("ApplicationId", &self.application_id),
            ("ApplicationArn", &self.application_arn),
            ("RoleArn", &self.role_arn),
            ("ExternalId", &self.external_id),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                write!(f, "{name} {value}, ")?;
            }
        }
        let shared = if self.user_data_shared { "" } else { "not " };
        write!(f, "user data {shared}shared")
    }
}

impl Analytics {
    /// The application, by id or by ARN.
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        self.application_id
            .as_deref()
            .or(self.application_arn.as_deref())
    }
}

/// An OAuth 2.0 grant that a client may use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OAuthFlow {
    Code,
    Implicit,
    ClientCredentials,
    /// One that this program does not know.
    Other(String),
}

impl OAuthFlow {
    /// The API's own word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code => "code",
            Self::Implicit => "implicit",
            Self::ClientCredentials => "client_credentials",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for OAuthFlow {
    fn from(word: &str) -> Self {
        match word {
            "code" => Self::Code,
            "implicit" => Self::Implicit,
            "client_credentials" => Self::ClientCredentials,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// How long a token lives: a number and its unit, as Cognito keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    pub value: i32,
    pub unit: TimeUnit,
}

/// The unit of a token's lifetime (`TokenValidityUnits`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
    /// One that this build does not know: its word is among the client's other settings.
    Unknown,
}

impl TimeUnit {
    /// The API's own word.
    #[must_use]
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Unknown => "in an unknown unit",
        }
    }

    /// The unit of the API's word; `None` for one that this build does not know.
    #[must_use]
    pub fn from_api(word: &str) -> Option<Self> {
        let units = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days];
        units.into_iter().find(|unit| unit.as_api() == word)
    }
}

impl Validity {
    /// The lifetime in seconds; `None` in a unit that is not known.
    #[must_use]
    pub fn seconds(self) -> Option<i64> {
        let unit = match self.unit {
            TimeUnit::Seconds => 1,
            TimeUnit::Minutes => 60,
            TimeUnit::Hours => 3_600,
            TimeUnit::Days => 86_400,
            TimeUnit::Unknown => return None,
        };
        Some(i64::from(self.value) * unit)
    }
}

impl fmt::Display for Validity {
    /// As the API takes it: `60 minutes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit.as_api())
    }
}

impl FromStr for Validity {
    type Err = String;

    /// Reads a lifetime as people type it: `5 min`, `1h`, `90 minutes`, `1 d`. A bare number counts minutes.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let split = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(split).unwrap_or((text, ""));
        let value = number
            .parse()
            .map_err(|_| "type a number and a unit, such as 5 min, 1 h or 1 d".to_owned())?;
        let unit = match unit.trim().to_lowercase().as_str() {
            "s" | "sec" | "second" | "seconds" => TimeUnit::Seconds,
            "" | "m" | "min" | "minute" | "minutes" => TimeUnit::Minutes,
            "h" | "hour" | "hours" => TimeUnit::Hours,
            "d" | "day" | "days" => TimeUnit::Days,
            other => return Err(format!("{other} is no unit: use s, min, h or d")),
        };
        Ok(Self { value, unit })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A machine client in good order, with these scopes.
    pub(crate) fn client(scopes: &[&str]) -> AppClient {
        let hour = Validity {
            value: 1,
            unit: TimeUnit::Hours,
        };
        AppClient {
            pool: PoolId::new("eu-west-1_A"),
            id: ClientId::new("4k2"),
            secret: DescribedSecret::Shown,
            client_type: None,
            undescribed: Vec::new(),
            other: OtherSettings::default(),
            settings: ClientSettings {
                name: "machine_auth".to_owned(),
                oauth_enabled: true,
                flows: vec![OAuthFlow::ClientCredentials],
                scopes: scopes.iter().map(|s| ScopeName::new(*s)).collect(),
                explicit_auth_flows: vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()],
                identity_providers: vec![],
                callback_urls: vec![],
                logout_urls: vec![],
                default_redirect_uri: None,
                access_token: hour,
                id_token: hour,
                refresh_token: hour,
                auth_session_minutes: None,
                token_revocation: None,
                prevent_user_existence_errors: None,
                read_attributes: vec![],
                write_attributes: vec![],
                propagates_user_context: None,
                refresh_token_rotation: None,
                analytics: None,
            },
            created: None,
            modified: None,
        }
    }

    #[test]
    fn a_lifetime_is_read_as_people_type_it() {
        let read = |text: &str| text.parse::<Validity>().map(|life| life.seconds().unwrap());
        assert_eq!(read("5 min"), Ok(300));
        assert_eq!(read(" 1h "), Ok(3_600));
        assert_eq!(read("90"), Ok(5_400));
        assert_eq!(read("1 day"), Ok(86_400));
        assert!(read("").unwrap_err().contains("5 min"));
        assert!(read("3 weeks").unwrap_err().contains("weeks"));
        assert!(read("99999999999").is_err());
    }
}
