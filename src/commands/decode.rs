//! `decode`: what a token says, and whether its signature stands.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::{Instant, SystemTime};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::out::Out;
use super::report::Report;
use super::{Exit, Failure, connect, given, note, verdict};
use crate::cli::DecodeArgs;
use crate::cognito::{self, Target};
use crate::domain::hosts;
use crate::domain::jwt::Jwt;
use crate::domain::paste;
use crate::domain::token::Verification;

pub(super) async fn run(args: &DecodeArgs, target: Target, out: &mut Out) -> Result<Exit, Failure> {
    let text = read(&args.file)?;
    let (token, reading) =
        paste::read(&text).map_err(|error| Failure::new(error.what, error.next))?;
    let (token, jwt) = (SecretString::from(token), reading.jwt);
    let verification = if args.verify {
        Some(verify(&jwt, &token, target).await?)
    } else {
        None
    };
    let report = Report {
        jwt: &jwt,
        verification: verification.as_ref(),
        now: SystemTime::now().into(),
    };
    let printed = report.print(args.json, out);
    let exit = match &verification {
        Some(found) if !stands(found, report.expired()) => {
            note(&format!("the token does not stand: {}", flaw(found)));
            Exit::No
        }
        _ => Exit::Done,
    };
    verdict(printed, exit)
}

/// Whether an API would take a token of which this was found.
fn stands(verification: &Verification, expired: Option<bool>) -> bool {
    matches!(verification, Verification::Valid { .. }) && expired != Some(true)
}

/// Why a token does not stand.
fn flaw(verification: &Verification) -> &str {
    match verification {
        Verification::Valid { .. } => "it has expired",
        Verification::Invalid { reason } | Verification::Unknown { reason } => reason,
    }
}

async fn verify(jwt: &Jwt, token: &SecretString, target: Target) -> Result<Verification, Failure> {
    let iss = jwt.claim_str("iss").unwrap_or_default();
    let issuing_region =
        hosts::issuing_pool(iss).and_then(|(pool, _)| pool.region().map(ToOwned::to_owned));
    // Public keys need no account; a Region alone must be known, and any will do where the endpoint is given.
    let region = target
        .region
        .clone()
        .or(issuing_region)
        .or_else(|| Some("us-east-1".to_owned()));
    let gateway = connect(Target { region, ..target }).await?;
    let start = Instant::now();
    let verification = gateway.verify_by_issuer(token).await;
    cognito::note("verify a token", start, None);
    Ok(verification)
}

fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    if !path.exists() && path.to_str().is_some_and(paste::looks_like_a_token) {
        // Not told which: whatever reads what goes wrong need not learn a token.
        return Err(Failure::usage(
            "there is no such file: it looks like a token, which is no argument, for others see those",
            "Pipe the token in, or name a file that holds it.",
        ));
    }
    let name = path.display().to_string();
    let next = "Name a file that holds a token, or - for stdin.";
    if path == Path::new("-") {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            note("paste the token, then press Ctrl-D on a line of its own");
        }
        given::read(Ok(stdin.lock()), &name, next)
    } else {
        given::read(File::open(path), &name, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_valid_token_that_has_not_expired_stands() {
        let valid = Verification::Valid {
            kid: "k".to_owned(),
            algorithm: "RS256".to_owned(),
        };
        assert!(stands(&valid, Some(false)) && stands(&valid, None));
        assert!(!stands(&valid, Some(true)));
        let reason = String::new();
        assert!(!stands(
            &Verification::Invalid {
                reason: reason.clone()
            },
            Some(false)
        ));
        assert!(!stands(&Verification::Unknown { reason }, None));
    }
}
