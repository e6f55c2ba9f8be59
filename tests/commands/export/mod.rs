//! `export`: a tool for each format reads or runs the result.

mod cdk;
mod cloudformation;
pub mod script;
mod terraform;

use std::path::PathBuf;
use std::process::Command;

use cognitui::sandbox::state::{Pool, ResourceServer, Scope};
use serde_json::{Value, json};

use crate::world::{STAGING, World, ran, read};

const PROD: &str = "acme-platform-prod";
/// Its clients use `GetClientToken`, and it has no domain.
const DEVICES: &str = "iot-device-gateway";
/// It has the updated issuer.
const EMPLOYEES: &str = "employee-sso";
/// A pool whose names and descriptions need escaping in every language.
const STRANGE: &str = "9 lives\nof = @x";

/// Texts that break a literal in some language.
const TEXTS: [&str; 48] = [
    "\"",
    "\\",
    "\\\"",
    "\\n",
    "a\nb\tc\rd",
    "${x}",
    "$${x}",
    "$$${x}",
    "%{if x}",
    "$",
    "%",
    "'",
    "''",
    "'\\''",
    "`id`",
    "$(id)",
    "!x",
    "#",
    "a #b",
    ": ",
    "a: b",
    "- a",
    "*a",
    "&a",
    "!Ref a",
    "~",
    "true",
    "No",
    "null",
    "1e3",
    "0o7",
    "2001-01-01",
    "[a]",
    "{a}",
    "\u{7}\u{1b}[2J",
    "\u{202e}x",
    "é",
    "e\u{301}",
    "日本",
    "😀",
    "\u{e0001}",
    "\u{feff}",
    " a",
    "a ",
    "//",
    "*/",
    "\\u0041",
    "\u{85}\u{2028}",
];

/// Two texts in which python-hcl2 reads on to the next brace, but Terraform does not.
const UNCLOSED: [&str; 2] = ["%%{", "${"];

/// Returns the path of a program beside the Python that `./tests/run` installed.
fn beside_python(program: &str) -> PathBuf {
    PathBuf::from(installed("COGNITUI_PYTHON")).with_file_name(program)
}

/// Returns a path that `./tests/run` set.
fn installed(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run ./tests/run, which installs what this test needs and sets it")
    })
}

/// Runs a script of tests/exports on a file, and returns the JSON that it prints.
pub fn by_python(script: &str, file: &str) -> Value {
    let script = format!("{}/tests/exports/{script}", env!("CARGO_MANIFEST_DIR"));
    let ran = ran(Command::new(installed("COGNITUI_PYTHON")).args([&script, file]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

/// Exports to a file of the world, and returns its path.
fn export(world: &World, format: &str, pool: &str, client: Option<&str>) -> String {
    let name = format!(
        "{}-{}.{format}",
        pool.replace(|c: char| !c.is_ascii_alphanumeric(), "_"),
        client.unwrap_or("pool")
    );
    let path = world.home.path().join(name).display().to_string();
    let mut args = vec!["export", "--pool", pool, "--as", format, "--out", &path];
    args.extend(client.iter().flat_map(|client| ["--client", client]));
    let ran = world.run(&args);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    path
}

/// Returns the sandbox's pool with this name.
fn pool(world: &World, name: &str) -> Pool {
    let state = world.sandbox.state();
    state
        .pools
        .values()
        .find(|pool| pool.name == name)
        .unwrap()
        .clone()
}

/// Returns a world with an additional pool of strange names.
fn strange_world() -> World {
    world_of(&[&TEXTS[..], &UNCLOSED[..]].concat())
}

/// Returns a world with an additional pool whose scopes have these descriptions.
fn world_of(texts: &[&str]) -> World {
    let world = World::new();
    let mut strange = pool(&world, PROD);
    "eu-west-1_Str4nge0P".clone_into(&mut strange.id);
    STRANGE.clone_into(&mut strange.name);
    strange.tags = [("1: =", "a"), ("team:Ω=@ x/y", "a 'b' \"c\" ${d} \\")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let scopes = texts.iter().enumerate().map(|(number, text)| Scope {
        scope_name: format!("${{s}}'{number}"),
        scope_description: (*text).to_owned(),
    });
    strange.servers = vec![ResourceServer {
        identifier: "$(id)'%{y}`#/1".to_owned(),
        name: "1 = @".to_owned(),
        scopes: scopes.collect(),
        managed_by: None,
    }];
    strange.clients.truncate(3);
    for (client, name) in strange.clients.iter_mut().zip(["a-b", "a.b", "1 +\n="]) {
        client.id = format!("{}x", client.id);
        name.clone_into(&mut client.name);
        client.settings["AllowedOAuthScopes"] =
            json!(["$(id)'%{y}`#/1/${s}'0", "$(id)'%{y}`#/1/${s}'41"]);
    }
    world
        .sandbox
        .edit(|state| drop(state.pools.insert(strange.id.clone(), strange)));
    world
}

/// Returns the settings of a client as in an export: without undefined scopes, and with Cognito's default lifetime written out.
fn kept(pool: &Pool, name: &str) -> Value {
    let client = pool.clients.iter().find(|client| client.name == name);
    let mut settings = client.unwrap().settings.clone();
    if let Some(Value::Array(scopes)) = settings.get_mut("AllowedOAuthScopes") {
        scopes.retain(|scope| pool.defines(scope.as_str().unwrap()));
    }
    let defaults = [
        ("AccessToken", 1, "hours"),
        ("IdToken", 1, "hours"),
        ("RefreshToken", 30, "days"),
    ];
    let mut units = json!(settings.get("TokenValidityUnits"));
    for (token, value, unit) in defaults {
        let validity = settings.entry(format!("{token}Validity"));
        validity.or_insert(json!(value));
        if units.get(token).is_none() {
            units[token] = json!(unit);
        }
    }
    settings.insert("TokenValidityUnits".to_owned(), units);
    Value::Object(settings)
}

#[test]
fn no_export_has_a_secret_in_it() {
    let world = World::new();
    let state = world.sandbox.state();
    let secrets: Vec<&str> = state
        .pools
        .values()
        .flat_map(|pool| &pool.clients)
        .flat_map(|client| &client.secrets)
        .map(|secret| secret.value.as_str())
        .collect();
    assert!(secrets.len() > 50);
    for format in ["terraform", "cloudformation", "cdk", "cli"] {
        for (pool, client) in [(PROD, None), (STAGING, None), (PROD, Some("checkout"))] {
            let text = read(export(&world, format, pool, client).as_ref());
            assert!(text.contains("checkout") || pool == STAGING, "{text}");
            let found = secrets.iter().find(|secret| text.contains(**secret));
            assert_eq!(found, None, "{format} of {pool}");
        }
    }
}

#[test]
fn what_is_left_out_is_told() {
    let world = World::new();
    let ran = world.run(&["export", "--pool", STAGING, "--as", "cloudformation"]);
    assert_eq!(ran.code, 0);
    let remarks = [
        "not for machines are left out: batch-client-credentials",
        "app client invoice-sync that no resource server defines any more are left out: billing/refunds.write",
    ];
    ran.said(&remarks);
    for remark in remarks {
        assert!(ran.out.contains(remark), "the code itself says so, too");
    }
    assert!(!ran.out.contains("- billing/refunds.write"), "{}", ran.out);
    let whole = [
        "export",
        "--pool",
        STAGING,
        "--as",
        "cloudformation",
        "--json",
    ];
    let json = world.run(&whole).json();
    assert_eq!(json["format"], "cloudformation");
    assert_eq!(json["code"], ran.out);
    for remark in remarks {
        let told = json["left_out"].as_array().unwrap();
        assert!(
            told.iter()
                .any(|line| line.as_str().unwrap().contains(remark))
        );
    }
}

#[test]
fn a_template_that_no_stack_can_hold_says_so() {
    let world = World::new();
    let args = [
        "export",
        "--pool",
        "partner-api-prod",
        "--as",
        "cloudformation",
    ];
    let ran = world.run(&args);
    assert_eq!(ran.code, 0);
    ran.said(&["301 outputs", "at most 200", "2 further stacks"]);
    let json = world.run(&[&args[..], &["--json"]].concat()).json();
    assert!(json["limits"][0].as_str().unwrap().contains("301 outputs"));
    let fits = world.run(&["export", "--pool", STAGING, "--as", "cloudformation"]);
    assert!(!fits.err.contains("outputs"), "{}", fits.err);
}

#[test]
fn a_file_that_is_there_is_not_written_over() {
    let world = World::new();
    let path = world.file("mine.tf", "# by hand");
    let args = [
        "export",
        "--pool",
        STAGING,
        "--as",
        "terraform",
        "--out",
        &path,
    ];
    let ran = world.run(&args);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    ran.said(&["cannot write", "mine.tf", "another --out FILE"]);
    assert_eq!(read(path.as_ref()), "# by hand");
}

#[test]
fn nothing_in_an_export_is_a_command_to_a_terminal() {
    let world = strange_world();
    for format in ["terraform", "cloudformation", "cdk", "cli"] {
        let text = read(export(&world, format, STRANGE, None).as_ref());
        let hidden = text
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202e}' | '\u{2028}'));
        assert_eq!(hidden, None, "{format}");
    }
}
