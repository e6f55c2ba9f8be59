//! `credentials`: the credentials of an app client.

use std::cell::Cell;
use std::time::Instant;

use secrecy::SecretString;
use serde_json::Value;

use super::token::no_token_endpoint;
use super::{Access, Exit, Failure, Interrupts, identity, serve, stderr_note};
use crate::cli::{CredentialsArgs, Format, one_line};
use crate::cognito::{self, ErrorKind, Gateway};
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::type_json;
use crate::commands::shared::{destination, lookup, stdin};
use crate::delivery::{self, ChildStderr};
use crate::domain::delivery::destination::{Delivery, DeliveryError, Destination};
use crate::domain::delivery::formats::{self, Credentials};
use crate::domain::export::team_provider;
use crate::domain::ids::ClientId;
use crate::domain::oauth::endpoints;
use crate::domain::scope::ScopeName;
use crate::domain::secret;

pub(super) async fn run(
    args: &CredentialsArgs,
    access: Access<'_>,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    // Before the first request: do not read a secret that must not be printed.
    let next = "Use another --to TARGET.";
    let delivery = destination::delivery(args.to.as_ref(), args.replace, next)?;
    if delivery.is_none() && args.format().shows_secret() && out.is_terminal() && !args.reveal {
        return Err(Failure::new(
            "refused to print the client secret on a terminal",
            "Redirect the output (> FILE, | PROGRAM), or add --reveal.",
        ));
    }
    if args.secret.is_some() && !has_secret(args) {
        return Err(Failure::usage(
            "this format contains no secret",
            "Omit --secret.",
        ));
    }
    let gateway = access.gateway().await?;
    let given = stdin::secret_from(args.secret, &gateway)?;
    // Delivered credentials do not include the caller.
    let printed = args.format() == Format::Json && args.to.is_none();
    let (found, graph_endpoint, who) = tokio::join!(
        machine(args, given, &gateway),
        graph_endpoint(args, &gateway),
        identity(printed, &gateway)
    );
    let (found, graph_endpoint) = (found?, graph_endpoint?);
    let text = found
        .text(args, graph_endpoint.as_deref(), who)
        .map_err(unspelt)?;
    let Some(delivery) = delivery else {
        out.secret(&text)?;
        return Ok(Exit::Done);
    };
    let arrived = Cell::new(false);
    let work = deliver(&delivery, &found.client, &text, &gateway, &arrived);
    tokio::select! {
        biased;
        outcome = work => outcome,
        code = interrupts() => {
            let what = if arrived.get() { "were" } else { "may have been" };
            let place = delivery.to.describe();
            Err(Failure::Interrupted(code, vec![
                format!("interrupted: the credentials {what} delivered {place}"),
                "Nothing was changed in Cognito.".to_owned(),
            ]))
        }
    }
}

/// Delivers them, and serves the clipboard until it is cleared. `arrived` is for the message of an interruption.
async fn deliver(
    delivery: &Delivery,
    client: &ClientId,
    text: &SecretString,
    gateway: &Gateway,
    arrived: &Cell<bool>,
) -> Result<Exit, Failure> {
    let receipt = delivery::deliver(delivery, client, text, ChildStderr::Inherit, gateway)
        .await
        .map_err(|error| {
            let next = match error {
                DeliveryError::NotDelivered(_) => "Nothing was changed in Cognito.",
                DeliveryError::Occupied(_) => {
                    "Use another --to TARGET, or overwrite it with --replace."
                }
                DeliveryError::Unknown(_) => {
                    "They may have been delivered: check the target. Nothing was changed in Cognito."
                }
            };
            Failure::new(format!("the credentials were {error}"), next)
        })?;
    arrived.set(true);
    stderr_note(&format!("delivered {}", receipt.describe()));
    serve(receipt).await;
    Ok(Exit::Done)
}

fn unspelt(reason: String) -> Failure {
    Failure::new(reason, "Use --format json.")
}

/// Whether the output contains the secret.
fn has_secret(args: &CredentialsArgs) -> bool {
    args.format().shows_secret() || args.to.as_ref().is_some_and(Destination::keeps_json)
}

/// A client that can get tokens, and where.
struct MachineClient {
    endpoint: Option<String>,
    client: ClientId,
    /// The client's type, in JSON.
    client_type: Value,
    /// The client's scopes; empty if not read.
    scopes: Vec<ScopeName>,
    /// `None` if the format does not need it.
    secret: Option<SecretString>,
    /// The ARN of a managed secret.
    arn: Option<String>,
}

impl MachineClient {
    /// The text to print or deliver. `who` is the caller, in JSON.
    ///
    /// # Errors
    /// The format cannot hold a value.
    fn text(
        &self,
        args: &CredentialsArgs,
        graph_endpoint: Option<&str>,
        who: Value,
    ) -> Result<SecretString, String> {
        let token_endpoint = self.endpoint.as_deref().unwrap_or_default();
        let Some(secret) = &self.secret else {
            return Ok(if args.format() == Format::Curl {
                curl(token_endpoint, &self.client, &self.scopes)
            } else {
                team_provider(token_endpoint, graph_endpoint, &self.client).into()
            });
        };
        let credentials = Credentials {
            endpoint: self.endpoint.as_deref(),
            graph_endpoint,
            client: &self.client,
            secret,
            secret_arn: self.arn.as_deref(),
        };
        if args.format() == Format::Json && args.to.is_none() {
            let about = [("identity", who), ("client_type", self.client_type.clone())];
            return Ok(credentials.json_with(about));
        }
        destination::in_format(&credentials, args.format(), args.to.as_ref())
    }
}

async fn machine(
    args: &CredentialsArgs,
    given: Option<SecretString>,
    gateway: &Gateway,
) -> Result<MachineClient, Failure> {
    let (pool, found) = lookup::pool_and_client(gateway, &args.pool, &args.client).await?;
    let endpoint = gateway.token_endpoint(&pool);
    if endpoint.is_none() {
        if matches!(
            args.format(),
            Format::Team | Format::Curl | Format::Terraform
        ) {
            return Err(no_token_endpoint(
                &pool,
                "Add a domain to the pool. For id and secret only: --format env, dotenv or json.",
            ));
        }
        let why = endpoints::without_token_endpoint(&pool);
        stderr_note(&format!("token_endpoint omitted: the user pool {why}"));
    }
    if let Some(secret) = given {
        stderr_note("the secret was not verified; `cognitui token --secret -` verifies it");
        return Ok(MachineClient {
            endpoint,
            client: found.id,
            client_type: Value::Null,
            scopes: Vec::new(),
            secret: Some(secret),
            arn: None,
        });
    }
    let start = Instant::now();
    let described = if has_secret(args) {
        let described = gateway.client_and_secret(&pool.id, &found.id).await;
        described.map(|(client, secret)| (client, Some(secret)))
    } else {
        let client = gateway.client(&pool.id, &found.id).await;
        client.map(|client| (client, None))
    };
    let what = format!("credentials of {} {}", pool.id, found.id);
    cognito::note(&what, start, described.as_ref().err());
    let (client, secret) = described?;
    if secret.is_none() && gateway.secret_state(&client).await.is_public() {
        return Err(Failure::new(
            format!(
                "{} is a public client: it cannot use client_credentials",
                found.name
            ),
            "Create a new app client with a secret; a public client cannot get one.",
        ));
    }
    let secret = secret.transpose()?;
    let client_type = type_json(Some(&client));
    let arn = client.secret.arn().map(str::to_owned);
    if let (Some(arn), Some(_)) = (&arn, &secret) {
        note_copy(gateway, arn).await;
    }
    Ok(MachineClient {
        endpoint,
        client_type,
        client: client.id,
        scopes: client.settings.scopes,
        secret,
        arn,
    })
}

/// Notes that a copy of a managed secret becomes invalid at the next rotation.
pub(super) async fn note_copy(gateway: &Gateway, arn: &str) {
    // Without access to the schedule, Cognito's default is named.
    let secret = gateway.managed_secret(arn).await.ok();
    stderr_note(&secret::copy_breaks(secret.as_ref(), arn));
}

/// The GraphQL API's URL: given, or found by name. It is optional for AWS TEAM's formats; an API that the user names must exist.
async fn graph_endpoint(
    args: &CredentialsArgs,
    gateway: &Gateway,
) -> Result<Option<String>, Failure> {
    if args.graph_endpoint.is_some() {
        return Ok(args.graph_endpoint.clone());
    }
    let name = args.graph_api.as_deref();
    if name.is_none() && !matches!(args.format(), Format::Team | Format::Terraform) {
        return Ok(None);
    }
    let start = Instant::now();
    let found = gateway.graph_endpoint(name).await;
    cognito::note("graph endpoint", start, found.as_ref().err());
    let reason = match (found, name) {
        // An untrusted URL, printed between quotes.
        (Ok(Some(url)), _) => {
            return match one_line(&url) {
                Ok(url) => Ok(Some(url)),
                Err(reason) => Err(Failure::new(
                    format!("cannot print the GraphQL API's URL: {reason}"),
                    "Pass it with --graph-endpoint.",
                )),
            };
        }
        (Ok(None), Some(name)) => {
            return Err(Failure::new(
                format!("no GraphQL API in AWS AppSync matches {name:?}"),
                "Names are case-sensitive. --graph-endpoint takes a URL.",
            ));
        }
        (Err(error), name) if name.is_some() || error.kind == ErrorKind::Ambiguous => {
            return Err(error.into());
        }
        (Ok(None), None) => "no GraphQL API has team-main in its name".to_owned(),
        (Err(error), _) => error.one_line(),
    };
    stderr_note(&format!(
        "graph_endpoint omitted: {reason}; use --graph-endpoint URL or --graph-api NAME"
    ));
    Ok(None)
}

/// A curl command that requests a token with all the client's M2M scopes.
fn curl(endpoint: &str, client: &ClientId, scopes: &[ScopeName]) -> SecretString {
    let carried = scopes.iter().filter(|scope| scope.is_for_machines());
    let scopes: Vec<ScopeName> = carried.cloned().collect();
    formats::token_curl(endpoint, client, &scopes).into()
}
