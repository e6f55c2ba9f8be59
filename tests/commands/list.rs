//! `list`.

use std::process::Stdio;

use serde_json::Value;

use crate::world::{STAGING, World};

fn rows(json_lines: &str) -> Vec<Value> {
    json_lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn pools_are_a_table_whose_columns_stand_in_line() {
    let world = World::new();
    let out = world.run(&["list", "pools"]).answer();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 1 + world.sandbox.state().pools.len());
    let at = lines[0].find("NAME").unwrap();
    for line in &lines[1..] {
        assert!(
            line.is_char_boundary(at) && line[..at].ends_with("  "),
            "{line}"
        );
        assert!(!line[at..].starts_with(' '), "{line}");
    }
    assert!(!out.contains('\x1b'), "no styling in a pipe");
}

#[test]
fn clients_are_listed_to_the_last_page_and_uncut() {
    let world = World::new();
    let json = world
        .run(&["list", "clients", "--pool", "partner-api", "--json"])
        .answer();
    let rows = rows(&json);
    assert_eq!(rows.len(), 300);
    assert_eq!(rows[0]["pool_id"], "eu-west-1_Partn3rsK");
    let table = world
        .run(&["list", "clients", "--pool", "partner-api"])
        .answer();
    for row in rows {
        for field in ["id", "name"] {
            assert!(table.contains(row[field].as_str().unwrap()), "{row}");
        }
    }
}

#[test]
fn servers_scopes_and_domains_have_the_documented_fields() {
    let world = World::new();
    let first = |what| {
        let args = ["list", what, "--pool", "acme-platform-prod", "--json"];
        rows(&world.run(&args).answer())[0].clone()
    };
    let help = world.run(&["list", "--help"]).answer();
    let documented = |what: &str| {
        let (_, after) = help.split_once("With --json each row").unwrap();
        let (_, after) = after.split_once(&format!("\n  {what} ")).unwrap();
        let lines = after.split("\n  ").take_while({
            let mut first = true;
            move |line| std::mem::take(&mut first) || line.starts_with(' ')
        });
        lines.collect::<String>()
    };
    let fields_of = |what: &str, row: &Value| -> Vec<String> {
        let names = row.as_object().unwrap().keys().cloned();
        // Every row has it, and it is told once.
        let fields: Vec<String> = names.filter(|name| name != "identity").collect();
        assert!(
            help.contains("Every row has\nidentity: {profile, account,"),
            "{help}"
        );
        let said = documented(what);
        for field in &fields {
            assert!(said.contains(field), "{field} is not in {said:?}");
        }
        fields
    };
    let server = first("servers");
    assert_eq!(
        fields_of("servers", &server),
        [
            "identifier",
            "managed_by",
            "name",
            "other",
            "pool_id",
            "scopes"
        ]
    );
    assert_eq!(
        fields_of("clients", &first("clients")),
        ["client_type", "id", "name", "other", "pool_id", "secret"]
    );
    assert_eq!(server["scopes"][0], "billing/export");
    let scope = first("scopes");
    assert_eq!(
        fields_of("scopes", &scope),
        [
            "clients",
            "description",
            "identifier",
            "name",
            "pool_id",
            "scope"
        ]
    );
    assert_eq!(scope["scope"], "billing/export");
    let domain = first("domains");
    assert_eq!(
        fields_of("domains", &domain),
        [
            "asked_here",
            "certificate_arn",
            "cloudfront",
            "custom",
            "domain",
            "failover_region",
            "managed_login_version",
            "other",
            "pool_id",
            "security_policy",
            "status",
            "token_endpoint"
        ]
    );
    assert_eq!(domain["domain"], "acme-platform-prod");
    assert_eq!(domain["custom"], false);
    let asked = format!("{}/oauth2/token", world.sandbox.url());
    let own = "https://acme-platform-prod.auth.eu-west-1.amazoncognito.com/oauth2/token";
    assert_eq!(domain["token_endpoint"], own);
    assert_eq!(domain["asked_here"], asked);
    let table = world
        .run(&["list", "domains", "--pool", "acme-platform-prod"])
        .answer();
    assert!(
        table.contains("ASKED HERE") && table.contains(own) && table.contains(&asked),
        "{table}"
    );
    let pool = rows(&world.run(&["list", "pools", "--json"]).answer())[0].clone();
    assert_eq!(
        fields_of("pools", &pool),
        ["created", "id", "modified", "name"]
    );
    assert!(pool["created"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn scopes_say_which_clients_hold_them_when_asked() {
    let world = World::new();
    let args = ["list", "scopes", "--pool", "ci-runners", "--clients"];
    let table = world.run(&args).answer();
    let line = |scope: &str| table.lines().find(|line| line.starts_with(scope)).unwrap();
    assert!(line("artifacts/pull").ends_with("1: build-farm"), "{table}");
    let push = line("artifacts/push");
    assert!(push.contains("  2: "), "{table}");
    assert!(
        push.contains("build-farm") && push.contains("release-bot"),
        "{table}"
    );
    let held = rows(&world.run(&[&args[..], &["--json"]].concat()).answer());
    assert_eq!(held[0]["clients"][0]["name"], "build-farm");
    let unasked = rows(
        &world
            .run(&["list", "scopes", "--pool", "ci-runners", "--json"])
            .answer(),
    );
    assert!(unasked[0]["clients"].is_null());
    let nobody = world
        .run(&["list", "scopes", "--pool", STAGING, "--clients"])
        .answer();
    assert!(
        nobody.lines().all(|line| !line.ends_with("0: ")),
        "{nobody}"
    );
    world
        .run(&["list", "servers", "--clients"])
        .misused(&["--clients applies to scopes"]);
}

#[test]
fn without_a_pool_all_pools_are_walked_through() {
    let world = World::new();
    let state = world.sandbox.state();
    let clients: usize = state.pools.values().map(|pool| pool.clients.len()).sum();
    let all = world.run(&["list", "clients", "--json"]).answer();
    assert_eq!(all.lines().count(), clients);
    let table = world.run(&["list", "domains"]).answer();
    assert!(table.starts_with("POOL "), "{table}");
    assert_eq!(table.lines().count(), 1 + state.domains.len());
    let one = world.run(&["list", "domains", "--pool", STAGING]).answer();
    assert!(one.starts_with("DOMAIN "), "{one}");
}

#[test]
fn an_empty_list_says_so_to_people_alone() {
    let world = World::new();
    let args = ["list", "servers", "--pool", "team06dbb7fc"];
    let table = world.run(&args);
    assert_eq!((table.code, table.out.as_str()), (0, ""));
    table.said(&["no resource servers"]);
    assert_eq!(world.run(&[&args[..], &["--json"]].concat()).answer(), "");
}

#[test]
fn names_from_outside_reach_no_terminal_as_commands() {
    let world = World::new();
    let name = "a\x1b]0;owned\x07\u{202e}b\nc";
    world.sandbox.edit(|state| {
        let pool = state.pools.get_mut("eu-west-1_sT7eAm06d").unwrap();
        pool.name = name.to_owned();
    });
    let table = world.run(&["list", "pools"]).answer();
    assert!(table.contains("a␛]0;owned␇⟨U+202E⟩b␊c"), "{table}");
    assert!(!table.contains(['\x1b', '\x07', '\u{202e}']));
    let json = world.run(&["list", "pools", "--json"]).answer();
    assert!(rows(&json).iter().any(|row| row["name"] == name));
    assert!(!json.contains('\x1b'));
    let refused = world.run(&["list", "clients", "--pool", "no\x1b[2Jsuch"]);
    assert!(!refused.err.contains('\x1b'), "{}", refused.err);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = World::new();
    let mut child = world
        .command(&["list", "clients", "--pool", "partner-api"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

#[test]
fn the_matrix_says_of_each_client_what_each_scope_is_worth() {
    let world = World::new();
    let matrix = |more: &[&str]| {
        let args = [&["list", "matrix", "--pool", STAGING], more].concat();
        world.run(&args).answer()
    };
    let rows = rows(&matrix(&["--json"]));
    let state = world.sandbox.state();
    let pool = state
        .pools
        .values()
        .find(|pool| pool.name == STAGING)
        .unwrap();
    assert_eq!(rows.len(), pool.clients.len());
    for client in &pool.clients {
        let row = rows.iter().find(|row| row["client_id"] == client.id);
        let row = row.unwrap_or_else(|| panic!("no row of {}", client.name));
        let listed = client.settings.get("AllowedOAuthScopes");
        let listed: Vec<&str> = listed
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let scopes = row["scopes"].as_object().unwrap();
        for server in &pool.servers {
            for scope in &server.scopes {
                let name = format!("{}/{}", server.identifier, scope.scope_name);
                let expected = if listed.contains(&name.as_str()) {
                    "allowed"
                } else {
                    "not_allowed"
                };
                assert_eq!(scopes[&name], expected, "{name} of {}", client.name);
            }
        }
    }
    assert!(matrix(&["--json"]).contains("\"inactive\""));
    let csv = matrix(&["--csv"]);
    assert!(csv.starts_with("client_id,name,allowed,inactive,"), "{csv}");
    assert_eq!(csv.lines().count(), rows.len() + 2);
    let table = matrix(&[]);
    assert!(table.starts_with("CLIENT ID "), "{table}");
    world
        .run(&["list", "matrix", "--csv"])
        .misused(&["--csv needs matrix and --pool"]);
}

#[test]
fn a_matrix_of_clients_that_may_not_be_described_names_them_and_fails() {
    let world = World::new();
    world.fault("DescribeUserPoolClient:access-denied");
    let args = ["list", "matrix", "--pool", STAGING];
    let table = world.run(&args);
    assert_eq!(table.code, 1, "{table:?}");
    table.said(&["skipped: app clients", "cognitui"]);
    assert_eq!(table.err.matches("skipped").count(), 1, "{}", table.err);
    let listed = world.sandbox.state().pools["eu-west-1_St4g1ngQ7"]
        .clients
        .len();
    let marked = table
        .out
        .lines()
        .filter(|line| line.contains("(not readable)"));
    assert_eq!(marked.count(), listed, "{}", table.out);
    let json = world.run(&[&args[..], &["--json"]].concat());
    assert_eq!(json.code, 1);
    let clients = rows(&json.out);
    assert_eq!(clients.len(), listed);
    for row in clients {
        assert!(row["name"].is_string() && row["scopes"].is_null(), "{row}");
    }
    let csv = world.run(&[&args[..], &["--csv"]].concat());
    assert_eq!(csv.code, 1);
    assert!(csv.out.contains(",unread,unread"), "{}", csv.out);
    assert!(!csv.out.contains("not_allowed"), "{}", csv.out);
    // What is true of one client of a pool is true of all: they are not all asked for.
    let calls = world.sandbox.calls();
    let described = calls
        .iter()
        .filter(|call| *call == "DescribeUserPoolClient");
    assert!(described.count() <= 3 * 8);
    // Any other failure is one of the whole answer.
    world.fault("DescribeUserPoolClient:unrecognized");
    world
        .run(&args)
        .refused_as(5, &["AWS rejects the credentials"]);
}
