//! `credentials`: what a machine needs to get tokens.

use std::time::Instant;

use secrecy::SecretString;

use super::out::Out;
use super::token::no_domain;
use super::{Access, Exit, Failure, find, handing, note, serve};
use crate::cli::{CredentialsArgs, Format, one_line};
use crate::cognito::{self, ErrorKind, Gateway};
use crate::delivery::{self, Voice};
use crate::domain::client::AppClient;
use crate::domain::destination::{Destination, Undelivered};
use crate::domain::export::team_provider;
use crate::domain::handover::{self, Credentials};
use crate::domain::scope::ScopeName;

pub(super) async fn run(
    args: &CredentialsArgs,
    access: Access<'_>,
    out: &mut Out,
) -> Result<Exit, Failure> {
    // Before anything is asked of Cognito: a secret that is not to be shown need not be read.
    let next = "Hand them over to another place.";
    let delivery = handing::delivery(args.to.as_ref(), args.replace, next)?;
    if delivery.is_none() && args.format().shows_secret() && out.is_terminal() && !args.reveal {
        return Err(Failure::new(
            "this would show the client secret on the terminal",
            "Send it to a file or a program (> FILE, | PROGRAM), or add --reveal to see it here.",
        ));
    }
    let gateway = access.gateway().await?;
    let (found, graph_endpoint) =
        tokio::try_join!(machine(args, &gateway), graph_endpoint(args, &gateway))?;
    let Machine {
        endpoint,
        client,
        secret,
    } = found;
    let credentials = Credentials {
        endpoint: endpoint.as_deref(),
        graph_endpoint: graph_endpoint.as_deref(),
        client: &client.id,
        secret: &secret,
    };
    let text = match args.format() {
        _ if args.to.as_ref().is_some_and(Destination::keeps_json) => credentials.json(),
        Format::Team => credentials.team().map_err(unspelt)?,
        Format::Env => credentials.exports(),
        Format::Dotenv => credentials.dotenv().map_err(unspelt)?,
        Format::Json => credentials.json(),
        Format::Curl => curl(&credentials, &client.settings.scopes),
        Format::Terraform => {
            let token_endpoint = endpoint.as_deref().unwrap_or_default();
            team_provider(token_endpoint, graph_endpoint.as_deref(), &client.id).into()
        }
    };
    let Some(delivery) = delivery else {
        out.secret(&text)?;
        return Ok(Exit::Done);
    };
    let receipt = delivery::deliver(&delivery, &client.id, &text, Voice::Heard, &gateway)
        .await
        .map_err(|error| {
            let next = match error {
                Undelivered::Nobody(_) => "Nothing was changed in Cognito.",
                Undelivered::Occupied(_) => {
                    "Hand them over to another place, or write over it with --replace."
                }
                Undelivered::Perhaps(_) => {
                    "Somebody may have got them: look there. Nothing was changed in Cognito."
                }
            };
            Failure::new(format!("the credentials were {error}"), next)
        })?;
    note(&format!("handed over {}", receipt.words()));
    serve(receipt).await;
    Ok(Exit::Done)
}

fn unspelt(reason: String) -> Failure {
    Failure::new(reason, "Choose --format json.")
}

/// A client that can get tokens, and where.
struct Machine {
    endpoint: Option<String>,
    client: AppClient,
    secret: SecretString,
}

async fn machine(args: &CredentialsArgs, gateway: &Gateway) -> Result<Machine, Failure> {
    let (pool, found) = find::pool_and_client(gateway, &args.pool, &args.client).await?;
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
        note("token_endpoint is left out: the pool has no domain");
    }
    let start = Instant::now();
    let described = gateway.client_and_secret(&pool.id, &found.id).await;
    let what = format!("credentials of {} {}", pool.id, found.id);
    cognito::note(&what, start, described.as_ref().err());
    let (client, secret) = described?;
    let secret = secret?;
    Ok(Machine {
        endpoint,
        client,
        secret,
    })
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
    note(&format!(
        "graph_endpoint is left out: {reason}; give its URL with --graph-endpoint, or its name with --graph-api"
    ));
    Ok(None)
}

/// A curl command for a token with all the client's scopes that tokens can carry.
fn curl(credentials: &Credentials<'_>, scopes: &[ScopeName]) -> SecretString {
    let custom: Vec<ScopeName> = scopes
        .iter()
        .filter(|scope| scope.split().is_some())
        .cloned()
        .collect();
    let endpoint = credentials.endpoint.unwrap_or_default();
    handover::token_curl(endpoint, credentials.client, &custom).into()
}
