//! From a login to credentials. The login's settings say what failed, not the words of an error.

use std::time::{Duration, SystemTime};

use aws_config::credential_process::CredentialProcessProvider;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::types::Credentials as StsCredentials;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use secrecy::{ExposeSecret, SecretString};

use super::codes::{self, CodeAnswer};
use super::files::{AwsFiles, Service, variable};
use super::shape::{Base, Login, Role, WebIdentity};
use super::{role_cache, sso};
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::http_client;
use crate::domain::time::Timestamp;

/// The variable of a container's role.
const CONTAINER: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// The settings of a login, and how to call what it needs.
#[derive(Clone, Debug)]
pub struct LoginSources {
    /// The profile in use.
    pub profile: String,
    /// Whether a flag or this program's configuration names it: then no keys of the environment count.
    pub is_named: bool,
    /// Region, certificates, proxy, FIPS; no credentials and no endpoint.
    pub config: SdkConfig,
    /// How long a login may take.
    pub limit: Duration,
}

/// Credentials, and when a person must renew them; `None` if unknown or renewed automatically.
pub struct Found {
    pub credentials: Credentials,
    pub end: Option<Timestamp>,
}

impl LoginSources {
    /// Loads credentials from scratch: files, programs and caches of AWS tools. `rejected` is the id of a key that AWS rejects: it is not
    /// taken from a cache. `code` is of an MFA device.
    ///
    /// # Errors
    /// No credentials; the kind and the hint are those of the login.
    pub async fn search(
        &self,
        origin: &ConnectionInfo,
        rejected: Option<&str>,
        code: Option<&SecretString>,
    ) -> Result<Found, Error> {
        let files = AwsFiles::read(&self.profile).await?;
        let login = Login::of(&files, self.is_named)?;
        let attempt = Attempt {
            sources: self,
            files: &files,
            login: &login,
            origin,
        };
        let found = tokio::time::timeout(self.limit, attempt.run(rejected, code)).await;
        let credentials = found.unwrap_or_else(|_| Err(attempt.too_slow()))?;
        if credentials
            .expiry()
            .is_some_and(|at| at <= SystemTime::now())
        {
            return Err(attempt.stale());
        }
        let end = end(&login, &credentials);
        Ok(Found { credentials, end })
    }

    /// The login in words, without a secret.
    ///
    /// # Errors
    /// Its settings are wrong.
    pub async fn words(&self) -> Result<String, Error> {
        let files = AwsFiles::read(&self.profile).await?;
        Ok(Login::of(&files, self.is_named)?.words())
    }

    /// The configuration of a client that a login needs. A flag's endpoint is not for it: in the AWS CLI that is for the command's service.
    pub(super) fn config_of(&self, service: Service, files: &AwsFiles) -> SdkConfig {
        let endpoint = files.endpoint_in_environment(service);
        let endpoint = endpoint.or_else(|| files.endpoint_in_profile(service));
        let mut config = self.config.to_builder();
        config
            .set_http_client(http_client::plain(endpoint.as_deref()).or(self.config.http_client()));
        config.set_endpoint_url(endpoint);
        config.build()
    }

    fn provider_config(&self) -> ProviderConfig {
        let config = ProviderConfig::without_region()
            .with_region(self.config.region().cloned())
            .with_use_fips(self.config.use_fips())
            .with_use_dual_stack(self.config.use_dual_stack());
        match self.config.http_client() {
            Some(client) => config.with_http_client(client),
            None => config,
        }
    }
}

/// One search.
struct Attempt<'a> {
    sources: &'a LoginSources,
    files: &'a AwsFiles,
    login: &'a Login,
    origin: &'a ConnectionInfo,
}

impl Attempt<'_> {
    async fn run(
        &self,
        rejected: Option<&str>,
        code: Option<&SecretString>,
    ) -> Result<Credentials, Error> {
        let roles = &self.login.roles;
        // The last session that is still good saves all calls before it.
        let cached = roles.iter().enumerate().rev().find_map(|(at, role)| {
            let session = role_cache::read(role)?;
            (Some(session.access_key_id()) != rejected).then_some((at + 1, session))
        });
        let (done, mut credentials) = match cached {
            Some(cached) => cached,
            None => (0, self.base().await?),
        };
        for role in roles.iter().skip(done) {
            credentials = self.assume(role, credentials, code).await?;
        }
        Ok(credentials)
    }

    async fn base(&self) -> Result<Credentials, Error> {
        let provider = || self.sources.provider_config();
        match &self.login.base {
            Base::Environment(keys) | Base::Keys { keys, .. } => Ok(keys.clone()),
            Base::Sso(login) => sso::credentials(login, self.sources, self.files, self.origin).await,
            Base::Console { session, .. } => {
                let login = LoginCredentialsProvider::builder(session).configure(&provider());
                let found = login.build().provide_credentials().await;
                found.map_err(|error| self.console_failed(&error))
            }
            Base::Process { command, profile } => {
                let process = CredentialProcessProvider::new(command.expose_secret().to_owned());
                // The error holds what the program wrote, which may be a secret.
                let found = process.provide_credentials().await;
                found.map_err(|_| {
                    let failed = format!("The credential_process of profile {profile} failed.");
                    no_credentials(failed, "Run it in a shell to see why.")
                })
            }
            Base::WebIdentity(web) => self.web_identity(web).await,
            Base::Container => self.container().await,
            Base::Instance => self.instance().await,
            Base::Machine if CONTAINER.into_iter().any(|name| variable(name).is_some()) => self.container().await,
            Base::Machine => self.instance().await.map_err(|error| {
                tracing::info!(%error, detail = error.detail, "no credentials");
                let profile = self.files.name();
                let detail = format!(
                    "Checked: environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), profile {profile} \
                     (keys, SSO, role, credential_process), web identity, container, EC2 instance."
                );
                let hint = errors::hint(&ErrorKind::NoCredentials, self.origin);
                no_credentials(detail, hint)
            }),
        }
    }

    async fn container(&self) -> Result<Credentials, Error> {
        let container =
            EcsCredentialsProvider::builder().configure(&self.sources.provider_config());
        let found = container.build().provide_credentials().await;
        found.map_err(|error| {
            let reason = errors::innermost(&error);
            let failed = format!("The container's credentials cannot be read: {reason}.");
            no_credentials(failed, "Check the task's role, and AWS_CONTAINER_CREDENTIALS_FULL_URI or ..._RELATIVE_URI.")
        })
    }

    async fn instance(&self) -> Result<Credentials, Error> {
        let instance =
            ImdsCredentialsProvider::builder().configure(&self.sources.provider_config());
        let found = instance.build().provide_credentials().await;
        found.map_err(|error| {
            let reason = errors::innermost(&error);
            let failed = format!("The instance's credentials cannot be read: {reason}.");
            no_credentials(
                failed,
                "Check that the instance has a role, and that its metadata service is on.",
            )
        })
    }

    async fn web_identity(&self, web: &WebIdentity) -> Result<Credentials, Error> {
        let token = std::fs::read_to_string(&web.token_file);
        let token = token.map(SecretString::from).map_err(|error| {
            let path = web.token_file.display();
            let failed = format!("The web identity token {path} cannot be read: {error}.");
            no_credentials(
                failed,
                "Check web_identity_token_file, or AWS_WEB_IDENTITY_TOKEN_FILE.",
            )
        })?;
        let config = self.sources.config_of(Service::Sts, self.files);
        let call = aws_sdk_sts::Client::new(&config)
            .assume_role_with_web_identity()
            .role_arn(&web.role_arn)
            .role_session_name(session_name(web.session_name.as_deref()))
            .web_identity_token(token.expose_secret());
        let answer = call.send().await.map_err(|error| {
            let error = errors::sdk_error(
                &error,
                "sts",
                "AssumeRoleWithWebIdentity",
                None,
                self.origin,
            );
            Self::role_failed(&web.role_arn, error)
        })?;
        taken(answer.credentials.as_ref(), &web.role_arn)
    }

    async fn assume(
        &self,
        role: &Role,
        base: Credentials,
        code: Option<&SecretString>,
    ) -> Result<Credentials, Error> {
        if role.mfa_serial.is_some() && code.is_none() {
            return Err(codes::needed(role, None));
        }
        let config = self.sources.config_of(Service::Sts, self.files);
        let config = aws_sdk_sts::config::Builder::from(&config).credentials_provider(base);
        let code = code.filter(|_| role.mfa_serial.is_some());
        let call = aws_sdk_sts::Client::from_conf(config.build())
            .assume_role()
            .role_arn(&role.arn)
            .role_session_name(session_name(role.session_name.as_deref()))
            .set_external_id(role.external_id.clone())
            .set_duration_seconds(role.duration)
            .set_serial_number(role.mfa_serial.clone())
            .set_token_code(code.map(|code| code.expose_secret().to_owned()));
        let answer = call.send().await.map_err(|error| {
            let error = errors::sdk_error(&error, "sts", "AssumeRole", None, self.origin);
            match codes::judge(&error, code.is_some()) {
                CodeAnswer::Wrong => codes::needed(role, Some(&error.detail)),
                CodeAnswer::NotAsked => Self::role_failed(&role.arn, error),
            }
        })?;
        let session = taken(answer.credentials.as_ref(), &role.arn)?;
        role_cache::write(role, &session, answer.assumed_role_user.as_ref());
        Ok(session)
    }

    /// The error that a role was not given. What is wrong with the credentials before it keeps its kind.
    fn role_failed(arn: &str, error: Error) -> Error {
        let denied = error.is_access_denied();
        let detail = format!("Role {arn} was not given: {}", error.detail);
        match error.kind {
            ErrorKind::ExpiredCredentials { .. } | ErrorKind::RejectedCredentials => {
                Error { detail, ..error }
            }
            ErrorKind::AccessDenied { .. } | ErrorKind::Invalid => {
                let hint = if denied {
                    "Ask for the IAM permission sts:AssumeRole, and check the role's trust policy."
                } else {
                    "Check the role's settings in the profile."
                };
                no_credentials(detail, hint)
            }
            _ => Error { detail, ..error },
        }
    }

    /// The error of `aws login`'s credentials: the session has ended, unless the network failed.
    fn console_failed(&self, error: &CredentialsError) -> Error {
        if errors::find::<ConnectorError>(error).is_some() {
            let kind = errors::transport(error);
            let hint = errors::hint(&kind, self.origin);
            return Error::new("sign in", kind, errors::innermost(error), hint);
        }
        tracing::info!(
            reason = errors::innermost(error),
            "no credentials of aws login"
        );
        self.signed_out(&format!(
            "No active session of aws login for profile {}.",
            self.files.name()
        ))
    }

    /// The error that a person must log in again.
    fn signed_out(&self, detail: &str) -> Error {
        let kind = ErrorKind::ExpiredCredentials {
            sign_in: self.login.sign_in().map(Box::new),
        };
        let hint = errors::hint(&kind, self.origin);
        Error::new("sign in", kind, detail, hint)
    }

    fn too_slow(&self) -> Error {
        let seconds = self.sources.limit.as_secs();
        let (what, hint) = match &self.login.base {
            Base::Process { profile, .. } => (
                format!("The credential_process of profile {profile}"),
                format!("Run it in a shell: it may wait for a person. {RAISE}"),
            ),
            _ => (
                format!("The login ({})", self.login.words()),
                format!("Check the network and try again. {RAISE}"),
            ),
        };
        let detail = format!("{what} gave no credentials within {seconds} seconds.");
        Error::new("sign in", ErrorKind::NoCredentials, detail, hint)
    }

    /// The error that a source gives credentials that have expired already.
    fn stale(&self) -> Error {
        let words = self.login.words();
        self.signed_out(&format!(
            "Those that the login gives have expired already ({words})."
        ))
    }
}

const RAISE: &str = "--timeout SECONDS gives it more time.";

pub(super) fn no_credentials(detail: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new("sign in", ErrorKind::NoCredentials, detail, hint)
}

/// The credentials in an answer of STS.
fn taken(given: Option<&StsCredentials>, arn: &str) -> Result<Credentials, Error> {
    let given = given.ok_or_else(|| {
        let detail = format!("Role {arn} was given without credentials.");
        no_credentials(
            detail,
            "The response may not be from AWS STS: check the endpoint and the proxy.",
        )
    })?;
    Ok(Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        SystemTime::try_from(*given.expiration()).ok(),
        "role",
    ))
}

/// The name of a role's session, which CloudTrail shows.
fn session_name(given: Option<&str>) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = now.unwrap_or_default().as_secs();
    given.map_or_else(|| format!("cognitui-{seconds}"), str::to_owned)
}

/// When a person must renew the credentials, if known.
fn end(login: &Login, credentials: &Credentials) -> Option<Timestamp> {
    if login.asks_code() {
        return credentials.expiry().map(Into::into);
    }
    match &login.base {
        // Set by `aws configure export-credentials` and aws-vault; the SDK ignores it.
        Base::Environment(_) => {
            let end = variable("AWS_CREDENTIAL_EXPIRATION")?;
            let end = DateTime::from_str(end.trim(), Format::DateTimeWithOffset).ok()?;
            Some(Timestamp::from_millis(end.to_millis().ok()?))
        }
        Base::Sso(login) => sso::end(login),
        Base::Process { .. } if login.roles.is_empty() => credentials.expiry().map(Into::into),
        _ => None,
    }
}

/// A Region of the SDK.
pub(super) fn region(name: &str) -> Region {
    Region::new(name.to_owned())
}
