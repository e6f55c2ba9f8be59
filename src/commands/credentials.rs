//! `credentials`: what a machine needs to get tokens.

use std::time::Instant;

use secrecy::SecretString;

use super::out::Out;
use super::token::{no_domain, public};
use super::{Exit, Failure, connect, find, note};
use crate::cli::{CredentialsArgs, Format};
use crate::cognito::{self, Target};
use crate::domain::handover::{self, Credentials};
use crate::domain::scope::ScopeName;

pub(super) async fn run(
    args: &CredentialsArgs,
    target: Target,
    out: &mut Out,
) -> Result<Exit, Failure> {
    // Before anything is asked of Cognito: a secret that is not to be shown need not be read.
    if args.format != Format::Curl && out.is_terminal() && !args.reveal {
        return Err(Failure::new(
            "this would show the client secret on the terminal",
            "Send it to a file or a program (> FILE, | PROGRAM), or add --reveal to see it here.",
        ));
    }
    let gateway = connect(target).await?;
    let pool = find::pool(&gateway, &args.pool).await?;
    let found = find::client(&gateway, &pool.id, &args.client).await?;
    let endpoint = gateway.token_endpoint(&pool);
    if endpoint.is_none() {
        if matches!(args.format, Format::Team | Format::Curl) {
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
    let Some(secret) = secret else {
        return Err(public(&client));
    };
    if args.format == Format::Team && args.graph_endpoint.is_none() {
        note("graph_endpoint is left out: give its URL with --graph-endpoint");
    }
    let credentials = Credentials {
        endpoint: endpoint.as_deref(),
        graph_endpoint: args.graph_endpoint.as_deref(),
        client: &client.id,
        secret: &secret,
    };
    let text = match args.format {
        Format::Team => credentials.team(),
        Format::Env => credentials.exports(),
        Format::Dotenv => credentials.dotenv(),
        Format::Json => credentials.json(),
        Format::Curl => curl(&credentials, &client.settings.scopes),
    };
    out.secret(&text)?;
    Ok(Exit::Done)
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
