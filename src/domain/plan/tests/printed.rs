//! Printed commands, read back by a real shell: whatever names come from outside, each value arrives where it belongs, as it is.

use std::collections::BTreeMap;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::said::fitting;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::machine_auth;
use crate::domain::oauth::endpoints::tests::pool;
use crate::domain::plan::{CliContext, Step};
use crate::domain::pool::{Domain, Failover, NewDomain, NewPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::secret::ManagedSecret;

/// Runs `commands` in `sh` with an `aws` that only notes its arguments, and returns those of each call.
fn calls(commands: &str) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let script = format!(
        "set -eu\naws() {{ printf '%s\\0' \"$#\" \"$@\" >>\"$LOG\"; printf '{{}}'; }}\njq() {{ cat >/dev/null; printf '{{}}'; }}\n\
         USER_POOL_ID=made\n{commands}\n"
    );
    let ran = Command::new("sh")
        .args(["-c", &script])
        .env("LOG", &log)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}\n{commands}");
    let said = std::fs::read(&log).unwrap();
    let mut words = said
        .strip_suffix(b"\0")
        .unwrap()
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8(word.to_vec()).unwrap());
    let mut calls = Vec::new();
    while let Some(count) = words.next() {
        let count = count.parse().unwrap();
        calls.push(words.by_ref().take(count).collect());
    }
    // Nothing else was run that left a trace.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    calls
}

/// The API's name of an option's value, and whether it takes a list (`Some(true)`) or a structure (`Some(false)`).
fn member(option: &str) -> (&'static str, Option<bool>) {
    match option {
        "--user-pool-id" => ("UserPoolId", None),
        "--pool-name" => ("PoolName", None),
        "--identifier" => ("Identifier", None),
        "--name" => ("Name", None),
        "--client-id" => ("ClientId", None),
        "--secret-id" => ("SecretId", None),
        "--client-name" => ("ClientName", None),
        "--domain" => ("Domain", None),
        "--default-redirect-uri" => ("DefaultRedirectURI", None),
        "--username-attributes" => ("UsernameAttributes", Some(true)),
        "--allowed-o-auth-scopes" => ("AllowedOAuthScopes", Some(true)),
        "--callback-urls" => ("CallbackURLs", Some(true)),
        "--read-attributes" => ("ReadAttributes", Some(true)),
        "--scopes" => ("Scopes", Some(false)),
        "--user-pool-tags" => ("UserPoolTags", Some(false)),
        "--custom-domain-config" => ("CustomDomainConfig", Some(false)),
        "--routing" => ("Routing", Some(false)),
        "--cli-input-json" => ("", Some(false)),
        "--query"
        | "--output"
        | "--generate-secret"
        | "--deletion-protection"
        | "--admin-create-user-config"
        | "--user-pool-tier"
        | "--managed-login-version"
        | "--allowed-o-auth-flows-user-pool-client"
        | "--allowed-o-auth-flows"
        | "--explicit-auth-flows"
        | "--supported-identity-providers"
        | "--logout-urls"
        | "--access-token-validity"
        | "--id-token-validity"
        | "--refresh-token-validity"
        | "--token-validity-units"
        | "--auth-session-validity"
        | "--enable-token-revocation"
        | "--prevent-user-existence-errors"
        | "--write-attributes" => ("-", None),
        other => panic!("{other} is no option of ours"),
    }
}

fn is_service(word: &str) -> bool {
    ["cognito-idp", "secretsmanager"].contains(&word)
}

/// What the AWS CLI would send: options as argparse takes them, and what stands under `--cli-input-json`.
fn sent(words: &[String]) -> (BTreeMap<String, String>, Map<String, Value>) {
    let (mut place, mut members) = (BTreeMap::new(), Map::new());
    let mut words = words.iter().peekable();
    let mut of_service = false;
    while let Some(word) = words.next() {
        if is_service(word) && !of_service {
            of_service = true;
            assert!(!words.next().unwrap().starts_with('-'));
            continue;
        }
        let (option, mut values) = match word.split_once('=') {
            Some((option, value)) if word.starts_with('-') => (option, vec![value.to_owned()]),
            _ => (word.as_str(), Vec::new()),
        };
        while values.is_empty() || !word.contains('=') {
            match words.next_if(|next| !next.starts_with('-')) {
                // The service's name ends the global options.
                Some(next) if !of_service && !values.is_empty() => {
                    assert!(is_service(next), "{next}");
                    of_service = true;
                    words.next();
                    break;
                }
                Some(next) => values.push(next.clone()),
                None => break,
            }
        }
        if ["--endpoint-url", "--profile", "--region"].contains(&option) {
            place.insert(option.to_owned(), values.remove(0));
            continue;
        }
        assert!(of_service, "{option}");
        let (name, kind) = member(option);
        for value in &values {
            let lower = value.to_lowercase();
            for fetched in ["http://", "https://", "file://", "fileb://"] {
                assert!(!lower.starts_with(fetched), "{option} {value}");
            }
        }
        let parsed = || serde_json::from_str::<Value>(&values[0]).unwrap();
        let value = match kind {
            None => json!(values.concat()),
            Some(true) if values[0].starts_with('[') => parsed(),
            Some(true) => json!(values),
            Some(false) => parsed(),
        };
        match (name, value) {
            ("", Value::Object(more)) => members.extend(more),
            (name, value) => drop(members.insert(name.to_owned(), value)),
        }
    }
    (place, members)
}

/// What a terminal would obey.
const HIDDEN: [char; 3] = ['\u{1b}', '\u{85}', '\u{202e}'];

/// Names as bad as they come: options, addresses that are fetched, what a shell or JSON takes for itself.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "-{1,2}[a-z=-]{0,8}",
        "(file|fileb|http|https|File|HTTPS)://[a-z/.]{1,8}",
        "[\\[{\"'`$()\\\\;&|<>!#*?~% \\n\\t-]{1,10}",
        "[ -~\\n\\t]{1,16}",
        "[\\PC\\x{1b}\\x{85}\\x{202e}]{1,8}",
    ]
}

fn scope(name: &str, description: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        description: description.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_value_arrives_as_it_is(names in proptest::array::uniform8(name())) {
        let [a, b, c, d, profile, region, endpoint, id] = names;
        let [profile, region, endpoint] = [profile, region, endpoint].map(|text| text.replace(HIDDEN, ""));
        let pool_id = PoolId::new(&id);
        let place = CliContext {
            pool: Some(&pool_id),
            profile: Some(&profile),
            region: Some(&region),
            endpoint: Some(&endpoint),
        };
        let server = ResourceServer {
            identifier: a.clone(),
            name: b.clone(),
            scopes: vec![scope(&c, &d), scope("x", &a)],
            ..ResourceServer::default()
        };
        let scopes = json!([
            { "ScopeName": c, "ScopeDescription": d },
            { "ScopeName": "x", "ScopeDescription": a },
        ]);
        let mut new_client = machine_auth();
        new_client.name.clone_from(&a);
        new_client.scopes = [&b, &c].map(|scope| ScopeName::new(scope.clone())).to_vec();
        new_client.callback_urls = vec![d.clone()];
        let mut after = fitting().settings;
        after.name.clone_from(&b);
        after.scopes = vec![ScopeName::new(a.clone())];
        after.callback_urls = vec![c.clone(), d.clone()];
        after.default_redirect_uri = Some(c.clone());
        after.read_attributes = vec![d.clone()];
        let new_domain = NewDomain {
            name: a.clone(),
            certificate_arn: Some(b.clone()),
            managed_login_version: None,
        };
        let domain = Domain {
            name: a.clone(),
            security_policy: Some(c.clone()),
            failover: Some(Failover {
                secondary_region: d.clone(),
                health_check: a.clone(),
            }),
            ..Domain::default()
        };
        let new_pool = NewPool {
            name: a.clone(),
            admin_create_only: true,
            deletion_protection: true,
            tier: None,
            username_attributes: vec![b.clone()],
            tags: BTreeMap::from([(c.clone(), d.clone())]),
        };
        let mut seen = pool("eu-west-1_A", None, None);
        seen.name.clone_from(&a);
        let steps = [
            (Step::CreatePool(new_pool), json!({
                "PoolName": a, "UsernameAttributes": [b], "UserPoolTags": { c.clone(): d },
            })),
            (Step::DeletePool { name: a.clone(), clients: vec![], users: None }, json!({})),
            (Step::CreateServer(server.clone()), json!({ "Identifier": a, "Name": b, "Scopes": scopes })),
            (
                Step::UpdateServer { before: server.clone(), after: server.clone(), holders: vec![] },
                json!({ "Identifier": a, "Name": b, "Scopes": scopes }),
            ),
            (Step::DeleteServer { server, holders: vec![] }, json!({ "Identifier": a })),
            (Step::CreateClient(new_client), json!({
                "ClientName": a, "AllowedOAuthScopes": [b, c], "CallbackURLs": [d],
            })),
            (
                Step::UpdateClient { before: Box::new(fitting()), after: Box::new(after) },
                json!({
                    "ClientName": b, "AllowedOAuthScopes": [a], "CallbackURLs": [c, d],
                    "DefaultRedirectURI": c, "ReadAttributes": [d],
                }),
            ),
            (
                Step::RotateManaged { id: ClientId::new("x"), name: b.clone(), before: Box::new(ManagedSecret { arn: a.clone(), ..ManagedSecret::default() }) },
                json!({ "SecretId": a }),
            ),
            (Step::DeleteClient { id: ClientId::new(a.clone()), name: b.clone() }, json!({ "ClientId": a })),
            (Step::CreateDomain(new_domain.clone()), json!({
                "Domain": a, "CustomDomainConfig": { "CertificateArn": b },
            })),
            (Step::UpdateDomain { before: domain.clone(), after: new_domain }, json!({
                "Domain": a,
                "CustomDomainConfig": { "CertificateArn": b, "SecurityPolicy": c },
                "Routing": { "Failover": { "SecondaryRegion": d, "PrimaryRoute53HealthCheckId": a } },
            })),
            (Step::DeleteDomain { domain, clients: vec![] }, json!({ "Domain": a })),
            // What comes last reads what is there first.
            (Step::AddScopes { before: ResourceServer { identifier: a.clone(), name: b.clone(), scopes: vec![], ..ResourceServer::default() }, scopes: vec![scope(&b, &c)] }, json!({ "Identifier": a })),
            (Step::SetDeletionProtection { seen: Box::new(seen), on: true }, json!({})),
        ];
        let script: Vec<String> = steps.iter().map(|(step, _)| step.cli(place)).collect();
        let made = calls(&script.join("\n"));
        prop_assert_eq!(made.len(), steps.len() + 2);
        for (words, (step, expected)) in made.iter().zip(&steps) {
            let (place, members) = sent(words);
            prop_assert_eq!(&place["--profile"], &profile);
            prop_assert_eq!(&place["--region"], &region);
            prop_assert_eq!(&place["--endpoint-url"], &endpoint);
            // Where another command prints the rest of the request, it prints this, too.
            let elsewhere = matches!(
                step,
                Step::CreatePool(_) | Step::SetDeletionProtection { .. } | Step::RotateManaged { .. }
            );
            if !elsewhere {
                prop_assert_eq!(&members["UserPoolId"], &json!(id));
            }
            for (name, value) in expected.as_object().unwrap() {
                prop_assert_eq!(members.get(name), Some(value), "{} of {:?}", name, words);
            }
        }
        prop_assert!(!script.iter().any(|command| command.contains(HIDDEN)), "{:?}", script);
    }
}

/// The call resets what is not sent, so the printed command has to send every member.
#[test]
fn the_command_for_deletion_protection_sends_every_setting_that_the_call_takes() {
    let limits: Value =
        serde_json::from_str(include_str!("../../../../assets/sandbox/limits.json")).unwrap();
    let members = limits["shapes"]["UpdateUserPoolRequest"]["members"]
        .as_object()
        .unwrap();
    // VerificationMessageTemplate has them.
    let older = [
        "EmailVerificationMessage",
        "EmailVerificationSubject",
        "SmsVerificationMessage",
    ];
    let mut seen = pool("eu-west-1_A", None, None);
    seen.other
        .extend([("FutureSetting".to_owned(), "1".to_owned())]);
    let id = PoolId::new("eu-west-1_A");
    let place = CliContext {
        pool: Some(&id),
        profile: None,
        region: None,
        endpoint: None,
    };
    let printed = Step::SetDeletionProtection {
        seen: Box::new(seen),
        on: true,
    }
    .cli(place);
    assert!(members.len() > 15);
    for member in members
        .keys()
        .filter(|member| !older.contains(&member.as_str()))
    {
        assert!(printed.contains(member.as_str()), "{member}: {printed}");
    }
    assert!(
        printed.starts_with("# This command resets FutureSetting"),
        "{printed}"
    );
}
