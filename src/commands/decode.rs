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
use crate::cognito::{self, ErrorKind, Gateway, Target};
use crate::commands::shared::output::Output;
use crate::commands::shared::token_report::{TokenPool, TokenReport};
use crate::commands::shared::{lookup, stdin};
use crate::domain::ids::PoolId;
use crate::domain::oauth::issuer::{Pin, Rules};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_checks::{self, ExpectedUse, PoolLookup, TokenContext, Validity};
use crate::domain::oauth::token_finder;

/// The time limit of the pool lookup. Without credentials the SDK searches many places.
const LOOK_UP: Duration = Duration::from_secs(5);

pub(super) async fn run(
    args: &DecodeArgs,
    target: Target,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let text = read(&args.file)?;
    let (token, reading) =
        token_finder::read(&text).map_err(|error| Failure::new(error.what, error.next))?;
    let (token, jwt) = (SecretString::from(token), reading.jwt);
    let now = SystemTime::now().into();
    let mut around = TokenContext {
        wanted: match args.token_use {
            TokenUse::Access => ExpectedUse::Machine,
            TokenUse::Id => ExpectedUse::Id,
            TokenUse::Any => ExpectedUse::Any,
        },
        signature: Some(reading.signature),
        ..TokenContext::default()
    };
    if !args.verify {
        let report = TokenReport {
            jwt: &jwt,
            verdict: &token_checks::verdict(&jwt, &around, now),
            verification: None,
            home: None,
            client: None,
            who: Value::Null,
            now,
        };
        report.print(args.json, out)?;
        return Ok(Exit::Done);
    }
    let (gateway, has_region) = connected(&jwt, target).await?;
    let pin = pin(args, &gateway).await?;
    let rules = Rules {
        region: gateway.region().filter(|_| has_region),
        endpoint: gateway.endpoint(),
        pin: pin.as_ref(),
    };
    let (verification, home, who) = tokio::join!(
        verify(&gateway, &token, pin.as_ref()),
        home(&gateway, &jwt, &rules),
        identity(args.json, &gateway)
    );
    around.rules = rules;
    around.verification = Some(&verification);
    around.pool = home
        .as_ref()
        .map_or(PoolLookup::Unknown, |home| home.presence);
    let judged = token_checks::verdict(&jwt, &around, now);
    let report = TokenReport {
        jwt: &jwt,
        verdict: &judged,
        verification: Some(&verification),
        home,
        client: None,
        who,
        now,
    };
    let printed = report.print(args.json, out);
    let exit = match judged.standing {
        Validity::Valid => Exit::Done,
        Validity::Refused => Exit::Failed,
        Validity::Unchecked => Exit::Unchecked,
    };
    if exit != Exit::Done {
        stderr_note(&format!("token {}", judged.summary));
    }
    verdict(printed, exit)
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

async fn verify(gateway: &Gateway, token: &SecretString, pin: Option<&Pin>) -> Verification {
    let start = Instant::now();
    let verification = gateway.verify_by_issuer(token, pin).await;
    cognito::note("verify a token", start, None);
    verification
}

/// The pool that the token names, and whether this account has it. Does not query other Regions.
async fn home(gateway: &Gateway, jwt: &Jwt, rules: &Rules<'_>) -> Option<TokenPool> {
    let iss = jwt.claim_str("iss")?;
    let issuer = rules.issuer(iss)?;
    let pool = issuer.pool;
    let unknown = |why: String| (PoolLookup::Unknown, Some(why));
    let (presence, why) = match (issuer.region.as_deref(), rules.region) {
        _ if rules.breaks_pin(iss).is_some() => (PoolLookup::Unknown, None),
        (_, None) => unknown("no Region is set".to_owned()),
        (Some(theirs), Some(ours)) if theirs != ours => {
            unknown(format!("the pool is in {theirs}, this session in {ours}"))
        }
        _ => match timeout(LOOK_UP, gateway.pool(&pool)).await {
            Ok(Ok(_)) => (PoolLookup::Here, None),
            Ok(Err(error)) if error.kind == ErrorKind::NotFound => (PoolLookup::NotHere, None),
            Ok(Err(error)) => unknown(error.one_line()),
            Err(_) => unknown(format!("no response in {} s", LOOK_UP.as_secs())),
        },
    };
    Some(TokenPool {
        pool,
        presence,
        why,
    })
}

fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
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
        if stdin.is_terminal() {
            stderr_note("paste the token, then press Enter and Ctrl-D");
        }
        stdin::read(Ok(stdin.lock()), &name, next)
    } else {
        stdin::read(File::open(path), &name, next)
    }
}
