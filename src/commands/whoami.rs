//! `whoami`: who calls AWS, where, and what was read to find out.

use std::env::consts::{ARCH, OS};
use std::path::Path;

use serde_json::json;

use super::{Configured, Exit, Failure, connect};
use crate::cli::WhoamiArgs;
use crate::cognito::{Error, Gateway, Identity, Target, aws_files};
use crate::commands::failure::FailureClass;
use crate::commands::shared::output::Output;
use crate::commands::shared::rows;
use crate::domain::identity::Caller;
use crate::domain::time::Timestamp;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is known of the caller. A part that fails leaves the others: a bug report needs them most then.
#[derive(Default)]
struct Known {
    caller: Caller,
    arn: Option<String>,
    login: Option<String>,
    expires: Option<String>,
    /// Why the account is not known.
    error: Option<Error>,
}

pub(super) async fn run(
    args: &WhoamiArgs,
    target: Target,
    configured: Configured<'_>,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let given = Caller {
        profile: target.profile.clone(),
        region: target.region.clone(),
        endpoint: target.endpoint_url.clone(),
        source: target.source,
        account: None,
    };
    let known = match connect(target).await {
        Ok(gateway) => known(&gateway).await,
        Err(Failure::Cognito(error)) => Known {
            caller: given,
            error: Some(error),
            ..Known::default()
        },
        Err(other) => return Err(other),
    };
    let presets = configured.presets.presets();
    let presets: Vec<&str> = presets.map(|preset| preset.name.as_str()).collect();
    let path = |path: &Path| path.display().to_string();
    let aws: Vec<String> = aws_files().iter().map(|file| path(file)).collect();
    let own = configured.file.map(path);
    let platform = format!("{OS} {ARCH}");
    if args.output.is_data() {
        let answer = json!({
            "identity": known.caller.json(),
            "arn": known.arn,
            "login": known.login,
            "expires": known.expires,
            "error": known.error.as_ref().map(Error::one_line),
            "files": { "aws": aws, "cognitui": own },
            "presets": presets,
            "version": VERSION,
            "platform": platform,
        });
        rows::value(&answer, args.output.format(), out)?;
    } else {
        let Caller {
            profile,
            account,
            region,
            endpoint,
            source,
        } = &known.caller;
        let source = source.to_string();
        let (aws, presets) = (aws.join(", "), presets.join(", "));
        let version = format!("cognitui {VERSION}, {platform}");
        let rows = [
            ("account", account.as_deref().unwrap_or("not known")),
            ("arn", known.arn.as_deref().unwrap_or("not known")),
            ("profile", profile.as_deref().unwrap_or("none")),
            ("chosen by", source.as_str()),
            ("login", known.login.as_deref().unwrap_or("not known")),
            (
                "expires",
                known
                    .expires
                    .as_deref()
                    .unwrap_or("not known, or renewed automatically"),
            ),
            ("region", region.as_deref().unwrap_or("not known")),
            ("endpoint", endpoint.as_deref().unwrap_or("AWS")),
            ("aws files", aws.as_str()),
            ("configuration", own.as_deref().unwrap_or("none")),
            ("presets", presets.as_str()),
            ("version", version.as_str()),
        ];
        for (name, value) in rows {
            out.line(&format!("{name:13}  {value}"))?;
        }
    }
    match known.error {
        None => Ok(Exit::Done),
        // JSON has it.
        Some(error) if args.output.is_data() => Ok(Exit::failed(FailureClass::of(&error))),
        Some(error) => Err(error.into()),
    }
}

async fn known(gateway: &Gateway) -> Known {
    let identity = gateway.identity().await;
    // After the call: it loads the credentials.
    let (login, end) = gateway.login().await.ok().flatten().unzip();
    let (identity, error) = match identity {
        Ok(identity) => (Some(identity), None),
        Err(error) => (None, Some(error)),
    };
    let (account, arn) = identity
        .map(|Identity { account, arn }| (account, arn))
        .unzip();
    Known {
        caller: Caller {
            account,
            ..gateway.caller()
        },
        arn,
        login,
        expires: end.flatten().and_then(Timestamp::rfc3339),
        error,
    }
}
