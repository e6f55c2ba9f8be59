//! `decode`: a token's header and claims, and its verification.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde_json::Value;
use tokio::time::timeout;

use super::{Exit, Failure, connect, identity, stderr_note, verdict};
use crate::cli::{DecodeArgs, TokenUse};
use crate::cognito::{self, Error, ErrorKind, Gateway, Target, all_pages};
use crate::commands::shared::output::Output;
use crate::commands::shared::token_report::TokenReport;
use crate::commands::shared::{lookup, stdin};
use crate::domain::client::AppClient;
use crate::domain::explain::{Explanation, explain_related};
use crate::domain::ids::PoolId;
use crate::domain::oauth::issuer::{Pin, Rules};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_checks::{
    self, ExpectedUse, Lookup, TokenContext, TokenSort, Validity, client_of, pool_of,
};
use crate::domain::oauth::token_finder::{self, FoundToken, UnreadablePaste};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;

/// The time limit of the look-ups. Without credentials the SDK searches many places.
const LOOK_UP: Duration = Duration::from_secs(5);

pub(super) async fn run(
    args: &DecodeArgs,
    target: Target,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let text = read(&args.file, out)?;
    let found = token_finder::find(&text).map_err(unreadable)?;
    let FoundToken { text, reading, .. } = the_one(found, args.number)?;
    let is_decoded = reading.is_decoded();
    let (token, jwt) = (SecretString::from(text), reading.jwt);
    let now = SystemTime::now().into();
    let mut around = TokenContext {
        wanted: match args.token_use {
            TokenUse::Access => ExpectedUse::Machine,
            TokenUse::Id => ExpectedUse::Id,
            TokenUse::Any => ExpectedUse::Any,
        },
        signature: reading.signature,
        is_decoded,
        ..TokenContext::default()
    };
    if !args.verify {
        let judged = token_checks::verdict(&jwt, &around, now);
        let report = TokenReport {
            jwt: &jwt,
            verdict: &judged,
            around: &around,
            verified: false,
            who: Value::Null,
            now,
        };
        let printed = report.print(args.output.format(), out);
        // Without --verify nothing was to be checked but what the token says.
        let exit = match judged.standing {
            Validity::Refused => Exit::Failed,
            Validity::Valid | Validity::Unchecked => Exit::Done,
        };
        if exit != Exit::Done {
            stderr_note(&format!("token {}", judged.answer));
        }
        return verdict(printed, exit);
    }
    let (gateway, has_region) = connected(&jwt, target).await?;
    let pin = pin(args, &gateway).await?;
    let rules = Rules {
        region: gateway.region().filter(|_| has_region),
        endpoint: gateway.endpoint(),
        pin: pin.as_ref(),
    };
    let (verification, home, who) = tokio::join!(
        verify(&gateway, &token, pin.as_ref(), is_decoded),
        Home::of(&gateway, &jwt, &rules),
        identity(args.output.is_data(), &gateway)
    );
    around.rules = rules;
    around.verification = Some(&verification);
    around.pool = home.pool.lookup();
    around.client = home.client.lookup();
    around.servers = home.servers.as_deref();
    let judged = token_checks::verdict(&jwt, &around, now);
    let report = TokenReport {
        jwt: &jwt,
        verdict: &judged,
        around: &around,
        verified: true,
        who,
        now,
    };
    let printed = report.print(args.output.format(), out);
    let (exit, note) = match judged.standing {
        Validity::Valid => (Exit::Done, None),
        Validity::Refused => (Exit::Failed, Some(judged.answer.clone())),
        Validity::Unchecked => {
            let reason = verification.reason().unwrap_or_default();
            (Exit::Unchecked, Some(format!("not checked: {reason}")))
        }
    };
    if let Some(note) = note {
        stderr_note(&format!("token {note}"));
    }
    verdict(printed, exit)
}

/// Why there is no token; of a refusal that was copied, what it means.
fn unreadable(error: UnreadablePaste) -> Failure {
    let explained = error.about.as_deref().and_then(explain_related);
    let mut lines = vec![error.what];
    lines.extend(explained.map(Explanation::lines).into_iter().flatten());
    lines.push(error.next);
    Failure::Message(lines)
}

/// The token that is meant: the only one, or the one with this number.
fn the_one(mut found: Vec<FoundToken>, number: Option<usize>) -> Result<FoundToken, Failure> {
    let count = found.len();
    let at = match (number, token_finder::meant(&found)) {
        (None, Some(meant)) => {
            if let Some(others) = token_finder::others(&found, meant) {
                stderr_note(&format!("{others}; --number N takes another"));
            }
            meant
        }
        (Some(number), _) if (1..=count).contains(&number) => number - 1,
        (Some(number), _) => {
            return Err(Failure::usage(
                format!("--number {number}: it holds {count}"),
                "Count from 1.",
            ));
        }
        (None, None) => {
            let mut lines = vec![format!("it holds {count} tokens; pass --number N")];
            let rules = Rules::default();
            lines.extend(found.iter().enumerate().map(|(at, token)| {
                let jwt = &token.reading.jwt;
                let sort = TokenSort::of(jwt, &rules).words();
                let of = pool_of(jwt, &rules).map(|pool| format!(" of {pool}"));
                let of = of.unwrap_or_default();
                format!("{}  {}: {sort}{of}", at + 1, token.place)
            }));
            return Err(Failure::Message(lines));
        }
    };
    Ok(found.swap_remove(at))
}

/// A connection, and whether its Region is the session's. Public keys need no account: without a configured Region the token's is
/// used, or any Region with an endpoint.
async fn connected(jwt: &Jwt, target: Target) -> Result<(Gateway, bool), Failure> {
    match connect(target.clone()).await {
        Err(Failure::Cognito(error)) if error.kind == ErrorKind::NoRegion => {}
        connected => return Ok((connected?, true)),
    }
    let iss = jwt.claim_str("iss").unwrap_or_default();
    let issuer = Rules::default().issuer(iss);
    let region = issuer.and_then(|issuer| issuer.region);
    let region = region.or_else(|| Some("us-east-1".to_owned()));
    let gateway = connect(Target { region, ..target }).await?;
    Ok((gateway, false))
}

/// The pool or issuer that the arguments expect.
async fn pin(args: &DecodeArgs, gateway: &Gateway) -> Result<Option<Pin>, Failure> {
    if let Some(iss) = &args.issuer {
        let pin = Pin::Issuer(iss.clone());
        let rules = Rules {
            region: gateway.region(),
            endpoint: gateway.endpoint(),
            pin: Some(&pin),
        };
        if rules.issuer(iss).is_none() {
            return Err(Failure::usage(
                format!("--issuer {iss} is not an Amazon Cognito issuer"),
                "Expected a URL such as https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123.",
            ));
        }
        return Ok(Some(pin));
    }
    let Some(wanted) = &args.pool else {
        return Ok(None);
    };
    // An id needs no lookup and no credentials.
    let id = if PoolId::looks_like(wanted) {
        PoolId::new(wanted)
    } else {
        lookup::pool(gateway, wanted).await?.id
    };
    Ok(Some(Pin::Pool(id)))
}

async fn verify(
    gateway: &Gateway,
    token: &SecretString,
    pin: Option<&Pin>,
    is_decoded: bool,
) -> Verification {
    if is_decoded {
        return Verification::Unknown {
            reason: "decoded claims have no signature".to_owned(),
        };
    }
    let start = Instant::now();
    let verification = gateway.verify_by_issuer(token, pin).await;
    cognito::note("verify a token", start, None);
    verification
}

/// What became of a question to the account.
enum Asked<T> {
    Not,
    Failed(String),
    Gone,
    Here(T),
}

impl<T> Asked<T> {
    async fn of(question: impl Future<Output = Result<T, Error>>) -> Self {
        match timeout(LOOK_UP, question).await {
            Ok(Ok(found)) => Self::Here(found),
            Ok(Err(error)) if error.kind == ErrorKind::NotFound => Self::Gone,
            Ok(Err(error)) => Self::Failed(error.one_line()),
            Err(_) => Self::Failed(format!("no response in {} s", LOOK_UP.as_secs())),
        }
    }

    fn lookup(&self) -> Lookup<'_, T> {
        match self {
            Self::Not => Lookup::NotAsked,
            Self::Failed(why) => Lookup::Failed(why.clone()),
            Self::Gone => Lookup::NotHere,
            Self::Here(found) => Lookup::Here(found),
        }
    }
}

/// What this account has of what the token names.
struct Home {
    pool: Asked<UserPool>,
    client: Asked<AppClient>,
    servers: Option<Vec<ResourceServer>>,
}

impl Home {
    const fn unread(pool: Asked<UserPool>) -> Self {
        Self {
            pool,
            client: Asked::Not,
            servers: None,
        }
    }

    /// Asks for the pool, the client as it is now, and the defined scopes. Does not ask in other Regions.
    async fn of(gateway: &Gateway, jwt: &Jwt, rules: &Rules<'_>) -> Self {
        let iss = jwt.claim_str("iss").unwrap_or_default();
        let Some(issuer) = rules
            .issuer(iss)
            .filter(|_| rules.breaks_pin(iss).is_none())
        else {
            return Self::unread(Asked::Not);
        };
        match (issuer.region.as_deref(), rules.region) {
            (_, None) => return Self::unread(Asked::Failed("no Region is set".to_owned())),
            (Some(theirs), Some(ours)) if theirs != ours => {
                let why = format!("the pool is in {theirs}, this session in {ours}");
                return Self::unread(Asked::Failed(why));
            }
            _ => {}
        }
        let pool = &issuer.pool;
        let client = async {
            match client_of(jwt) {
                Some(client) => Asked::of(gateway.client(pool, &client)).await,
                None => Asked::Not,
            }
        };
        let servers = all_pages(|next| gateway.resource_servers(pool, next));
        let (found, client, servers) =
            tokio::join!(Asked::of(gateway.pool(pool)), client, Asked::of(servers));
        Self {
            // Of no pool there is nothing to say about its clients.
            client: match found {
                Asked::Gone => Asked::Not,
                _ => client,
            },
            servers: match servers {
                Asked::Here(servers) => Some(servers),
                Asked::Not | Asked::Failed(_) | Asked::Gone => None,
            },
            pool: found,
        }
    }
}

fn read(path: &Path, out: &Output) -> Result<Zeroizing<String>, Failure> {
    if !path.exists() && path.to_str().is_some_and(token_finder::looks_like_a_token) {
        // The message does not repeat the argument: it may be a token.
        return Err(Failure::usage(
            "no such file; the argument looks like a token, and other users can read arguments",
            "Pipe the token to stdin, or pass a file.",
        ));
    }
    let name = path.display().to_string();
    let next = "Pass a file with a token, or - for stdin.";
    if path == Path::new("-") {
        let stdin = io::stdin();
        if stdin.is_terminal() && out.no_input() {
            return Err(Failure::usage(
                "stdin is a terminal, and --no-input is set",
                next,
            ));
        }
        if stdin.is_terminal() {
            stderr_note("paste the token, then press Enter and Ctrl-D");
        }
        stdin::read(Ok(stdin.lock()), &name, next)
    } else {
        stdin::read(File::open(path), &name, next)
    }
}
