//! The work of each task: it calls the gateway and sends the result.

use std::time::Instant;

use secrecy::SecretString;

use crate::app::message::{
    ClientForm, CopyRequest, PlanOutcome, PlanProgress, PlanRequest, TaskEvent, TokenForm,
    TokenInfo, TokenResponse,
};
use crate::app::typed_secret::TypedSecret;
use crate::cognito::{Error, ErrorKind, note};
use crate::delivery::{self, ChildStderr};
use crate::domain::delivery::destination::{Delivery, DeliveryError};
use crate::domain::delivery::formats::{self, Credentials};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::secret::{SecretState, UnknownSecret};
use crate::runtime::tasks::context::TaskContext;

/// Applies a change step by step, and reports its progress.
pub async fn change(shared: TaskContext, change: PlanRequest) {
    let done = match shared.gateway().await {
        Ok(gateway) => {
            let heard = |progress| {
                if matches!(progress, PlanProgress::Started(_)) && shared.leaving.is_begun() {
                    return false;
                }
                shared.send(TaskEvent::PlanProgress {
                    change: change.clone(),
                    progress,
                });
                true
            };
            gateway.execute_confirmed(&change.plan, heard).await
        }
        Err(error) => PlanOutcome {
            failed: Some(error),
            ..PlanOutcome::default()
        },
    };
    shared.done(TaskEvent::PlanFinished { change, done });
}

/// Logs in with a code of an MFA device.
pub async fn give_code(shared: TaskContext, code: TypedSecret) {
    let outcome = match shared.gateway().await {
        Ok(gateway) => gateway.give_code(code.secret()).await,
        Err(error) => Err(error),
    };
    shared.done(TaskEvent::CodeGiven(outcome));
}

/// Reads a client's secret to show it.
pub async fn reveal(shared: TaskContext, pool: PoolId, client: ClientId) {
    let start = Instant::now();
    let outcome = secret(&shared, &pool, &client).await;
    let outcome = outcome.map(|(secret, _)| secret);
    note(
        &format!("reveal {pool} {client}"),
        start,
        outcome.as_ref().err(),
    );
    shared.done(TaskEvent::Revealed {
        pool,
        client,
        outcome,
    });
}

/// Returns the secret of a client, and its ARN if AWS Secrets Manager holds it: without the ARN, the receiver of the value does
/// not know where the next one is.
async fn secret(
    shared: &TaskContext,
    pool: &PoolId,
    client: &ClientId,
) -> Result<(SecretString, Option<String>), Error> {
    let gateway = shared.gateway().await?;
    let (client, secret) = gateway.client_and_secret(pool, client).await?;
    Ok((secret?, client.secret.arn().map(str::to_owned)))
}

/// Requests a token and checks its signature. The token goes to the vault; the result has only its contents.
pub async fn issue(shared: TaskContext, request: TokenRequest, given: Option<TypedSecret>) {
    let start = Instant::now();
    let outcome = issued(&shared, &request, given).await;
    note(
        &format!("token for {} {}", request.pool, request.client),
        start,
        outcome.as_ref().err(),
    );
    shared.done(TaskEvent::TokenIssued { request, outcome });
}

async fn issued(
    shared: &TaskContext,
    request: &TokenRequest,
    given: Option<TypedSecret>,
) -> Result<TokenResponse, Error> {
    let gateway = shared.gateway().await?;
    let secret = async {
        match given {
            Some(given) => Ok(given.secret().clone()),
            None => gateway.secret(&request.pool, &request.client).await,
        }
    };
    let (pool, secret) = tokio::join!(gateway.pool(&request.pool), secret);
    let secret = match secret {
        // Without a secret, the user wants to see the token endpoint's response.
        Err(Error {
            kind:
                ErrorKind::NoSecretValue(
                    SecretState::None | SecretState::Unknown(UnknownSecret::Contradiction),
                ),
            ..
        }) => SecretString::default(),
        secret => secret?,
    };
    let pool = pool?;
    if request.auth != ClientAuth::Api {
        gateway.check_endpoint(&pool, &request.endpoint)?;
    }
    let reply = gateway.issue(request, &secret).await?;
    let outcome = match reply.outcome {
        Err(refusal) => Err(refusal),
        Ok(token) => {
            let verification = gateway.verify(&token.text, &pool).await;
            Ok(TokenInfo {
                id: shared.vault.keep(token.text),
                jwt: token.jwt,
                expires_in: token.expires_in,
                token_type: token.token_type,
                verification,
            })
        }
    };
    Ok(TokenResponse {
        exchange: reply.exchange,
        outcome,
    })
}

/// Shows the secret that a rotation added.
pub fn reveal_added(shared: &TaskContext, pool: PoolId, client: ClientId) {
    let secret = shared.safe.newer(&pool, &client);
    shared.done(TaskEvent::RevealedAdded {
        pool,
        client,
        secret,
    });
}

/// Delivers what could also be copied, and reports where to.
pub async fn deliver(shared: TaskContext, request: CopyRequest, delivery: Delivery) {
    let start = Instant::now();
    let outcome = delivered(&shared, &request, &delivery).await;
    let went = match &outcome {
        Ok(_) => "credentials delivered",
        Err(DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_)) => {
            "credentials not delivered"
        }
        Err(DeliveryError::Unknown(_)) => "delivery of credentials unconfirmed",
    };
    note(went, start, None);
    shared.done(TaskEvent::Delivered { request, outcome });
}

async fn delivered(
    shared: &TaskContext,
    request: &CopyRequest,
    delivery: &Delivery,
) -> Result<String, DeliveryError> {
    let (CopyRequest::Client { client, .. } | CopyRequest::Added { client, .. }) = request else {
        let words = "only a client's credentials are";
        return Err(DeliveryError::NotDelivered(words.to_owned()));
    };
    let gateway = shared.gateway().await;
    let gateway = gateway.map_err(|error| DeliveryError::NotDelivered(error.one_line()))?;
    let (_, text) = copied_text(shared, request.clone()).await;
    let text = text.map_err(DeliveryError::NotDelivered)?;
    let receipt = delivery::deliver(delivery, client, &text, ChildStderr::Discard, gateway).await?;
    Ok(receipt.describe())
}

/// Returns the text to copy with its name for the notice, or why there is none.
pub async fn copied_text(
    shared: &TaskContext,
    request: CopyRequest,
) -> (String, Result<SecretString, String>) {
    match request {
        CopyRequest::Plain { what, text } => (what, Ok(text.into())),
        CopyRequest::Client {
            pool,
            client,
            name,
            endpoint,
            form,
        } => {
            let what = named(form, &name);
            let text = match secret(shared, &pool, &client).await {
                Ok((secret, arn)) => {
                    let endpoint = endpoint.as_deref();
                    Ok(in_form(form, endpoint, &client, secret, arn.as_deref()))
                }
                Err(error) => Err(error.one_line()),
            };
            (what, text)
        }
        CopyRequest::Added {
            pool,
            client,
            name,
            endpoint,
            form,
        } => {
            let text = shared
                .safe
                .newer(&pool, &client)
                // A secret that a rotation added is not in Secrets Manager.
                .map(|secret| in_form(form, endpoint.as_deref(), &client, secret, None))
                .ok_or_else(|| "it is no longer held".to_owned());
            (
                format!("{}, the new one,", named(form, &name).trim_end_matches(',')),
                text,
            )
        }
        CopyRequest::Token { id, form } => {
            let (what, make): (_, fn(SecretString) -> SecretString) = match form {
                TokenForm::Token => ("the token", |token| token),
                TokenForm::Header => ("the Authorization header", |token| {
                    formats::authorization_header(&token)
                }),
                TokenForm::Curl => ("a curl call with the token", |token| {
                    formats::api_curl(&token)
                }),
            };
            let text = shared
                .vault
                .get(id)
                .map(make)
                .ok_or_else(|| "it is no longer held".to_owned());
            (what.to_owned(), text)
        }
    }
}

/// Returns the name of a form of credentials, for a notice.
fn named(form: ClientForm, name: &str) -> String {
    match form {
        ClientForm::Secret => format!("the secret of {name}"),
        ClientForm::Exports => format!("export lines for {name}, with the secret,"),
        ClientForm::Json => format!("the credentials of {name} as JSON, with the secret,"),
    }
}

/// Returns a client's credentials in the requested form.
fn in_form(
    form: ClientForm,
    endpoint: Option<&str>,
    client: &ClientId,
    secret: SecretString,
    secret_arn: Option<&str>,
) -> SecretString {
    let credentials = Credentials {
        endpoint,
        graph_endpoint: None,
        client,
        secret: &secret,
        secret_arn,
    };
    match form {
        ClientForm::Exports => credentials.exports(),
        ClientForm::Json => credentials.json(),
        ClientForm::Secret => secret,
    }
}
