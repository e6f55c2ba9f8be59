//! The AWS CLI's command for each step, for those who would rather run it themselves.
//!
//! Every value is quoted for a POSIX shell. Nothing secret is in a command or in what it prints: where the answer would hold a client's
//! secret, `--query` picks something else.

use std::fmt::Display;

use super::step::{Place, Step};
use crate::domain::client::{Analytics, AppClient, ClientSettings, OAuthFlow, TimeUnit, Validity};
use crate::domain::handover::quote;
use crate::domain::new_client::NewClient;
use crate::domain::pool::NewPool;
use crate::domain::resource_server::{ResourceServer, Scope};

/// The shell variable that `create-user-pool` leaves the new pool's id in.
const POOL: &str = "\"$USER_POOL_ID\"";

/// What `UpdateUserPool` takes of what `DescribeUserPool` gives.
const POOL_SETTINGS: &str = "{Policies, DeletionProtection, LambdaConfig, AutoVerifiedAttributes, VerificationMessageTemplate, \
     SmsAuthenticationMessage, UserAttributeUpdateSettings, MfaConfiguration, DeviceConfiguration, EmailConfiguration, \
     SmsConfiguration, UserPoolTags, AdminCreateUserConfig, UserPoolAddOns, AccountRecoverySetting, UserPoolTier, \
     IssuerConfiguration, PoolName: .Name}";

impl Step {
    /// The command that does the same; empty where there is nothing to do. Calls that replace everything carry every setting.
    #[must_use]
    pub fn cli(&self, place: Place) -> String {
        match self {
            Self::CreatePool(new) => create_pool(new, place),
            Self::SetDeletionProtection { on, .. } => protect(*on, place),
            Self::DeletePool { .. } => Command::new("delete-user-pool", place).text(),
            Self::CreateServer(server) => server_command("create-resource-server", server, place),
            Self::UpdateServer { after, .. } => {
                server_command("update-resource-server", after, place)
            }
            Self::AddScopes { identifier, scopes } => add_scopes(identifier, scopes, place),
            Self::DeleteServer { server, .. } => Command::new("delete-resource-server", place)
                .with("--identifier", &server.identifier)
                .text(),
            Self::CreateClient(new) => create_client(new, place),
            Self::UpdateClient { before, after } => update_client(before, after, place),
            Self::DeleteClient { id, .. } => Command::new("delete-user-pool-client", place)
                .with("--client-id", id)
                .text(),
            Self::CreateDomain(new) => Command::new("create-user-pool-domain", place)
                .with("--domain", &new.name)
                .maybe("--managed-login-version", new.managed_login_version)
                .maybe(
                    "--custom-domain-config",
                    new.certificate_arn
                        .as_ref()
                        .map(|arn| format!("CertificateArn={arn}")),
                )
                .text(),
            Self::UpdateDomain { before, after } => Command::new("update-user-pool-domain", place)
                .with("--domain", &before.name)
                .maybe(
                    "--managed-login-version",
                    after.managed_login_version.or(before.managed_login_version),
                )
                .maybe(
                    "--custom-domain-config",
                    after
                        .certificate_arn
                        .as_ref()
                        .or(before.certificate_arn.as_ref())
                        .map(|arn| format!("CertificateArn={arn}")),
                )
                .text(),
            Self::DeleteDomain { domain, .. } => Command::new("delete-user-pool-domain", place)
                .with("--domain", &domain.name)
                .text(),
            Self::There(_) => String::new(),
        }
    }
}

/// A command in the making, an option a line.
struct Command(String);

impl Command {
    /// A command about the pool.
    fn new(operation: &str, place: Place) -> Self {
        let mut command = Self::about_no_pool(operation, place);
        let pool = place
            .pool
            .map_or_else(|| POOL.to_owned(), |pool| quote(pool.as_str()));
        command.push("--user-pool-id", &pool);
        command
    }

    fn about_no_pool(operation: &str, place: Place) -> Self {
        let mut text = "aws".to_owned();
        if let Some(endpoint) = place.endpoint {
            text.push_str(" --endpoint-url ");
            text.push_str(&quote(endpoint));
        }
        if let Some(region) = place.region {
            text.push_str(" --region ");
            text.push_str(&quote(region));
        }
        Self(format!("{text} cognito-idp {operation}"))
    }

    /// An option whose value is quoted already, or that has none.
    fn push(&mut self, option: &str, value: &str) {
        self.0.push_str(" \\\n  ");
        self.0.push_str(option);
        if !value.is_empty() {
            self.0.push(' ');
            self.0.push_str(value);
        }
    }

    fn with(mut self, option: &str, value: impl Display) -> Self {
        let value = value.to_string();
        if value.starts_with('-') {
            // On its own it would be taken for an option.
            self.push(&format!("{option}={}", quote(&value)), "");
        } else {
            self.push(option, &quote(&value));
        }
        self
    }

    fn maybe(self, option: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(option, value),
            None => self,
        }
    }

    /// An option with several values; left out where there is none.
    fn list<T>(mut self, option: &str, items: &[T], word: impl Fn(&T) -> String) -> Self {
        if !items.is_empty() {
            let words: Vec<String> = items.iter().map(|item| quote(&word(item))).collect();
            self.push(option, &words.join(" "));
        }
        self
    }

    /// A pair of options, one for each side.
    fn flag(mut self, on: Option<bool>, name: &str) -> Self {
        match on {
            Some(true) => self.push(&format!("--{name}"), ""),
            Some(false) => self.push(&format!("--no-{name}"), ""),
            None => {}
        }
        self
    }

    /// The lives of the tokens and their units.
    fn lives(self, lives: [(&str, &str, Option<Validity>); 3]) -> Self {
        let mut command = self;
        let mut units = Vec::new();
        for (option, token, life) in lives {
            if let Some(life) = life {
                command = command.with(option, life.value);
                units.push(format!("{token}={}", unit(life.unit)));
            }
        }
        if units.is_empty() {
            command
        } else {
            command.with("--token-validity-units", units.join(","))
        }
    }

    fn text(self) -> String {
        self.0
    }
}

fn unit(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Seconds => "seconds",
        TimeUnit::Minutes => "minutes",
        TimeUnit::Hours => "hours",
        TimeUnit::Days => "days",
    }
}

fn create_pool(new: &NewPool, place: Place) -> String {
    let tags: Vec<String> = new
        .tags
        .iter()
        .map(|(key, value)| format!("{}:{}", json(key), json(value)))
        .collect();
    let command = Command::about_no_pool("create-user-pool", place)
        .with("--pool-name", &new.name)
        .maybe(
            "--admin-create-user-config",
            new.admin_create_only
                .then_some("AllowAdminCreateUserOnly=true"),
        )
        .maybe(
            "--deletion-protection",
            new.deletion_protection.then_some("ACTIVE"),
        )
        .maybe("--user-pool-tier", new.tier.as_ref())
        .list(
            "--username-attributes",
            &new.username_attributes,
            Clone::clone,
        )
        .maybe(
            "--user-pool-tags",
            (!tags.is_empty()).then(|| format!("{{{}}}", tags.join(","))),
        )
        .with("--query", "UserPool.Id")
        .with("--output", "text");
    format!("USER_POOL_ID=$({})", command.text())
}

/// All other settings are read and sent back, with `jq`, since the call puts back to its default what it is not sent.
fn protect(on: bool, place: Place) -> String {
    let describe = Command::new("describe-user-pool", place).with("--output", "json");
    let update =
        Command::new("update-user-pool", place).with("--cli-input-json", "file:///dev/stdin");
    let word = if on { "ACTIVE" } else { "INACTIVE" };
    // Cognito describes a validity that the newer setting has replaced, and takes only one of the two.
    let filter = format!(
        ".UserPool | {POOL_SETTINGS} | .DeletionProtection = \"{word}\" \
         | if .Policies.PasswordPolicy.TemporaryPasswordValidityDays then del(.AdminCreateUserConfig.UnusedAccountValidityDays) else . end \
         | with_entries(select(.value != null))"
    );
    format!(
        "{} \\\n  | jq {} \\\n  | {}",
        describe.text(),
        quote(&filter),
        update.text()
    )
}

fn server_command(operation: &str, server: &ResourceServer, place: Place) -> String {
    Command::new(operation, place)
        .with("--identifier", &server.identifier)
        .with("--name", &server.name)
        .maybe(
            "--scopes",
            (!server.scopes.is_empty()).then(|| scopes_json(&server.scopes)),
        )
        .text()
}

/// The scopes that are there are read first, with `jq`, since the call replaces the whole list.
fn add_scopes(identifier: &str, scopes: &[Scope], place: Place) -> String {
    let describe = Command::new("describe-resource-server", place)
        .with("--identifier", identifier)
        .with("--output", "json");
    let update =
        Command::new("update-resource-server", place).with("--cli-input-json", "file:///dev/stdin");
    let filter = format!(
        ".ResourceServer | {{Identifier, Name, Scopes: ((.Scopes // []) + {})}}",
        scopes_json(scopes)
    );
    format!(
        "{} \\\n  | jq {} \\\n  | {}",
        describe.text(),
        quote(&filter),
        update.text()
    )
}

fn scopes_json(scopes: &[Scope]) -> String {
    let each: Vec<String> = scopes
        .iter()
        .map(|scope| {
            format!(
                "{{\"ScopeName\":{},\"ScopeDescription\":{}}}",
                json(&scope.name),
                json(&scope.description)
            )
        })
        .collect();
    format!("[{}]", each.join(","))
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn create_client(new: &NewClient, place: Place) -> String {
    let mut command =
        Command::new("create-user-pool-client", place).with("--client-name", &new.name);
    if new.generate_secret {
        command.push("--generate-secret", "");
    }
    command
        .flag(
            Some(new.oauth_enabled),
            "allowed-o-auth-flows-user-pool-client",
        )
        .list("--allowed-o-auth-flows", &new.flows, flow)
        .list("--allowed-o-auth-scopes", &new.scopes, ToString::to_string)
        .list(
            "--explicit-auth-flows",
            &new.explicit_auth_flows,
            Clone::clone,
        )
        .list(
            "--supported-identity-providers",
            &new.identity_providers,
            Clone::clone,
        )
        .list("--callback-urls", &new.callback_urls, Clone::clone)
        .list("--logout-urls", &new.logout_urls, Clone::clone)
        .lives([
            ("--access-token-validity", "AccessToken", new.access_token),
            ("--id-token-validity", "IdToken", new.id_token),
            (
                "--refresh-token-validity",
                "RefreshToken",
                new.refresh_token,
            ),
        ])
        .maybe("--auth-session-validity", new.auth_session_minutes)
        .flag(new.token_revocation, "enable-token-revocation")
        .maybe(
            "--prevent-user-existence-errors",
            new.prevent_user_existence_errors.as_ref(),
        )
        .with("--query", "UserPoolClient.ClientId")
        .with("--output", "text")
        .text()
}

fn flow(flow: &OAuthFlow) -> String {
    flow.as_str().to_owned()
}

fn update_client(before: &AppClient, after: &ClientSettings, place: Place) -> String {
    Command::new("update-user-pool-client", place)
        .with("--client-id", &before.id)
        .with("--client-name", &after.name)
        .flag(
            Some(after.oauth_enabled),
            "allowed-o-auth-flows-user-pool-client",
        )
        .list("--allowed-o-auth-flows", &after.flows, flow)
        .list(
            "--allowed-o-auth-scopes",
            &after.scopes,
            ToString::to_string,
        )
        .list(
            "--explicit-auth-flows",
            &after.explicit_auth_flows,
            Clone::clone,
        )
        .list(
            "--supported-identity-providers",
            &after.identity_providers,
            Clone::clone,
        )
        .list("--callback-urls", &after.callback_urls, Clone::clone)
        .list("--logout-urls", &after.logout_urls, Clone::clone)
        .maybe(
            "--default-redirect-uri",
            after.default_redirect_uri.as_ref(),
        )
        .lives([
            (
                "--access-token-validity",
                "AccessToken",
                Some(after.access_token),
            ),
            ("--id-token-validity", "IdToken", Some(after.id_token)),
            (
                "--refresh-token-validity",
                "RefreshToken",
                Some(after.refresh_token),
            ),
        ])
        .maybe("--auth-session-validity", after.auth_session_minutes)
        .flag(after.token_revocation, "enable-token-revocation")
        .maybe(
            "--prevent-user-existence-errors",
            after.prevent_user_existence_errors.as_ref(),
        )
        .list("--read-attributes", &after.read_attributes, Clone::clone)
        .list("--write-attributes", &after.write_attributes, Clone::clone)
        .flag(
            after.propagates_user_context,
            "enable-propagate-additional-user-context-data",
        )
        .maybe(
            "--refresh-token-rotation",
            after.refresh_token_rotation.map(|rotation| {
                let feature = if rotation.enabled {
                    "ENABLED"
                } else {
                    "DISABLED"
                };
                let grace = rotation.grace_seconds.map_or_else(String::new, |seconds| {
                    format!(",RetryGracePeriodSeconds={seconds}")
                });
                format!("Feature={feature}{grace}")
            }),
        )
        .maybe(
            "--analytics-configuration",
            after.analytics.as_deref().map(analytics),
        )
        .with("--query", "UserPoolClient.LastModifiedDate")
        .with("--output", "text")
        .text()
}

fn analytics(analytics: &Analytics) -> String {
    let fields = [
        ("ApplicationId", &analytics.application_id),
        ("ApplicationArn", &analytics.application_arn),
        ("RoleArn", &analytics.role_arn),
        ("ExternalId", &analytics.external_id),
    ];
    let mut parts: Vec<String> = fields
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{}:{}", json(name), json(value.as_deref()?))))
        .collect();
    parts.push(format!("\"UserDataShared\":{}", analytics.user_data_shared));
    format!("{{{}}}", parts.join(","))
}
