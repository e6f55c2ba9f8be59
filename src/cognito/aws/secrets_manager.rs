//! AWS Secrets Manager as a delivery target of credentials.

use secrecy::{ExposeSecret, SecretString};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::errors;

const GET: &str = "GetSecretValue";
const PUT: &str = "PutSecretValue";
const CREATE: &str = "CreateSecret";

/// A value stored in Secrets Manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    pub arn: String,
    /// The id of the version, now the current one.
    pub version: String,
    /// Whether the secret was created.
    pub created: bool,
}

impl Gateway {
    /// `GetSecretValue`: the current value of the secret with this name or ARN. `None` if there is no secret or no value; empty for a
    /// binary value.
    ///
    /// # Errors
    /// Access is denied, or the secret is scheduled for deletion.
    pub async fn kept_secret(&self, name: &str) -> Result<Option<SecretString>, Error> {
        self.value(name, None).await
    }

    /// Reads a stored value back.
    ///
    /// # Errors
    /// Access is denied, or the version does not exist.
    pub async fn stored_secret(&self, stored: &StoredSecret) -> Result<SecretString, Error> {
        let value = self.value(&stored.arn, Some(&stored.version)).await?;
        value.ok_or_else(|| {
            let hint = errors::hint(&ErrorKind::NotFound, &self.inner.origin);
            let detail = format!("version {} does not exist", stored.version);
            Error::new(GET, ErrorKind::NotFound, detail, hint).about(&stored.arn)
        })
    }

    async fn value(&self, id: &str, version: Option<&str>) -> Result<Option<SecretString>, Error> {
        let read = self.inner.secrets_manager.get_secret_value().secret_id(id);
        let read = read.set_version_id(version.map(str::to_owned));
        match read.send().await {
            Ok(found) => Ok(Some(found.secret_string.unwrap_or_default().into())),
            Err(error) => match self.secrets_manager_error(&error, GET, id) {
                error if error.kind == ErrorKind::NotFound => Ok(None),
                error => Err(error),
            },
        }
    }

    /// `CreateSecret`. A retry does not create a second secret: the SDK sends the same token with each attempt.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] if the name exists; or access is denied.
    pub async fn create_secret(
        &self,
        name: &str,
        value: &SecretString,
    ) -> Result<StoredSecret, Error> {
        let create = self.inner.secrets_manager.create_secret().name(name);
        let made = create.secret_string(value.expose_secret()).send().await;
        let made = made.map_err(|error| self.secrets_manager_error(&error, CREATE, name))?;
        self.stored(CREATE, name, made.arn, made.version_id, true)
    }

    /// `PutSecretValue`: a new current version of the secret with this name or ARN. The earlier version becomes `AWSPREVIOUS`. A retry
    /// does not create a second version, as with [`create_secret`](Self::create_secret).
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; access is denied, or the secret is scheduled for deletion.
    pub async fn put_secret(
        &self,
        name: &str,
        value: &SecretString,
    ) -> Result<StoredSecret, Error> {
        let put = self
            .inner
            .secrets_manager
            .put_secret_value()
            .secret_id(name);
        let put = put.secret_string(value.expose_secret()).send().await;
        let put = put.map_err(|error| self.secrets_manager_error(&error, PUT, name))?;
        self.stored(PUT, name, put.arn, put.version_id, false)
    }

    fn stored(
        &self,
        operation: &'static str,
        name: &str,
        arn: Option<String>,
        version: Option<String>,
        created: bool,
    ) -> Result<StoredSecret, Error> {
        let Some((arn, version)) = arn.zip(version) else {
            let hint = errors::hint(&ErrorKind::Malformed, &self.inner.origin);
            let detail = "the response lacks the ARN or the version";
            return Err(Error::new(operation, ErrorKind::Malformed, detail, hint).about(name));
        };
        Ok(StoredSecret {
            arn,
            version,
            created,
        })
    }
}
