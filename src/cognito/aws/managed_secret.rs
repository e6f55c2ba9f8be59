//! Reads the value of an app client's secret from Cognito or AWS Secrets Manager.

use std::time::Duration;

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use crate::cognito::api::reads::resource;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::convert::{self, required};
use crate::cognito::sdk::errors;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::secret::{
    DescribedSecret, ListedSecrets, ManagedSecret, SecretDescriptor, SecretState,
};

const GET: &str = "GetSecretValue";
const DESCRIBE: &str = "DescribeSecret";
const ROTATE: &str = "RotateSecret";

/// Error codes of an unsupported operation.
const NO_SUCH_SERVICE: [&str; 7] = [
    "BadRequest",
    "InvalidAction",
    "NotImplemented",
    "NotImplementedException",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
];

/// The first and the longest pause between two reads of a rotation.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// The `SecretString` of a managed secret. Source: the Cognito API reference, `UserPoolClientType.ClientSecretArn`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ManagedValue {
    user_pool_id: String,
    user_pool_client_id: String,
    client_secret_value: String,
}

/// What `ListUserPoolClientSecrets` answered about a client.
pub enum SecretsAnswer {
    /// It is not asked of a client that registered itself: Cognito supports no secret operation on these.
    NotAsked,
    Refused(Error),
    Read(Vec<SecretDescriptor>),
}

impl SecretsAnswer {
    /// What is known of the secrets.
    pub fn listed(&self) -> ListedSecrets<'_> {
        match self {
            Self::NotAsked => ListedSecrets::NotRead,
            Self::Refused(error) => ListedSecrets::Unreadable {
                denied: error.is_access_denied(),
            },
            Self::Read(secrets) => ListedSecrets::Read(secrets),
        }
    }
}

impl Gateway {
    /// The value of a client's secret, from `DescribeUserPoolClient` or AWS Secrets Manager. With two secrets AWS does not document
    /// which one this is.
    ///
    /// # Errors
    /// [`ErrorKind::NoSecretValue`] if it cannot be read, with the state of the secret.
    pub async fn secret(&self, pool: &PoolId, client: &ClientId) -> Result<SecretString, Error> {
        self.client_and_secret(pool, client).await?.1
    }

    /// [`Gateway::client`] and [`Gateway::secret`], with one description for both.
    ///
    /// # Errors
    /// Outer: the client cannot be described. Inner: its secret cannot be read.
    pub async fn client_and_secret(
        &self,
        pool: &PoolId,
        client: &ClientId,
    ) -> Result<(AppClient, Result<SecretString, Error>), Error> {
        let described = self.describe_client(pool, client).await?;
        let client = described.client;
        let secret = match (described.secret, &client.secret) {
            (Some(secret), _) => Ok(secret),
            (None, DescribedSecret::Managed(arn)) => self.managed_value(&client, arn).await,
            (None, _) => Err(self.without_value(&client).await),
        };
        Ok((client, secret))
    }

    /// [`Gateway::client`], with the secret if `DescribeUserPoolClient` shows it. Does not read AWS Secrets Manager.
    pub async fn client_and_shown(
        &self,
        pool: &PoolId,
        client: &ClientId,
    ) -> Result<(AppClient, Option<SecretString>), Error> {
        let described = self.describe_client(pool, client).await?;
        Ok((described.client, described.secret))
    }

    /// The state of `client`'s secret. Calls `ListUserPoolClientSecrets` only if the description does not tell.
    pub async fn secret_state(&self, client: &AppClient) -> SecretState {
        let known = client.secret_state(ListedSecrets::NotRead);
        if known.is_readable() {
            return known;
        }
        let answer = Box::pin(self.secrets_of(client)).await;
        client.secret_state(answer.listed())
    }

    /// [`Gateway::secrets`] of `client`, if Cognito lists them.
    pub async fn secrets_of(&self, client: &AppClient) -> SecretsAnswer {
        if client.is_registered() {
            return SecretsAnswer::NotAsked;
        }
        match self.secrets(&client.pool, &client.id).await {
            Ok(secrets) => SecretsAnswer::Read(secrets),
            Err(error) => SecretsAnswer::Refused(error),
        }
    }

    async fn without_value(&self, client: &AppClient) -> Error {
        let state = self.secret_state(client).await;
        let hint = match &state {
            SecretState::None => {
                "Create a new app client with a secret; a public client cannot get one."
            }
            _ => "If you have the value, paste it, or pipe it to --secret -.",
        };
        let detail = state.sentence();
        Error::new(
            "DescribeUserPoolClient",
            ErrorKind::NoSecretValue(state),
            detail,
            hint,
        )
        .about(resource(&client.pool, &client.id))
    }

    /// `GetSecretValue` of `client`'s managed secret.
    async fn managed_value(&self, client: &AppClient, arn: &str) -> Result<SecretString, Error> {
        let reply = self
            .inner
            .secrets_manager
            .get_secret_value()
            .secret_id(arn)
            .send()
            .await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                let error = self.secrets_manager_error(&error, GET, arn);
                return Err(self.with_key(error, arn).await);
            }
        };
        let text = required(reply.secret_string.map(SecretString::from), GET, arn)?;
        let value: Option<ManagedValue> = serde_json::from_str(text.expose_secret()).ok();
        let ours = value.filter(|value| {
            value.user_pool_id == client.pool.as_str()
                && value.user_pool_client_id == client.id.as_str()
                && !value.client_secret_value.is_empty()
        });
        ours.map(|value| value.client_secret_value.into())
            .ok_or_else(|| {
                Error::new(
                    GET,
                    ErrorKind::Malformed,
                    "the value is not this client's JSON from Cognito",
                    "Check the secret in Secrets Manager: another program may have overwritten it.",
                )
                .about(arn)
            })
    }

    /// `DescribeSecret` of the managed secret `arn`: its rotation, never its value.
    pub async fn managed_secret(&self, arn: &str) -> Result<ManagedSecret, Error> {
        let reply = self
            .inner
            .secrets_manager
            .describe_secret()
            .secret_id(arn)
            .send()
            .await
            .map_err(|error| self.secrets_manager_error(&error, DESCRIBE, arn))?;
        required(reply.arn.clone(), DESCRIBE, arn)?;
        Ok(described(arn, reply))
    }

    /// `RotateSecret`: starts a rotation of the secret `arn`, which Cognito manages. It responds before the end, with the id of the new
    /// version: see [`Gateway::managed_rotation`].
    pub async fn rotate_managed_secret(&self, arn: &str) -> Result<Option<String>, Error> {
        let reply = self
            .inner
            .secrets_manager
            .rotate_secret()
            .secret_id(arn)
            .rotate_immediately(true)
            .send()
            .await
            .map_err(|error| self.secrets_manager_error(&error, ROTATE, arn))?;
        required(reply.arn, ROTATE, arn)?;
        Ok(reply.version_id.filter(|version| !version.is_empty()))
    }

    /// Polls the secret until the rotation to `version` is done, for `patience` at most. `before` is its earlier state, if known.
    ///
    /// # Errors
    /// The secret cannot be described. `Ok(None)`: the rotation did not end in time.
    pub async fn managed_rotation(
        &self,
        arn: &str,
        before: Option<&ManagedSecret>,
        version: Option<&str>,
        patience: Duration,
    ) -> Result<Option<ManagedSecret>, Error> {
        let until = Instant::now() + patience;
        let mut pause = FIRST_PAUSE;
        loop {
            let now = Box::pin(self.managed_secret(arn)).await?;
            if now.has_rotated(before, version) {
                return Ok(Some(now));
            }
            if Instant::now() + pause > until {
                return Ok(None);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// A denied read may be caused by the KMS key. Secrets Manager does not name the key, so it is looked up.
    async fn with_key(&self, error: Error, arn: &str) -> Error {
        if !error.is_access_denied() {
            return error;
        }
        let key = match Box::pin(self.managed_secret(arn)).await {
            Ok(secret) => secret.kms_key.map_or_else(
                || "the key aws/secretsmanager".to_owned(),
                |key| format!("the KMS key {key}"),
            ),
            Err(_) => "its KMS key, if it has a custom one".to_owned(),
        };
        Error {
            hint: format!(
                "Ask for secretsmanager:GetSecretValue on this ARN, and kms:Decrypt on {key}."
            ),
            ..error
        }
    }

    /// The error of a Secrets Manager call. A custom endpoint may have no Secrets Manager.
    pub fn secrets_manager_error<E>(
        &self,
        error: &SdkError<E, HttpResponse>,
        operation: &'static str,
        arn: &str,
    ) -> Error
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let resource = Some(arn.to_owned());
        let origin = &self.inner.origin;
        let failure = errors::sdk_error(error, "secretsmanager", operation, resource, origin);
        match self.endpoint() {
            Some(endpoint) if is_of_no_such_service(error) => Error {
                kind: ErrorKind::Malformed,
                detail: format!("no Secrets Manager at {endpoint}"),
                hint: "Use an endpoint with Secrets Manager.".to_owned(),
                ..failure
            },
            _ => failure,
        }
    }
}

/// Whether a server lacks the service, by error codes that Secrets Manager never uses.
fn is_of_no_such_service<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata,
{
    let SdkError::ServiceError(refusal) = error else {
        return false;
    };
    match refusal.err().code() {
        Some(code) => NO_SUCH_SERVICE.contains(&code),
        None => matches!(refusal.raw().status().as_u16(), 400..=428 | 430..=499 | 501),
    }
}

/// The stage of the current version.
const CURRENT: &str = "AWSCURRENT";

fn described(arn: &str, reply: DescribeSecretOutput) -> ManagedSecret {
    let rules = reply.rotation_rules;
    let schedule = rules.and_then(|rules| {
        let days = rules.automatically_after_days;
        rules
            .schedule_expression
            .or_else(|| days.map(|days| format!("every {days} days")))
    });
    let stages = reply.version_ids_to_stages.unwrap_or_default();
    let current = stages
        .into_iter()
        .find(|(_, stages)| stages.iter().any(|stage| stage == CURRENT));
    ManagedSecret {
        arn: arn.to_owned(),
        name: reply.name,
        version: current.map(|(version, _)| version),
        rotates: reply.rotation_enabled,
        schedule,
        last_rotated: reply.last_rotated_date.map(convert::timestamp),
        next_rotation: reply.next_rotation_date.map(convert::timestamp),
        created: reply.created_date.map(convert::timestamp),
        kms_key: reply.kms_key_id,
        deleted: reply.deleted_date.map(convert::timestamp),
    }
}
