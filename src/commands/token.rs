//! `token`: an access token, or why it is refused.

use std::time::{Instant, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Exit, Failure, identity, stderr_note};
use crate::cli::{Auth, TokenArgs};
use crate::cognito::{self, Error, Gateway, all_pages};
use crate::commands::failure::FailureClass;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::type_json;
use crate::commands::shared::token_cache::TokenCache;
use crate::commands::shared::token_report::TokenReport;
use crate::commands::shared::{lookup, rows, stdin};
use crate::domain::client::AppClient;
use crate::domain::delivery::formats;
use crate::domain::explain::{explain, scope_diff};
use crate::domain::oauth::endpoints;
use crate::domain::oauth::issuer::Rules;
use crate::domain::oauth::token::{ClientAuth, IssuedToken, OAuthError, TokenRequest};
use crate::domain::oauth::token_checks::{self, Lookup, TokenContext};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

pub(super) async fn run(
    args: &TokenArgs,
    gateway: &Gateway,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let given = stdin::secret_from(args.secret, gateway)?;
    let (found, who) = tokio::join!(
        lookup::pool_and_client(gateway, &args.pool, &args.client),
        identity(args.output.is_data(), gateway)
    );
    let (pool, found) = found?;
    let request = TokenRequest {
        endpoint: endpoint(args.auth, &pool, gateway)?,
        pool: pool.id.clone(),
        client: found.id.clone(),
        scopes: ScopeName::of_lists(args.scope.iter().map(String::as_str)),
        auth: match args.auth {
            Auth::Basic => ClientAuth::Basic,
            Auth::Body => ClientAuth::Body,
            Auth::Api => ClientAuth::Api,
        },
        metadata: args.metadata.iter().cloned().collect(),
    };
    let cache = cache(args, &request)?;
    if let Some(token) = cache
        .as_ref()
        .and_then(|cache| cache.get(SystemTime::now().into()))
    {
        let case = IssueContext {
            gateway,
            pool: &pool,
            name: &found.name,
            client: None,
            request: &request,
            who,
        };
        return print(args, &case, &token, out).await;
    }
    let (client, secret) = match given {
        None => {
            let (client, secret) = gateway.client_and_secret(&pool.id, &found.id).await?;
            (Some(client), secret?)
        }
        // With --secret, the client's settings are only for explanations.
        Some(secret) => match gateway.client(&pool.id, &found.id).await {
            Err(error) if error.is_access_denied() => {
                stderr_note(&format!(
                    "skipped: app client settings ({})",
                    error.one_line()
                ));
                (None, secret)
            }
            client => (Some(client?), secret),
        },
    };
    let heard = pool.pre_token_trigger.as_ref();
    if !request.metadata.is_empty()
        && heard.is_none_or(|trigger| trigger.fires_for_m2m() == Some(false))
    {
        stderr_note("metadata is ignored: the user pool has no pre token generation trigger V3_0");
    }
    let case = IssueContext {
        gateway,
        pool: &pool,
        name: &found.name,
        client: client.as_ref(),
        request: &request,
        who,
    };
    match case.issue(&secret).await? {
        Err((refusal, status)) => Err(case.refused(&refusal, status).await),
        Ok(token) => {
            case.tell_missing(&token).await;
            if let Some(Err(error)) = cache.map(|cache| cache.put(&token)) {
                stderr_note(&format!("cannot keep the token: {error}"));
            }
            print(args, &case, &token, out).await
        }
    }
}

/// Where the token is kept, if that is asked for.
fn cache(args: &TokenArgs, request: &TokenRequest) -> Result<Option<TokenCache>, Failure> {
    let cache = args.cache.then(|| TokenCache::of(request)).transpose();
    cache.map_err(|error| Failure::new(format!("cannot keep the token: {error}"), "Omit --cache."))
}

/// The token as a credential plugin of Kubernetes clients prints it. `info` is what they say of the version that they read.
fn exec_credential(token: &IssuedToken, info: Option<&str>) -> Value {
    const API: &str = "client.authentication.k8s.io/";
    let info: Option<Value> = info.and_then(|info| serde_json::from_str(info).ok());
    let version = info
        .as_ref()
        .and_then(|info| info.get("apiVersion")?.as_str());
    let version = version.filter(|version| version.starts_with(API));
    let expires = token.jwt.expires().and_then(Timestamp::rfc3339);
    json!({
        "apiVersion": version.map_or_else(|| format!("{API}v1"), str::to_owned),
        "kind": "ExecCredential",
        "status": {
            "token": token.text.expose_secret(),
            "expirationTimestamp": expires,
        },
    })
}

/// The error of a pool without a known token endpoint. `next`: what to do if it has no domain.
pub(super) fn no_token_endpoint(pool: &UserPool, next: &str) -> Failure {
    let why = endpoints::without_token_endpoint(pool);
    Failure::new(
        format!("token endpoint unknown: user pool {} {why}", pool.name),
        if pool.has_domain() {
            "Pass its URL with --token-endpoint."
        } else {
            next
        },
    )
}

fn endpoint(auth: Auth, pool: &UserPool, gateway: &Gateway) -> Result<String, Failure> {
    match (auth, gateway.token_endpoint(pool)) {
        (_, Some(endpoint)) => Ok(endpoint),
        (Auth::Api, None) => Ok(String::new()),
        (Auth::Basic | Auth::Body, None) => Err(no_token_endpoint(
            pool,
            "Add a domain, or use --auth api, which needs none.",
        )),
    }
}

/// A token request, and the data that explains its outcome.
struct IssueContext<'a> {
    gateway: &'a Gateway,
    pool: &'a UserPool,
    /// The client's name.
    name: &'a str,
    /// `None` if it cannot be described.
    client: Option<&'a AppClient>,
    request: &'a TokenRequest,
    /// The caller, in JSON.
    who: Value,
}

impl IssueContext<'_> {
    /// The token, or the OAuth error with its HTTP status.
    async fn issue(
        &self,
        secret: &SecretString,
    ) -> Result<Result<IssuedToken, (OAuthError, u16)>, Failure> {
        let start = Instant::now();
        let reply = self.gateway.issue(self.request, secret).await;
        let what = format!("token for {} {}", self.request.pool, self.request.client);
        cognito::note(&what, start, reply.as_ref().err());
        let reply = reply?;
        Ok(reply
            .outcome
            .map_err(|refusal| (refusal, reply.exchange.status)))
    }

    /// The OAuth error, its likely causes, and what to do.
    async fn refused(&self, refusal: &OAuthError, status: u16) -> Failure {
        let secret = match self.client {
            Some(client) => Some(self.gateway.secret_state(client).await),
            None => None,
        };
        let explanation = explain(
            refusal,
            status,
            self.request,
            self.client,
            secret,
            self.servers().await.as_deref(),
            Some(self.pool),
        );
        let no_error = || format!("no OAuth error: {}", refusal.body.trim());
        let word = refusal.words().unwrap_or_else(no_error);
        let mut lines = vec![
            format!("no token for {}: {word}, HTTP {status}", self.name),
            explanation.meaning,
        ];
        for cause in explanation.causes {
            let mark = if cause.likely { "likely" } else { "possible" };
            lines.push(format!("{mark}: {}", cause.text));
            lines.extend(cause.evidence.map(|found| format!("  {found}")));
            lines.push(format!("  {}", cause.fix));
        }
        Failure::Classed(FailureClass::RefusedToken, lines)
    }

    /// Notes which requested scopes the token lacks, and why. The token is valid.
    async fn tell_missing(&self, token: &IssuedToken) {
        let granted = token.jwt.scopes();
        let diff = |servers: Option<&[ResourceServer]>| {
            let requested = &self.request.scopes;
            scope_diff(requested, &granted, self.client, servers, Some(self.pool))
        };
        if diff(None).missing.is_empty() {
            return;
        }
        for (scope, reason) in diff(self.servers().await.as_deref()).missing {
            stderr_note(&format!("the token lacks {scope}: {reason}"));
        }
    }

    /// The pool's resource servers, for explanations; `None` and a note if they cannot be read.
    async fn servers(&self) -> Option<Vec<ResourceServer>> {
        let servers = all_pages(|next| self.gateway.resource_servers(&self.pool.id, next)).await;
        let unread = |error: &Error| {
            stderr_note(&format!(
                "skipped: resource servers, so defined scopes are unknown ({})",
                error.one_line()
            ));
        };
        servers.inspect_err(unread).ok()
    }
}

async fn print(
    args: &TokenArgs,
    case: &IssueContext<'_>,
    token: &IssuedToken,
    out: &mut Output,
) -> Result<Exit, Failure> {
    if args.claims {
        let (verification, servers) =
            tokio::join!(case.gateway.verify(&token.text, case.pool), case.servers());
        let now = SystemTime::now().into();
        let around = TokenContext {
            rules: Rules {
                region: case.gateway.region(),
                endpoint: case.gateway.endpoint(),
                pin: None,
            },
            pool: Lookup::Here(case.pool),
            client: case.client.map_or(Lookup::NotAsked, Lookup::Here),
            servers: servers.as_deref(),
            requested: Some(&case.request.scopes),
            verification: Some(&verification),
            ..TokenContext::default()
        };
        let report = TokenReport {
            jwt: &token.jwt,
            verdict: &token_checks::verdict(&token.jwt, &around, now),
            around: &around,
            verified: true,
            who: case.who.clone(),
            now,
        };
        report.print(args.output.format(), out)?;
    } else if args.exec_credential {
        let info = std::env::var("KUBERNETES_EXEC_INFO").ok();
        out.json(&exec_credential(token, info.as_deref()))?;
    } else if args.header {
        out.secret(&formats::authorization_header(&token.text))?;
    } else if args.output.is_data() {
        let scopes = token.jwt.scopes();
        let scopes: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
        let answer = json!({
            "identity": case.who,
            "access_token": token.text.expose_secret(),
            "token_type": token.token_type,
            "expires_in": token.expires_in,
            "scope": scopes.join(" "),
            "client_type": type_json(case.client),
        });
        rows::value(&answer, args.output.format(), out)?;
    } else {
        out.secret(&token.text)?;
    }
    Ok(Exit::Done)
}
