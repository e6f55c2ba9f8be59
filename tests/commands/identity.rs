//! The credentials, Region and endpoint that the program uses, from the first source that sets them; and how it reports them.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::world::{Ran, World, ran};

const ACCOUNT: &str = "123456789012";
const SETUP: [&str; 5] = ["setup", "machine-auth", "--pool", "team06dbb7fc", "--json"];

/// Servers without user pools. They record each request: their place in this list, the key and the Region.
struct Servers {
    urls: Vec<String>,
    seen: Arc<Mutex<Vec<(usize, String, String)>>>,
    _runtime: Runtime,
}

impl Servers {
    fn new(count: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let urls = (0..count).map(|place| {
            let record = Arc::clone(&seen);
            let handle = move |request: Request| {
                let record = Arc::clone(&record);
                async move {
                    let header = request.headers()["authorization"].to_str().unwrap();
                    let (_, scope) = header.split_once("Credential=").unwrap();
                    let parts: Vec<&str> = scope.split('/').collect();
                    let seen = (place, parts[0].to_owned(), parts[2].to_owned());
                    record.lock().unwrap().push(seen);
                    r#"{"UserPools":[]}"#
                }
            };
            let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            runtime.spawn(async move {
                axum::serve(listener, Router::new().fallback(handle))
                    .await
                    .unwrap();
            });
            url
        });
        Self {
            urls: urls.collect(),
            seen,
            _runtime: runtime,
        }
    }
}

/// How a source sets a value.
#[derive(Clone, Copy)]
enum Given {
    Flag(&'static str),
    Variable(&'static str),
    /// `AWS_ACCESS_KEY_ID` and its secret.
    Keys,
    File(&'static str),
}

/// Runs `list pools` while each of these sources sets its own value, and returns what arrived.
fn asked(
    servers: &Servers,
    given: &[(Given, &str)],
    base: &[(&'static str, String)],
) -> (usize, String, String) {
    let home = tempfile::tempdir().unwrap();
    let profile = |name: &str| {
        format!(
            "[profile {name}]\nregion = eu-north-1\naws_access_key_id = {name}\naws_secret_access_key = an-example\n"
        )
    };
    let aws = home.path().join("aws");
    std::fs::write(&aws, ["first", "second"].map(profile).concat()).unwrap();
    let mut environment: BTreeMap<&str, String> = base.iter().cloned().collect();
    environment.insert("HOME", home.path().display().to_string());
    environment.insert("AWS_CONFIG_FILE", aws.display().to_string());
    environment.insert("AWS_EC2_METADATA_DISABLED", "true".to_owned());
    let (mut args, mut file) = (vec!["list", "pools"], String::new());
    for (given, value) in given {
        match given {
            Given::Flag(flag) => args.extend([*flag, *value]),
            Given::Variable(name) => drop(environment.insert(name, (*value).to_owned())),
            Given::Keys => {
                environment.insert("AWS_ACCESS_KEY_ID", (*value).to_owned());
                environment.insert("AWS_SECRET_ACCESS_KEY", "an-example".to_owned());
            }
            Given::File(key) => file = format!("{key} = {value:?}\n"),
        }
    }
    let config = home.path().join("config.toml");
    std::fs::write(&config, file).unwrap();
    environment.insert("COGNITUI_CONFIG", config.display().to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
    command
        .args(args)
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null());
    let ran = ran(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut seen = std::mem::take(&mut *servers.seen.lock().unwrap());
    assert_eq!(seen.len(), 1, "{ran:?}");
    seen.remove(0)
}

/// Checks for each pair of these sources that the first one wins. `arrived` returns the value from a request.
fn walk(
    servers: &Servers,
    sources: &[Given],
    values: [&str; 2],
    base: &[(&'static str, String)],
    arrived: fn((usize, String, String)) -> String,
    expected: &str,
) {
    for (at, first) in sources.iter().enumerate() {
        for (after, second) in sources.iter().enumerate().skip(at + 1) {
            let given = [(*first, values[0]), (*second, values[1])];
            let got = arrived(asked(servers, &given, base));
            assert_eq!(got, expected, "source {at} before source {after}");
        }
    }
}

#[test]
fn of_every_two_sources_of_credentials_the_first_one_signs() {
    let servers = Servers::new(1);
    let sources = [
        Given::Flag("--profile"),
        Given::Variable("COGNITUI_PROFILE"),
        Given::Keys,
        Given::Variable("AWS_PROFILE"),
        Given::File("profile"),
    ];
    let base = [("COGNITUI_ENDPOINT_URL", servers.urls[0].clone())];
    let key = |(_, key, _)| key;
    // Keys have a Region from nowhere else where no profile is left.
    let region = [("AWS_REGION", "eu-west-1".to_owned())];
    let base = [&base[..], &region].concat();
    walk(&servers, &sources, ["first", "second"], &base, key, "first");
}

#[test]
fn of_every_two_sources_of_a_region_the_first_one_is_asked() {
    let servers = Servers::new(1);
    let sources = [
        Given::Flag("--region"),
        Given::Variable("COGNITUI_REGION"),
        Given::Variable("AWS_REGION"),
        Given::Variable("AWS_DEFAULT_REGION"),
        Given::File("region"),
    ];
    let base = [
        ("COGNITUI_ENDPOINT_URL", servers.urls[0].clone()),
        ("AWS_PROFILE", "first".to_owned()),
    ];
    let regions = ["eu-west-1", "eu-west-2"];
    let region = |(_, _, region)| region;
    walk(&servers, &sources, regions, &base, region, "eu-west-1");
    // The profile's own comes last.
    let (.., of_file) = asked(&servers, &[(Given::File("region"), "eu-west-2")], &base);
    assert_eq!(of_file, "eu-west-2");
    let (.., of_profile) = asked(&servers, &[], &base);
    assert_eq!(of_profile, "eu-north-1");
}

#[test]
fn of_every_two_sources_of_an_endpoint_the_first_one_is_asked() {
    let servers = Servers::new(2);
    let sources = [
        Given::Flag("--endpoint-url"),
        Given::Variable("COGNITUI_ENDPOINT_URL"),
        Given::Variable("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
        Given::Variable("AWS_ENDPOINT_URL"),
        Given::File("endpoint_url"),
    ];
    let base = [("AWS_PROFILE", "first".to_owned())];
    let urls = [servers.urls[0].as_str(), servers.urls[1].as_str()];
    let place = |(place, ..): (usize, String, String)| place.to_string();
    walk(&servers, &sources, urls, &base, place, "0");
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true".to_owned());
    let given = [
        (Given::Variable("AWS_ENDPOINT_URL"), urls[0]),
        (Given::File("endpoint_url"), urls[1]),
    ];
    let (place, ..) = asked(&servers, &given, &[&base[..], &[ignored]].concat());
    assert_eq!(place, 1);
}

/// Returns the set-up's plan, with this configuration and these changes to the environment.
fn setup(world: &World, config: &str, more: &[&str], variables: &[(&str, Option<&str>)]) -> Ran {
    let config = world.file("config.toml", config);
    let aws = "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = example\n";
    let profiles = ["team-prod", "dev"].map(|name| format!("[profile {name}]\n{aws}"));
    let profiles = world.file("aws", &profiles.concat());
    let args = [&SETUP[..], &["--config", &config], more].concat();
    let mut command = world.command(&args);
    command.env("AWS_CONFIG_FILE", profiles);
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    ran(&mut command)
}

const NO_KEYS: [(&str, Option<&str>); 2] =
    [("AWS_ACCESS_KEY_ID", None), ("AWS_SECRET_ACCESS_KEY", None)];

fn writes(world: &World) -> usize {
    let calls = world.sandbox.calls();
    let write = |call: &&String| call.starts_with("Create") || call.starts_with("Update");
    calls.iter().filter(write).count()
}

#[test]
fn a_plan_says_whose_it_is_and_by_which_setting() {
    let world = World::new();
    let config = "profile = \"team-prod\"\n";
    let aws = [&NO_KEYS[..], &[("AWS_PROFILE", Some("dev"))]].concat();
    for (more, variables, profile, source) in [
        (&[][..], &[][..], None, "keys from AWS_ACCESS_KEY_ID"),
        (&[], &aws, Some("dev"), "profile from AWS_PROFILE"),
        (
            &[],
            &NO_KEYS,
            Some("team-prod"),
            "profile from the configuration file",
        ),
        (
            &["--profile", "dev"],
            &[],
            Some("dev"),
            "profile from --profile",
        ),
    ] {
        let plan = setup(&world, config, more, variables);
        assert_eq!((plan.code, plan.err.as_str()), (2, ""), "{plan:?}");
        let identity = &plan.json()["identity"];
        assert_eq!(identity["profile"].as_str(), profile, "{identity}");
        assert_eq!(identity["source"], source);
        assert_eq!(identity["account"], ACCOUNT);
        assert_eq!(identity["region"], "eu-west-1");
        assert_eq!(identity["endpoint"], world.sandbox.url());
    }
    let told = world.run(&SETUP[..4]).out;
    let first = told.lines().next().unwrap();
    assert!(first.contains(ACCOUNT), "{first}");
    assert!(first.contains("keys from AWS_ACCESS_KEY_ID"), "{first}");
    let commands = world.run(&[&SETUP[..4], &["--cli"]].concat()).out;
    assert!(commands.starts_with("# As ") && commands.contains(ACCOUNT));
    let doctor = world.run(&["doctor", "--pool", crate::world::STAGING, "--json"]);
    let row: serde_json::Value = serde_json::from_str(doctor.out.lines().next().unwrap()).unwrap();
    assert_eq!(row["identity"]["account"], ACCOUNT);
}

#[test]
fn an_accounts_rule_holds_whatever_signs() {
    let world = World::new();
    let config = format!("[accounts.\"{ACCOUNT}\"]\nread_only = true\n");
    let dev = [&NO_KEYS[..], &[("AWS_PROFILE", Some("dev"))]].concat();
    for variables in [&[][..], &dev] {
        setup(&world, &config, &["--apply"], variables).refused(&[
            "read-only; nothing was written",
            &format!("[accounts.\"{ACCOUNT}\"] has read_only = true"),
        ]);
    }
    // A plan is no writing.
    assert_eq!(setup(&world, &config, &[], &[]).code, 2);
    assert_eq!(writes(&world), 0);
    let other = "[accounts.\"210987654321\"]\nread_only = true\n";
    assert_eq!(setup(&world, other, &["--apply"], &[]).code, 0);
    assert!(writes(&world) > 0);
}

#[test]
fn an_accounts_rule_lifts_what_the_file_says_of_all() {
    let world = World::new();
    let config = format!("read_only = true\n[accounts.\"{ACCOUNT}\"]\nread_only = false\n");
    setup(&world, &config, &["--apply", "--read-only"], &[]).refused(&["--read-only"]);
    assert_eq!(setup(&world, &config, &["--apply"], &[]).code, 0);
}

#[test]
fn where_the_account_is_not_told_the_strictest_rule_counts() {
    let world = World::new();
    let url = world.sandbox.url();
    let without_sts = [
        ("COGNITUI_ENDPOINT_URL", None),
        (
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            Some(url.as_str()),
        ),
        ("AWS_ENDPOINT_URL_STS", Some("http://127.0.0.1:1")),
    ];
    let strict = "[accounts.\"210987654321\"]\nread_only = true\n";
    setup(&world, strict, &["--apply"], &without_sts).refused(&[
        "read-only; nothing was written",
        "the account is not known",
        "GetCallerIdentity",
        "210987654321",
    ]);
    assert_eq!(writes(&world), 0);
    let lax = "[accounts.\"210987654321\"]\nread_only = false\n";
    let done = setup(&world, lax, &["--apply"], &without_sts);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.json()["identity"]["account"].is_null());
}

#[test]
fn the_account_is_asked_for_once() {
    let world = World::new();
    let rules = format!("[accounts.\"{ACCOUNT}\"]\nread_only = false\n");
    let done = setup(&world, &rules, &["--apply"], &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.json()["identity"]["account"], ACCOUNT);
    let calls = world.sandbox.calls().into_iter();
    assert_eq!(calls.filter(|call| call == "GetCallerIdentity").count(), 1);
}

#[test]
fn a_profiles_rule_that_exported_keys_bypass_is_said() {
    let world = World::new();
    let config = "profile = \"team-prod\"\n[profiles.\"*prod*\"]\nread_only = true\n";
    let said = ["[profiles.\"*prod*\"]", "AWS_ACCESS_KEY_ID", "team-prod"];
    let done = setup(&world, config, &["--apply"], &[]);
    assert_eq!(done.code, 0, "{done:?}");
    done.said(&said);
    let by_variable = [("AWS_PROFILE", Some("team-prod"))];
    let rules = "[profiles.\"*prod*\"]\nread_only = true\n";
    setup(&world, rules, &["--apply"], &by_variable).said(&said);
    // Where the profile signs, its rule holds.
    setup(&world, config, &["--apply"], &NO_KEYS).refused(&["for profile team-prod"]);
}
