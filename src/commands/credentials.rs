//! `credentials`: what a machine needs to get tokens.

use std::cell::Cell;
use std::time::Instant;

use secrecy::SecretString;
use serde_json::Value;

use super::token::no_domain;
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
use crate::domain::scope::ScopeName;
use crate::domain::secret;

pub(super) async fn run(
    args: &CredentialsArgs,
    access: Access<'_>,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    // Before anything is asked of Cognito: a secret that is not to be shown need not be read.
    let next = "Hand them over to another place.";
    let delivery = destination::delivery(args.to.as_ref(), args.replace, next)?;
    if delivery.is_none() && args.format().shows_secret() && out.is_terminal() && !args.reveal {
        return Err(Failure::new(
            "this would show the client secret on the terminal",
            "Send it to a file or a program (> FILE, | PROGRAM), or add --reveal to see it here.",
        ));
    }
    if args.secret.is_some() && !has_secret(args) {
        return Err(Failure::usage(
            "this format has no secret in it",
            "Leave --secret out.",
        ));
    }
    let gateway = access.gateway().await?;
    let given = stdin::secret_from(args.secret, &gateway)?;
    // It is not for the machine that they are handed over to.
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
    let work = hand_over(&delivery, &found.client, &text, &gateway, &arrived);
    tokio::select! {
        biased;
        outcome = work => outcome,
        code = interrupts() => {
            let what = if arrived.get() { "were" } else { "may have been" };
            let place = delivery.to.describe();
            Err(Failure::Interrupted(code, vec![
                format!("interrupted: the credentials {what} handed over {place}"),
                "Nothing was changed in Cognito.".to_owned(),
            ]))
        }
    }
}

/// Hands them over, and leaves them on the clipboard for their time where they are there. `arrived` tells whoever interrupts it.
async fn hand_over(
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
                    "Hand them over to another place, or write over it with --replace."
                }
                DeliveryError::Unknown(_) => {
                    "Somebody may have got them: look there. Nothing was changed in Cognito."
                }
            };
            Failure::new(format!("the credentials were {error}"), next)
        })?;
    arrived.set(true);
    stderr_note(&format!("handed over {}", receipt.describe()));
    serve(receipt).await;
    Ok(Exit::Done)
}

fn unspelt(reason: String) -> Failure {
    Failure::new(reason, "Choose --format json.")
}

/// Whether the secret is in what is printed or handed over.
fn has_secret(args: &CredentialsArgs) -> bool {
    args.format().shows_secret() || args.to.as_ref().is_some_and(Destination::keeps_json)
}

/// A client that can get tokens, and where.
struct MachineClient {
    endpoint: Option<String>,
    client: ClientId,
    /// How the client was made, in JSON.
    client_type: Value,
    /// Of the client; empty where they were not read and are not needed.
    scopes: Vec<ScopeName>,
    /// `None` where it is not needed.
    secret: Option<SecretString>,
    /// Where AWS Secrets Manager holds the secret.
    arn: Option<String>,
}

impl MachineClient {
    /// What is printed or handed over. `who` calls, in JSON.
    ///
    /// # Errors
    /// The form can't hold a value.
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
        let json = args.to.as_ref().is_some_and(Destination::keeps_json);
        match args.format() {
            _ if json => Ok(credentials.json()),
            Format::Team => credentials.team(),
            Format::Env => Ok(credentials.exports()),
            Format::Dotenv => credentials.dotenv(),
            Format::Json if args.to.is_none() => {
                let about = [("identity", who), ("client_type", self.client_type.clone())];
                Ok(credentials.json_with(about))
            }
            Format::Json | Format::Curl | Format::Terraform => Ok(credentials.json()),
        }
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
            return Err(no_domain(
                &pool,
                "Give the pool a domain. Its clients' ids and secrets alone: --format env, dotenv or json.",
            ));
        }
        stderr_note("token_endpoint is left out: the pool has no domain");
    }
    if let Some(secret) = given {
        stderr_note("the given secret was not tried: `cognitui token --secret -` does so");
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
                "{} is a public client: it gets no tokens by itself",
                found.name
            ),
            "A secret can't be added: make a new client with one.",
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

/// Says what becomes of a copy of a managed secret's value.
pub(super) async fn note_copy(gateway: &Gateway, arn: &str) {
    // Where its schedule may not be read, Cognito's own is named.
    let secret = gateway.managed_secret(arn).await.ok();
    stderr_note(&secret::copy_breaks(secret.as_ref(), arn));
}

/// The GraphQL API's URL: the one given, or the one found by name. What AWS TEAM takes wants one unasked, and does without where
/// there is none; one that is asked for by name must be there.
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
        // It came from outside, and is to stand between quotes.
        (Ok(Some(url)), _) => {
            return match one_line(&url) {
                Ok(url) => Ok(Some(url)),
                Err(reason) => Err(Failure::new(
                    format!("the GraphQL API's URL cannot be printed: {reason}"),
                    "Give it with --graph-endpoint.",
                )),
            };
        }
        (Ok(None), Some(name)) => {
            return Err(Failure::new(
                format!("no GraphQL API in AWS AppSync is named {name}, or has it in its name"),
                "Names are compared letter by letter. --graph-endpoint takes the URL itself.",
            ));
        }
        (Err(error), name) if name.is_some() || error.kind == ErrorKind::Ambiguous => {
            return Err(error.into());
        }
        (Ok(None), None) => "no GraphQL API has team-main in its name".to_owned(),
        (Err(error), _) => error.one_line(),
    };
    stderr_note(&format!(
        "graph_endpoint is left out: {reason}; give its URL with --graph-endpoint, or its name with --graph-api"
    ));
    Ok(None)
}

/// A curl command for a token with all the client's scopes that tokens can carry.
fn curl(endpoint: &str, client: &ClientId, scopes: &[ScopeName]) -> SecretString {
    let carried = scopes.iter().filter(|scope| scope.is_for_machines());
    let scopes: Vec<ScopeName> = carried.cloned().collect();
    formats::token_curl(endpoint, client, &scopes).into()
}
