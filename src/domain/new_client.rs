//! An app client that is about to be made, and what Cognito would say against it.

use super::aws_rules::Rule;
use super::client::{
    Analytics, ClientSummary, OAuthFlow, RefreshTokenRotation, TimeUnit, Validity,
};
use super::limits;
use super::objection::Objection;
use super::resource_server::{ResourceServer, Scope};
use super::scope::{OPEN_ID, ScopeName};
use super::scope_meant;
use crate::domain::resource_server::ScopeState;

/// The settings of a `CreateUserPoolClient` call. What is empty or `None` is left out of the call, so that Cognito's own default holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NewClient {
    pub name: String,
    /// Whether Cognito generates a secret. It cannot be given one later.
    pub generate_secret: bool,
    /// `PublishSecretsInAWSSecretsManager`: Cognito keeps the generated secret in AWS Secrets Manager and rotates it there.
    pub managed_secret: bool,
    /// `AllowedOAuthFlowsUserPoolClient`.
    pub oauth_enabled: bool,
    pub flows: Vec<OAuthFlow>,
    pub scopes: Vec<ScopeName>,
    /// `ExplicitAuthFlows`, in the API's spelling.
    pub explicit_auth_flows: Vec<String>,
    pub identity_providers: Vec<String>,
    pub callback_urls: Vec<String>,
    pub logout_urls: Vec<String>,
    /// Life of access tokens; Cognito's default is one hour.
    pub access_token: Option<Validity>,
    /// Life of id tokens; Cognito's default is one hour.
    pub id_token: Option<Validity>,
    /// Life of refresh tokens; Cognito's default is 30 days.
    pub refresh_token: Option<Validity>,
    /// Minutes that a sign-in session stays open, 3 to 15; Cognito's default is 3.
    pub auth_session_minutes: Option<i32>,
    /// `EnableTokenRevocation`; Cognito's default is on.
    pub token_revocation: Option<bool>,
    /// `ENABLED` or `LEGACY`.
    pub prevent_user_existence_errors: Option<String>,
    pub default_redirect_uri: Option<String>,
    pub read_attributes: Vec<String>,
    pub write_attributes: Vec<String>,
    /// `EnablePropagateAdditionalUserContextData`; Cognito's default is off.
    pub propagates_user_context: Option<bool>,
    pub refresh_token_rotation: Option<RefreshTokenRotation>,
    pub analytics: Option<Box<Analytics>>,
}

/// The client that AWS TEAM's `api-machine-auth.sh` makes: exactly its fields, no more.
#[must_use]
pub fn machine_auth() -> NewClient {
    NewClient {
        name: "machine_auth".to_owned(),
        generate_secret: true,
        oauth_enabled: true,
        flows: vec![OAuthFlow::ClientCredentials],
        scopes: vec![ScopeName::custom("api", "admin")],
        explicit_auth_flows: vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()],
        identity_providers: vec!["COGNITO".to_owned()],
        callback_urls: vec!["https://localhost".to_owned()],
        ..NewClient::default()
    }
}

/// The resource server that AWS TEAM's `api-machine-auth.sh` makes before the client.
#[must_use]
pub fn machine_auth_server() -> ResourceServer {
    ResourceServer {
        identifier: "api".to_owned(),
        name: "api".to_owned(),
        scopes: vec![Scope {
            name: "admin".to_owned(),
            description: "Provides Admin access to machine authentication flows".to_owned(),
        }],
        ..ResourceServer::default()
    }
}

/// A client for machines and nothing else: the `client_credentials` flow alone, OAuth switched on, a secret, and no sign-in flow.
#[must_use]
pub fn m2m(name: impl Into<String>, scopes: Vec<ScopeName>, access_token: Validity) -> NewClient {
    NewClient {
        name: name.into(),
        generate_secret: true,
        oauth_enabled: true,
        flows: vec![OAuthFlow::ClientCredentials],
        scopes,
        // Without any entry Cognito would switch on user sign-in (SRP and custom authentication).
        explicit_auth_flows: vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()],
        access_token: Some(access_token),
        ..NewClient::default()
    }
}

/// The setting that a [`Problem`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Name,
    Secret,
    OAuth,
    Flows,
    Scopes,
    CallbackUrls,
    AccessToken,
}

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Cognito accepts it, or is not known to refuse it; a person should know.
    Warning,
    /// Cognito refuses it.
    Error,
}

/// One thing that is wrong with a [`NewClient`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: Field,
    pub severity: Severity,
    pub objection: Objection,
    /// The rule of AWS that an error breaks.
    pub rule: Option<Rule>,
}

impl NewClient {
    /// The life of its access tokens, Cognito's default filled in.
    #[must_use]
    pub fn access_token(&self) -> Validity {
        self.access_token.unwrap_or(Validity {
            value: 1,
            unit: TimeUnit::Hours,
        })
    }

    /// Everything that Cognito would refuse, that would leave the client without tokens, or that a person should know, in the order
    /// of the form. `servers` are the pool's resource servers, those counted in that will be made first; `existing` its
    /// clients.
    #[must_use]
    pub fn problems(&self, servers: &[ResourceServer], existing: &[ClientSummary]) -> Vec<Problem> {
        let mut found = Problems::default();
        self.check_name(existing, &mut found);
        self.check_flows(&mut found);
        self.check_scopes(servers, &mut found);
        self.check_urls(&mut found);
        let life = self.access_token().seconds();
        if let Some(Err(objection)) = life.map(limits::access_token_validity) {
            found.refuse(Field::AccessToken, Rule::AccessLife, objection);
        }
        found.0
    }

    fn is_m2m(&self) -> bool {
        self.flows.contains(&OAuthFlow::ClientCredentials)
    }

    fn check_name(&self, existing: &[ClientSummary], found: &mut Problems) {
        if let Err(objection) = limits::client_name(&self.name) {
            found.refuse(Field::Name, Rule::Name, objection);
        } else if existing.iter().any(|client| client.name == self.name) {
            found.warn(
                Field::Name,
                format!("The pool has a client named {} already", self.name),
                "Names need not be unique, but scripts that look clients up by name will find two.",
            );
        }
    }

    fn check_flows(&self, found: &mut Problems) {
        if self.is_m2m() && !self.generate_secret {
            found.error(
                Field::Secret,
                Rule::MachineNeedsSecret,
                "client_credentials needs a client secret, and a client made without one can never get one",
                "Generate it.",
            );
        }
        if self.is_m2m() && self.flows.len() > 1 {
            found.error(
                Field::Flows,
                Rule::MachineFlowAlone,
                "client_credentials cannot be combined with code or implicit",
                "Make a separate client for sign-in.",
            );
        }
        if self.oauth_enabled && self.flows.is_empty() {
            found.error(
                Field::Flows,
                Rule::OAuthNeedsFlows,
                "OAuth is on, so at least one flow is required",
                "Choose client_credentials.",
            );
        }
        if !self.oauth_enabled && self.is_m2m() {
            // Cognito makes such a client.
            found.warn(
                Field::OAuth,
                "While OAuth is off, the token endpoint answers every request with invalid_grant",
                "Switch it on.",
            );
        }
    }

    fn check_scopes(&self, servers: &[ResourceServer], found: &mut Problems) {
        if self.oauth_enabled && self.scopes.is_empty() {
            found.error(
                Field::Scopes,
                Rule::OAuthNeedsScopes,
                "OAuth is on, so at least one scope is required",
                "Choose one.",
            );
        }
        if self.scopes.len() > limits::SCOPES_PER_CLIENT {
            found.error(
                Field::Scopes,
                Rule::ScopesPerClient,
                format!(
                    "A client can have {} scopes, these are {}",
                    limits::SCOPES_PER_CLIENT,
                    self.scopes.len()
                ),
                "Remove some, or split the client.",
            );
        }
        for scope in &self.scopes {
            match ScopeState::of(scope, servers) {
                ScopeState::OpenId if self.is_m2m() => found.refuse(
                    Field::Scopes,
                    Rule::SignInScope,
                    if OPEN_ID.contains(&scope.as_str()) {
                        Objection::new(
                            format!("{scope} is not supported with client_credentials"),
                            "Take it away, or choose a resource server's scope.",
                        )
                    } else {
                        undefined(scope, servers)
                    },
                ),
                ScopeState::Inactive => {
                    found.refuse(Field::Scopes, Rule::ScopeExists, undefined(scope, servers));
                }
                ScopeState::Active => {
                    if let Err(objection) = limits::full_scope(scope.as_str()) {
                        found.refuse(Field::Scopes, Rule::FullScope, objection);
                    }
                }
                ScopeState::OpenId | ScopeState::System => {}
            }
        }
    }

    fn check_urls(&self, found: &mut Problems) {
        if self.callback_urls.len() > limits::URLS_PER_CLIENT {
            found.error(
                Field::CallbackUrls,
                Rule::UrlsPerClient,
                format!(
                    "A client can have {} callback URLs, these are {}",
                    limits::URLS_PER_CLIENT,
                    self.callback_urls.len()
                ),
                "Remove some.",
            );
        }
        // A list with an empty string is refused; no list at all is not.
        if self
            .callback_urls
            .iter()
            .any(|url| url.is_empty() || url.chars().count() > 1_024)
        {
            found.error(
                Field::CallbackUrls,
                Rule::Url,
                "A callback URL has 1 to 1,024 characters",
                "Fill it in, or take it away.",
            );
        }
    }
}

/// What is wrong with a scope that none of these servers defines, and the one that is probably meant.
fn undefined(scope: &ScopeName, servers: &[ResourceServer]) -> Objection {
    let meant = scope_meant::meant(scope.as_str(), Some(servers), None);
    let what = format!("No resource server defines {scope}");
    match (meant.first(), limits::full_scope(scope.as_str())) {
        (Some(meant), _) => {
            let what = format!("{what}: {}", meant.slip.reason());
            Objection::new(what, meant.question())
        }
        (None, Err(objection)) => objection,
        (None, Ok(())) => Objection::new(what, "Create it first, or choose another."),
    }
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn error(
        &mut self,
        field: Field,
        rule: Rule,
        what: impl Into<String>,
        way_out: impl Into<String>,
    ) {
        self.refuse(field, rule, Objection::new(what, way_out));
    }

    fn refuse(&mut self, field: Field, rule: Rule, objection: Objection) {
        self.0.push(Problem {
            field,
            severity: Severity::Error,
            objection,
            rule: Some(rule),
        });
    }

    fn warn(&mut self, field: Field, what: impl Into<String>, way_out: impl Into<String>) {
        self.0.push(Problem {
            field,
            severity: Severity::Warning,
            objection: Objection::new(what, way_out),
            rule: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ClientId;

    const HOUR: Validity = Validity {
        value: 1,
        unit: TimeUnit::Hours,
    };

    fn servers() -> Vec<ResourceServer> {
        vec![machine_auth_server()]
    }

    fn errors(client: &NewClient) -> Vec<Field> {
        let problems = client.problems(&servers(), &[]);
        assert!(
            problems.iter().all(|one| one.objection.is_whole()),
            "{problems:?}"
        );
        problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .map(|p| p.field)
            .collect()
    }

    #[test]
    fn the_preset_is_accepted_once_its_server_exists() {
        assert_eq!(machine_auth().problems(&servers(), &[]), []);
        let without = machine_auth().problems(&[], &[]);
        assert_eq!(without.len(), 1);
        assert_eq!(without[0].field, Field::Scopes);
        assert!(
            without[0]
                .objection
                .what
                .contains("No resource server defines api/admin")
        );
    }

    #[test]
    fn every_refused_combination_names_its_field() {
        let good = m2m("batch", vec![ScopeName::new("api/admin")], HOUR);
        assert_eq!(errors(&good), []);
        let with = |change: &dyn Fn(&mut NewClient)| {
            let mut client = good.clone();
            change(&mut client);
            errors(&client)
        };
        assert_eq!(with(&|c| c.generate_secret = false), [Field::Secret]);
        assert_eq!(with(&|c| c.flows.push(OAuthFlow::Code)), [Field::Flows]);
        assert_eq!(with(&|c| c.flows.push(OAuthFlow::Implicit)), [Field::Flows]);
        assert_eq!(with(&|c| c.flows.clear()), [Field::Flows]);
        // Cognito makes it, and it gets no token.
        assert_eq!(with(&|c| c.oauth_enabled = false), []);
        let mut off = machine_auth();
        off.oauth_enabled = false;
        let warned = off.problems(&servers(), &[]);
        assert_eq!(
            (warned[0].field, warned[0].severity),
            (Field::OAuth, Severity::Warning)
        );
        assert_eq!(with(&|c| c.scopes.clear()), [Field::Scopes]);
        assert_eq!(
            with(&|c| c.scopes.push(ScopeName::new("openid"))),
            [Field::Scopes]
        );
        assert_eq!(
            with(&|c| c.scopes.push(ScopeName::new("api/Admin"))),
            [Field::Scopes]
        );
        assert_eq!(
            with(&|c| c.scopes = vec![ScopeName::new("api/admin"); 51]),
            [Field::Scopes]
        );
        assert_eq!(with(&|c| c.name.clear()), [Field::Name]);
        assert_eq!(with(&|c| c.name = "x".repeat(129)), [Field::Name]);
        assert_eq!(
            with(&|c| c.callback_urls = vec![String::new()]),
            [Field::CallbackUrls]
        );
        assert_eq!(
            with(&|c| c.access_token = Some(Validity {
                value: 2,
                unit: TimeUnit::Days
            })),
            [Field::AccessToken]
        );
        assert_eq!(
            with(&|c| c.access_token = Some(Validity {
                value: 4,
                unit: TimeUnit::Minutes
            })),
            [Field::AccessToken]
        );
    }

    #[test]
    fn a_second_client_of_the_same_name_is_a_warning() {
        let existing = [ClientSummary {
            id: ClientId::new("1"),
            name: "machine_auth".to_owned(),
        }];
        let problems = machine_auth().problems(&servers(), &existing);
        assert_eq!(problems.len(), 1);
        assert_eq!(
            (problems[0].field, problems[0].severity),
            (Field::Name, Severity::Warning)
        );
    }

    #[test]
    fn a_sign_in_client_may_have_openid_scopes() {
        let mut client = m2m("web", vec![ScopeName::new("openid")], HOUR);
        client.flows = vec![OAuthFlow::Code];
        client.generate_secret = false;
        assert_eq!(errors(&client), []);
    }
}
