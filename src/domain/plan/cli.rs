//! The AWS CLI command of each step.
//!
//! Every value is quoted for a POSIX shell. No command contains or prints a secret: `--query` selects other members of a response.

use super::command::{Command, json, object};
use super::step::{CliContext, Step};
use crate::domain::client::{
    Analytics, AppClient, ClientSettings, OAuthFlow, RefreshTokenRotation,
};
use crate::domain::ids::ClientId;
use crate::domain::new_client::NewClient;
use crate::domain::other_settings::OtherSettings;
use crate::domain::pool::{Domain, NewDomain, NewPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::shell::quote;

/// The jq filter from `DescribeUserPool` to `UpdateUserPool`.
const POOL_SETTINGS: &str = "{Policies, DeletionProtection, LambdaConfig, AutoVerifiedAttributes, VerificationMessageTemplate, \
     SmsAuthenticationMessage, UserAttributeUpdateSettings, MfaConfiguration, DeviceConfiguration, EmailConfiguration, \
     SmsConfiguration, UserPoolTags, AdminCreateUserConfig, UserPoolAddOns, AccountRecoverySetting, UserPoolTier, \
     IssuerConfiguration, KeyConfiguration, AcrConfiguration, DcrConfiguration, PoolName: .Name, UserPoolId: .Id}";

impl Step {
    /// The equivalent command; empty if there is nothing to do. Calls that replace everything contain every setting.
    #[must_use]
    pub fn cli(&self, place: CliContext) -> String {
        match self {
            Self::CreatePool(new) => create_pool(new, place),
            Self::SetDeletionProtection { seen, on } => {
                format!("{}{}", left_out(&seen.other), protect(*on, place))
            }
            Self::DeletePool { .. } => Command::new("delete-user-pool", place).text(),
            Self::CreateServer(server) => server_command("create-resource-server", server, place),
            Self::UpdateServer { after, .. } => {
                server_command("update-resource-server", after, place)
            }
            Self::AddScopes { before, scopes } => add_scopes(&before.identifier, scopes, place),
            Self::DeleteServer { server, .. } => Command::new("delete-resource-server", place)
                .with("--identifier", &server.identifier)
                .text(),
            Self::CreateClient(new) => create_client(new, place),
            Self::UpdateClient { before, after } => {
                let command = update_client(before, after, place).text();
                format!("{}{command}", left_out(&before.other))
            }
            Self::MoveSecret {
                client, managed, ..
            } => {
                let command = update_client(client, &client.settings, place);
                let command = command.flag(Some(*managed), PUBLISH).text();
                format!("{}{command}", left_out(&client.other))
            }
            Self::RotateManaged { before, .. } => {
                Command::of_service("secretsmanager", "rotate-secret", place)
                    .with("--secret-id", &before.arn)
                    .with("--query", "VersionId")
                    .with("--output", "text")
                    .text()
            }
            Self::DeleteClient { id, .. } => Command::new("delete-user-pool-client", place)
                .with("--client-id", id)
                .text(),
            Self::CreateDomain(new) => Command::new("create-user-pool-domain", place)
                .with("--domain", &new.name)
                .maybe("--managed-login-version", new.managed_login_version)
                .structure(
                    "--custom-domain-config",
                    new.certificate_arn
                        .as_deref()
                        .map(|arn| object(&[("CertificateArn", Some(arn))])),
                )
                .text(),
            Self::UpdateDomain { before, after } => update_domain(before, after, place),
            Self::DeleteDomain { domain, .. } => Command::new("delete-user-pool-domain", place)
                .with("--domain", &domain.name)
                .text(),
            Self::There(_) | Self::Kept { .. } => String::new(),
        }
    }

    /// A one-line command that shows the result of the step.
    #[must_use]
    pub fn show_command_for(&self, place: CliContext) -> String {
        if matches!(self, Self::CreatePool(_)) || place.pool.is_none() {
            return Command::about_no_pool("list-user-pools", place)
                .with("--max-results", 60)
                .line();
        }
        match self {
            Self::CreateServer(server)
            | Self::AddScopes { before: server, .. }
            | Self::UpdateServer { before: server, .. }
            | Self::DeleteServer { server, .. } => Command::new("describe-resource-server", place)
                .with("--identifier", &server.identifier)
                .line(),
            Self::CreateClient(_) => Command::new("list-user-pool-clients", place).line(),
            // The response contains the client's secret.
            Self::UpdateClient { before, .. } => describe_client(&before.id, place),
            Self::MoveSecret { client, .. } => describe_client(&client.id, place),
            Self::RotateManaged { before, .. } => look_at_managed(&before.arn, place),
            Self::DeleteClient { id, .. } => describe_client(id, place),
            Self::CreateDomain(NewDomain { name, .. })
            | Self::UpdateDomain {
                before: Domain { name, .. },
                ..
            }
            | Self::DeleteDomain {
                domain: Domain { name, .. },
                ..
            } => Command::about_no_pool("describe-user-pool-domain", place)
                .with("--domain", name)
                .line(),
            _ => Command::new("describe-user-pool", place).line(),
        }
    }
}

fn describe_client(id: &ClientId, place: CliContext) -> String {
    Command::new("describe-user-pool-client", place)
        .with("--client-id", id)
        .with(
            "--query",
            "UserPoolClient.[ClientName, LastModifiedDate, ClientSecretArn]",
        )
        .line()
}

/// A one-line command that lists a client's secrets, without values.
#[must_use]
pub fn look_at_secrets(client: &ClientId, place: CliContext) -> String {
    Command::new("list-user-pool-client-secrets", place)
        .with("--client-id", client)
        .line()
}

/// A one-line command that shows the rotation of the secret `arn`.
#[must_use]
pub fn look_at_managed(arn: &str, place: CliContext) -> String {
    Command::of_service("secretsmanager", "describe-secret", place)
        .with("--secret-id", arn)
        .line()
}

/// With the existing policy and routing: the call may reset what is not sent.
fn update_domain(before: &Domain, after: &NewDomain, place: CliContext) -> String {
    let certificate = after.certificate_arn.as_ref();
    let certificate = certificate.or(before.certificate_arn.as_ref());
    let policy = before.security_policy.as_deref();
    Command::new("update-user-pool-domain", place)
        .with("--domain", &before.name)
        .maybe(
            "--managed-login-version",
            after.managed_login_version.or(before.managed_login_version),
        )
        .structure(
            "--custom-domain-config",
            certificate
                .map(|arn| object(&[("CertificateArn", Some(arn)), ("SecurityPolicy", policy)])),
        )
        .structure(
            "--routing",
            before.failover.as_ref().map(|failover| {
                let failover = object(&[
                    ("SecondaryRegion", Some(&failover.secondary_region)),
                    ("PrimaryRoute53HealthCheckId", Some(&failover.health_check)),
                ]);
                format!("{{\"Failover\":{failover}}}")
            }),
        )
        .text()
}

fn create_pool(new: &NewPool, place: CliContext) -> String {
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
        .structure(
            "--user-pool-tags",
            (!tags.is_empty()).then(|| format!("{{{}}}", tags.join(","))),
        )
        .with("--query", "UserPool.Id")
        .with("--output", "text");
    format!("USER_POOL_ID=$({})", command.text())
}

/// All other settings are read and sent back with `jq`, since the call resets what is not sent.
fn protect(on: bool, place: CliContext) -> String {
    let describe = Command::new("describe-user-pool", place).with("--output", "json");
    let word = if on { "ACTIVE" } else { "INACTIVE" };
    // Cognito describes a replaced validity, too, and accepts only one of the two.
    let filter = format!(
        ".UserPool | {POOL_SETTINGS} | .DeletionProtection = \"{word}\" \
         | if .Policies.PasswordPolicy.TemporaryPasswordValidityDays then del(.AdminCreateUserConfig.UnusedAccountValidityDays) else . end \
         | with_entries(select(.value != null))"
    );
    let make = format!("{} | jq {}", describe.text(), quote(&filter));
    Command::new("update-user-pool", place).input(&make).text()
}

fn server_command(operation: &str, server: &ResourceServer, place: CliContext) -> String {
    Command::new(operation, place)
        .with("--identifier", &server.identifier)
        .with("--name", &server.name)
        .structure(
            "--scopes",
            (!server.scopes.is_empty()).then(|| scopes_json(&server.scopes)),
        )
        .text()
}

/// Existing scopes are read first, since the call replaces the whole list.
fn add_scopes(identifier: &str, scopes: &[Scope], place: CliContext) -> String {
    // JMESPath quotes JSON with backticks.
    let added = scopes_json(scopes).replace('`', "\\`");
    let all = format!(
        "ResourceServer.{{UserPoolId: UserPoolId, Identifier: Identifier, Name: Name, Scopes: [Scopes || `[]`, `{added}`][]}}"
    );
    let make = Command::new("describe-resource-server", place)
        .with("--identifier", identifier)
        .structure("--query", Some(all))
        .with("--output", "json")
        .text();
    Command::new("update-resource-server", place)
        .input(&make)
        .text()
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

fn create_client(new: &NewClient, place: CliContext) -> String {
    let mut command =
        Command::new("create-user-pool-client", place).with("--client-name", &new.name);
    if new.generate_secret {
        command.push("--generate-secret", "");
    }
    command
        .flag(new.managed_secret.then_some(true), PUBLISH)
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
        .maybe(
            "--default-redirect-uri",
            new.default_redirect_uri.as_deref(),
        )
        .list("--read-attributes", &new.read_attributes, Clone::clone)
        .list("--write-attributes", &new.write_attributes, Clone::clone)
        .flag(
            new.propagates_user_context,
            "enable-propagate-additional-user-context-data",
        )
        .maybe(
            "--refresh-token-rotation",
            new.refresh_token_rotation.map(rotation),
        )
        .structure(
            "--analytics-configuration",
            new.analytics.as_deref().map(analytics),
        )
        .with("--query", "UserPoolClient.ClientId")
        .with("--output", "text")
        .text()
}

fn flow(flow: &OAuthFlow) -> String {
    flow.as_str().to_owned()
}

/// The option for a managed secret.
const PUBLISH: &str = "publish-secrets-in-aws-secrets-manager";

/// A comment on unknown settings. The call resets what is not sent.
fn left_out(other: &OtherSettings) -> String {
    let names: Vec<&str> = other.names().collect();
    if names.is_empty() {
        return String::new();
    }
    // A comment ends with its line.
    let names = names.join(", ").replace(char::is_control, " ");
    format!("# This command resets {names}, which this version of cognitui does not know.\n")
}

fn update_client(before: &AppClient, after: &ClientSettings, place: CliContext) -> Command {
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
            after.default_redirect_uri.as_deref(),
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
            after.refresh_token_rotation.map(rotation),
        )
        .structure(
            "--analytics-configuration",
            after.analytics.as_deref().map(analytics),
        )
        .with("--query", "UserPoolClient.LastModifiedDate")
        .with("--output", "text")
}

fn rotation(rotation: RefreshTokenRotation) -> String {
    let grace = rotation.grace_seconds.map_or_else(String::new, |seconds| {
        format!(",RetryGracePeriodSeconds={seconds}")
    });
    format!("Feature={}{grace}", rotation.feature())
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
