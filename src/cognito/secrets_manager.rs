//! AWS Secrets Manager, as a place to hand a client's credentials over to.

use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use secrecy::{ExposeSecret, SecretString};

use super::classify;
use super::error::{Error, ErrorKind};
use super::gateway::Gateway;

const PUT: &str = "PutSecretValue";
const CREATE: &str = "CreateSecret";

/// Where Secrets Manager keeps a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub arn: String,
    /// The id of the version, which is the current one from now on.
    pub version: String,
    /// There was no secret of this name before.
    pub created: bool,
}

impl Gateway {
    /// `PutSecretValue`: a new current version of the secret with this name or ARN; where there is none, `CreateSecret`. The version
    /// before stays as `AWSPREVIOUS`. Trying again makes no second version: the SDK sends the same token with each attempt.
    ///
    /// # Errors
    /// It may not be written, or it is about to be deleted.
    pub async fn store_secret(&self, name: &str, value: &SecretString) -> Result<Stored, Error> {
        let client = &self.inner.secrets_manager;
        let put = client
            .put_secret_value()
            .secret_id(name)
            .secret_string(value.expose_secret())
            .send()
            .await;
        match put {
            Ok(put) => self.stored(PUT, name, put.arn, put.version_id, false),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutSecretValueError::is_resource_not_found_exception) =>
            {
                let made = client
                    .create_secret()
                    .name(name)
                    .secret_string(value.expose_secret())
                    .send()
                    .await
                    .map_err(|error| self.not_stored(&error, CREATE, name))?;
                self.stored(CREATE, name, made.arn, made.version_id, true)
            }
            Err(error) => Err(self.not_stored(&error, PUT, name)),
        }
    }

    fn stored(
        &self,
        operation: &'static str,
        name: &str,
        arn: Option<String>,
        version: Option<String>,
        created: bool,
    ) -> Result<Stored, Error> {
        let Some((arn, version)) = arn.zip(version) else {
            let hint = classify::hint(&ErrorKind::Malformed, &self.inner.origin);
            let detail = "the answer names no ARN or no version";
            return Err(Error::new(operation, ErrorKind::Malformed, detail, hint).about(name));
        };
        Ok(Stored {
            arn,
            version,
            created,
        })
    }

    fn not_stored<E>(
        &self,
        error: &SdkError<E, HttpResponse>,
        operation: &'static str,
        name: &str,
    ) -> Error
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        let origin = &self.inner.origin;
        let resource = Some(name.to_owned());
        let error = classify::sdk_error(error, "secretsmanager", operation, resource, origin);
        match (&error.kind, self.endpoint()) {
            // It answers, but not for this service.
            (ErrorKind::Malformed, Some(endpoint)) => Error {
                detail: format!("no Secrets Manager at {endpoint}"),
                ..error
            },
            _ => error,
        }
    }
}
