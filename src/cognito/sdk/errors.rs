//! Converts the SDK's errors to [`Error`].

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::error_hints;
use crate::cognito::sdk::http_client::BodyError;
use crate::cognito::sdk::response_shape::ShapeError;
use crate::domain::identity::{SignIn, Source};
use crate::domain::shell::option_word;

/// The parts of a connection that hints name.
#[derive(Clone, Debug, Default)]
pub struct ConnectionInfo {
    /// The profile in use, if set.
    pub profile: Option<String>,
    pub region: Option<String>,
    /// The setting that chose the credentials.
    pub source: Source,
    /// The custom endpoint of the Cognito API.
    pub endpoint: Option<String>,
    /// The program that logs in again, where a person can.
    pub sign_in: Option<SignIn>,
    /// Whether a login may need a code of an MFA device.
    pub asks_code: bool,
}

/// Converts an error of `operation` on `resource`.
pub fn sdk_error<E>(
    error: &SdkError<E, HttpResponse>,
    service: &str,
    operation: &'static str,
    resource: Option<String>,
    origin: &ConnectionInfo,
) -> Error
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    let resource = resource.map(String::into_boxed_str);
    let (kind, detail) = match error {
        SdkError::ServiceError(refusal) => {
            let status = refusal.raw().status().as_u16();
            let message = refusal.err().message().unwrap_or_default();
            match refusal.err().code() {
                Some(code) => {
                    let kind = by_code(code, message, status, &format!("{service}:{operation}"));
                    (
                        kind,
                        if message.is_empty() {
                            code.to_owned()
                        } else {
                            message.to_owned()
                        },
                    )
                }
                None => (
                    by_status(status),
                    format!("HTTP status {status} without an AWS error"),
                ),
            }
        }
        SdkError::ResponseError(answer) => {
            let status = answer.raw().status().as_u16();
            let detail = match find::<ShapeError>(error) {
                Some(lack) => lack.to_string(),
                None => format!("HTTP status {status}: {}", innermost(error)),
            };
            (by_status(status), detail)
        }
        SdkError::TimeoutError(_) => (ErrorKind::Timeout, innermost(error)),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (ErrorKind::Timeout, innermost(error))
        }
        _ => match find::<BodyError>(error) {
            Some(unread) => (ErrorKind::Malformed, unread.to_string()),
            None => not_sent(error),
        },
    };
    // The credential search's own error is more precise.
    if let Some(found) = sources(error).find_map(|source| source.downcast_ref::<Error>()) {
        return Error {
            operation,
            resource,
            ..found.clone()
        };
    }
    let known = error_hints::hint_for(&detail).map(str::to_owned);
    let hint = known.unwrap_or_else(|| hint(&kind, origin));
    Error {
        operation,
        resource,
        kind,
        detail,
        hint,
        request_id: error.request_id().map(|id| Box::new(id.to_owned())),
    }
}

/// Whether an AWS error code means throttling.
pub fn is_throttling_code(code: &str) -> bool {
    matches!(
        code,
        "TooManyRequestsException"
            | "ThrottlingException"
            | "Throttling"
            | "ThrottledException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "RequestThrottledException"
    )
}

/// Whether an AWS error code is about the credentials.
pub fn refuses_credentials(code: &str) -> bool {
    is_expired(code) || is_rejected(code)
}

fn is_expired(code: &str) -> bool {
    matches!(
        code,
        "ExpiredTokenException" | "ExpiredToken" | "TokenRefreshRequired" | "RequestExpired"
    )
}

fn is_rejected(code: &str) -> bool {
    matches!(
        code,
        "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignature"
            | "IncompleteSignatureException"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
    )
}

fn by_code(code: &str, message: &str, status: u16, action: &str) -> ErrorKind {
    match code {
        code if is_throttling_code(code) => ErrorKind::Throttled,
        "AccessDeniedException"
        | "AccessDenied"
        | "NotAuthorizedException"
        | "UnauthorizedOperation" => ErrorKind::AccessDenied {
            action: denied_action(message).unwrap_or(action).to_owned(),
        },
        code if is_expired(code) => ErrorKind::ExpiredCredentials {
            // The login may give others without a person: the next call finds out.
            sign_in: None,
        },
        code if is_rejected(code) => ErrorKind::RejectedCredentials,
        "ResourceNotFoundException" => ErrorKind::NotFound,
        "LimitExceededException" => ErrorKind::LimitExceeded,
        "ConcurrentModificationException" => ErrorKind::Changed,
        "ResourceExistsException" => ErrorKind::Conflict,
        // Secrets Manager's code for an inaccessible KMS key.
        "DecryptionFailure" => ErrorKind::AccessDenied {
            action: "kms:Decrypt".to_owned(),
        },
        // Cognito has no code for this: it is one of many messages of InvalidParameterException.
        "InvalidParameterException"
            if message.contains("already exists") || message.contains("already associated") =>
        {
            ErrorKind::Conflict
        }
        _ if status >= 500 => ErrorKind::Service,
        _ => ErrorKind::Invalid,
    }
}

fn by_status(status: u16) -> ErrorKind {
    match status {
        429 => ErrorKind::Throttled,
        500.. => ErrorKind::Service,
        _ => ErrorKind::Malformed,
    }
}

/// The action that IAM names: `User: arn:... is not authorized to perform: cognito-idp:ListUserPools on resource: ...`.
fn denied_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    rest.split_whitespace().next()
}

/// The error of a request that was not sent: no credentials or no connection.
fn not_sent(error: &(dyn StdError + 'static)) -> (ErrorKind, String) {
    match find::<CredentialsError>(error) {
        // Only fixed credentials have no error of this program's own.
        Some(error) => (ErrorKind::NoCredentials, innermost(error)),
        None => (transport(error), innermost(error)),
    }
}

/// The kind of a connection error. Neither HTTP stack has types for it, so the message decides.
pub fn transport(error: &(dyn StdError + 'static)) -> ErrorKind {
    let said = chain(error);
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if any(&[
        "dns error",
        "failed to lookup address",
        "name or service not known",
        "no such host",
    ]) {
        ErrorKind::UnknownHost
    } else if any(&["certificate", "handshake", "tls", "corrupt message"]) {
        ErrorKind::Tls
    } else if any(&["timed out", "timeout", "deadline"]) {
        ErrorKind::Timeout
    } else {
        ErrorKind::Connect
    }
}

/// The hint for `kind`.
pub fn hint(kind: &ErrorKind, origin: &ConnectionInfo) -> String {
    match kind {
        ErrorKind::NoCredentials
        | ErrorKind::ExpiredCredentials { sign_in: None }
        | ErrorKind::RejectedCredentials
            if origin.source == Source::Keys =>
        {
            "Restart cognitui with other keys or --profile: a running program keeps its environment.".to_owned()
        }
        ErrorKind::NoCredentials => match &origin.profile {
            Some(profile) => {
                let option = option_word("--profile", profile);
                format!(
                    "Check profile {profile}: `aws sso login {option}` logs in, `aws configure {option}` sets keys. The console's --demo \
                     needs none."
                )
            }
            None => "Log in with `aws sso login`, set keys with `aws configure`, or name a profile with --profile or AWS_PROFILE. \
                     The console's --demo needs none."
                .to_owned(),
        },
        ErrorKind::ExpiredCredentials { sign_in: Some(sign_in) } => format!("Run `{sign_in}`."),
        ErrorKind::ExpiredCredentials { sign_in: None } => "Renew the temporary credentials and try again.".to_owned(),
        ErrorKind::RejectedCredentials => {
            "Check the access key, the profile and the clock: signatures are valid for 5 minutes.".to_owned()
        }
        // The origin of the error sets the hint.
        ErrorKind::OtherAccount | ErrorKind::CodeNeeded(_) => String::new(),
        ErrorKind::NoRegion => "Pass --region, or set AWS_REGION or the profile's region.".to_owned(),
        ErrorKind::AccessDenied { action } => format!("Ask for the IAM permission {action}."),
        ErrorKind::NotFound => match &origin.region {
            Some(region) => format!("It may be deleted or in another Region than {region}. Refresh."),
            None => "It may be deleted. Refresh.".to_owned(),
        },
        ErrorKind::NoSecretValue(_) => "Pipe its value to --secret -.".to_owned(),
        ErrorKind::Throttled => "Wait a moment and try again.".to_owned(),
        ErrorKind::LimitExceeded => "Delete unused ones, or request an increase in Service Quotas.".to_owned(),
        ErrorKind::Invalid => "Correct the value that the message names.".to_owned(),
        ErrorKind::Conflict => "Use the existing one, or choose another name.".to_owned(),
        ErrorKind::Ambiguous => "Use the full name or the id.".to_owned(),
        ErrorKind::Changed => "Refresh and make the change again.".to_owned(),
        ErrorKind::Overwritten(_) => "Check the current state, then make the change again.".to_owned(),
        ErrorKind::NotTaken(_) => "Check the current state. Cognito gave no reason.".to_owned(),
        ErrorKind::Unconfirmed => "Refresh later and check the result.".to_owned(),
        ErrorKind::UnknownHost => match (&origin.endpoint, &origin.region) {
            (Some(endpoint), _) => format!("Check the endpoint {endpoint} and the network."),
            (None, Some(region)) => format!("Check the network, and that {region} is a Region."),
            (None, None) => "Check the network.".to_owned(),
        },
        ErrorKind::Connect => match &origin.endpoint {
            Some(endpoint) => format!("Check that a server listens at {endpoint}."),
            None => "Check the network, the proxy and the firewall.".to_owned(),
        },
        ErrorKind::Tls => "Check the host name. For a TLS-inspecting proxy use --ca-bundle FILE.".to_owned(),
        ErrorKind::Timeout => "Check the network and try again, or raise --timeout SECONDS.".to_owned(),
        ErrorKind::Malformed => "The response may not be from Cognito: check the endpoint and the proxy.".to_owned(),
        ErrorKind::Service => "Try again in a moment; if it lasts, see the AWS Health Dashboard.".to_owned(),
    }
}

pub fn sources<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// The first `E` among an error and its causes.
pub fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    sources(error).find_map(|source| source.downcast_ref())
}

/// The messages of an error and its causes, in lower case.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let said: Vec<String> = sources(error).map(ToString::to_string).collect();
    said.join(": ").to_lowercase()
}

/// The innermost cause: outer layers only say that there was an error.
pub fn innermost(error: &(dyn StdError + 'static)) -> String {
    sources(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
