//! The whole life of each preset: planned, created, planned again, broken by hand, fixed, interrupted at every step, taken down.

use cognitui::sandbox::state::{Client, Pool, State};
use serde_json::{Value, json};

use crate::world::{Ran, TEAM, World};

/// A preset, its answers, and the resulting name of the pool; `None` for TEAM's pool.
pub struct Life {
    pub preset: &'static str,
    pub answers: &'static [&'static str],
    pub pool: Option<&'static str>,
    pub client: &'static str,
    pub domain: Option<&'static str>,
}

pub const LIVES: [Life; 6] = [
    Life {
        preset: "team",
        answers: &[],
        pool: None,
        client: "machine_auth",
        domain: None,
    },
    Life {
        preset: "read-write",
        answers: &["--set", "domain_prefix=acme-rw"],
        pool: Some("m2m-dev"),
        client: "m2m-client-dev",
        domain: Some("acme-rw-dev"),
    },
    Life {
        preset: "m2m-client",
        answers: &["--set", "prefix=acme", "--set", "env=test"],
        pool: Some("test-machine-to-machine-user-pool"),
        client: "dealwise-client",
        domain: Some("acme-test-auth"),
    },
    Life {
        preset: "api-gateway",
        answers: &["--set", "domain=acme-oauth"],
        pool: Some("OauthUserPool"),
        client: "OauthClient",
        domain: Some("acme-oauth"),
    },
    Life {
        preset: "plain",
        answers: &[
            "--set",
            "domain=acme-plain",
            "--set",
            "identifier=https://api.example.com",
            "--set",
            "description=It's `all` that is",
        ],
        pool: Some("m2m"),
        client: "m2m-client",
        domain: Some("acme-plain"),
    },
    Life {
        preset: "no-domain",
        answers: &["--pool", TEAM],
        pool: None,
        client: "m2m-client",
        domain: None,
    },
];

impl Life {
    pub fn run(&self, world: &World, more: &[&str]) -> Ran {
        world.run(&[&["setup", self.preset], self.answers, more].concat())
    }

    pub fn code(&self, world: &World, more: &[&str], code: i32) -> Ran {
        let ran = self.run(world, more);
        assert_eq!(ran.code, code, "{} {more:?}: {ran:?}", self.preset);
        ran
    }

    pub fn find<'a>(&self, state: &'a State) -> Option<&'a Pool> {
        match self.pool {
            None => state.pools.get(TEAM),
            Some(name) => state.pools.values().find(|pool| pool.name == name),
        }
    }

    /// Changes the resources without the program.
    pub fn edit(&self, world: &World, change: impl FnOnce(&mut Pool)) {
        let id = self.find(&world.sandbox.state()).unwrap().id.clone();
        world
            .sandbox
            .edit(|state| change(state.pools.get_mut(&id).unwrap()));
    }

    pub fn client(&self, world: &World) -> Client {
        let state = world.sandbox.state();
        let clients = &self.find(&state).unwrap().clients;
        let mut named = clients.iter().filter(|client| client.name == self.client);
        let client = named
            .next()
            .unwrap_or_else(|| panic!("{} has no client", self.preset));
        assert!(named.next().is_none(), "{} has two", self.preset);
        client.clone()
    }

    /// Returns the resources without ids, secrets and dates.
    pub fn shape(&self, world: &World) -> Value {
        let state = world.sandbox.state();
        let pool = self.find(&state);
        let domains: Vec<_> = state
            .domains
            .iter()
            .filter(|(_, domain)| pool.is_some_and(|pool| domain.pool == pool.id))
            .map(|(name, domain)| (name.clone(), domain.managed_login_version))
            .collect();
        let clients = pool.iter().flat_map(|pool| &pool.clients);
        let mut clients: Vec<Value> = clients
            .map(|client| json!([client.name, client.settings, client.secrets.len()]))
            .collect();
        clients.sort_by_key(ToString::to_string);
        json!({
            "pool": pool.map(|pool| json!([pool.name, pool.settings, pool.tags])),
            "servers": pool.map(|pool| json!(pool.servers)),
            "clients": clients,
            "domains": domains,
            "pools": state.pools.len(),
        })
    }
}

pub fn steps(ran: &Ran) -> Vec<Value> {
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    let steps = json["steps"].as_array().unwrap();
    steps
        .iter()
        .filter(|step| step["state"] != "present")
        .cloned()
        .collect()
}

#[test]
fn planned_made_and_planned_again() {
    for life in LIVES {
        let world = World::new();
        let before = life.shape(&world);
        let plan = life.code(&world, &["--json"], 2);
        assert_eq!(life.shape(&world), before);
        let made = life.code(&world, &["--apply"], 0);
        let client = life.client(&world);
        assert!(client.flag("AllowedOAuthFlowsUserPoolClient"));
        assert_eq!(client.secrets.len(), 1);
        assert!(made.out.contains(&client.id), "{}", made.out);
        assert!(!format!("{made:?}").contains(&client.secrets[0].value));
        let domains = world.sandbox.state().domains;
        assert!(
            life.domain
                .is_none_or(|domain| domains.contains_key(domain))
        );
        let told = made
            .err
            .lines()
            .filter(|line| line.contains("done: "))
            .count();
        assert_eq!(told, steps(&plan).len(), "{}", made.err);
        let shape = life.shape(&world);
        for again in [&[][..], &["--apply"], &["--json"]] {
            life.code(&world, again, 0);
        }
        assert_eq!(life.shape(&world), shape);
    }
}

#[test]
fn what_it_makes_gets_tokens() {
    for life in LIVES {
        let world = World::new();
        life.code(&world, &["--apply"], 0);
        let pool = life.find(&world.sandbox.state()).unwrap().id.clone();
        if life.preset == "no-domain" {
            let client = life.client(&world);
            assert_eq!(
                client.list("ExplicitAuthFlows"),
                ["ALLOW_CLIENT_TOKEN_AUTH"]
            );
            continue;
        }
        let claims = world.run(&[
            "token",
            "--pool",
            &pool,
            "--client",
            life.client,
            "--claims",
            "--json",
        ]);
        assert_eq!(claims.code, 0, "{}: {claims:?}", life.preset);
        let scopes = life.client(&world).list("AllowedOAuthScopes").join(" ");
        assert_eq!(claims.json()["claims"]["scope"], scopes, "{}", life.preset);
    }
}

#[test]
fn broken_by_hand_it_is_mended() {
    for life in LIVES {
        let world = World::new();
        life.code(&world, &["--apply"], 0);
        let good = life.shape(&world);
        let id = life.client(&world).id;
        life.edit(&world, |pool| {
            let client = pool
                .clients
                .iter_mut()
                .find(|client| client.id == id)
                .unwrap();
            client.settings["AllowedOAuthFlowsUserPoolClient"] = json!(false);
            let dropped = client.settings["AllowedOAuthScopes"]
                .as_array_mut()
                .unwrap()
                .remove(0);
            let (identifier, name) = dropped.as_str().unwrap().rsplit_once('/').unwrap();
            let server = pool
                .servers
                .iter_mut()
                .find(|server| server.identifier == identifier)
                .unwrap();
            server.scopes.retain(|scope| scope.scope_name != name);
        });
        if let Some(domain) = life.domain {
            world
                .sandbox
                .edit(|state| drop(state.domains.remove(domain)));
        }
        let plan = life.code(&world, &[], 2);
        for words in [
            "AllowedOAuthFlowsUserPoolClient false -> true",
            "~ Add scope",
            "AllowedOAuthScopes",
        ] {
            assert!(plan.out.contains(words), "no {words:?} in {}", plan.out);
        }
        life.code(&world, &["--apply"], 0);
        let mut mended = life.shape(&world);
        let mut good = good;
        // Scopes that were added again stand at the end.
        for shape in [&mut mended, &mut good] {
            for server in shape["servers"].as_array_mut().unwrap() {
                server["scopes"]
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(ToString::to_string);
            }
            for client in shape["clients"].as_array_mut().unwrap() {
                if let Some(scopes) = client[1]["AllowedOAuthScopes"].as_array_mut() {
                    scopes.sort_by_key(ToString::to_string);
                }
            }
        }
        assert_eq!(mended, good, "{}", life.preset);
        assert_eq!(
            life.client(&world).id,
            id,
            "{}: another client",
            life.preset
        );
    }
}

#[test]
fn cut_at_every_step_and_run_again_it_ends_the_same() {
    for life in LIVES {
        let whole = World::new();
        let operations: Vec<String> = steps(&life.code(&whole, &["--json"], 2))
            .iter()
            .map(|step| step["operation"].as_str().unwrap().to_owned())
            .collect();
        life.code(&whole, &["--apply"], 0);
        let wanted = life.shape(&whole);
        for (at, operation) in operations.iter().enumerate() {
            // Refused; done, with the answer lost on the way; not done, with no word of that.
            for fault in ["access-denied", "cut*1", "truncate*1", "html*1", "500*1"] {
                let world = World::new();
                world.fault(&format!("{operation}:{fault}"));
                let cut = life.run(&world, &["--apply", "--json"]);
                world.fault("");
                if ["cut*1", "truncate*1"].contains(&fault) {
                    // What was done is found done, and gone on from.
                    assert_eq!(cut.code, 0, "{} {operation} {fault}: {cut:?}", life.preset);
                    let id = life.client(&world).id;
                    assert_eq!(cut.json()["client_id"], id, "{operation} {fault}");
                } else if fault == "access-denied" {
                    assert_eq!(cut.code, 5, "{cut:?}");
                    let states: Vec<Value> = steps(&cut)
                        .iter()
                        .map(|step| step["state"].clone())
                        .collect();
                    for (step, state) in states.iter().enumerate() {
                        let expected = match step.cmp(&at) {
                            std::cmp::Ordering::Less => "done",
                            std::cmp::Ordering::Equal => "failed",
                            std::cmp::Ordering::Greater => "pending",
                        };
                        assert_eq!(state, expected, "{} {operation}: {states:?}", life.preset);
                    }
                }
                life.code(&world, &["--apply"], 0);
                assert_eq!(
                    life.shape(&world),
                    wanted,
                    "{} {operation} {fault}",
                    life.preset
                );
                assert_eq!(life.client(&world).secrets.len(), 1);
                life.code(&world, &[], 0);
            }
        }
    }
}

#[test]
fn the_commands_of_the_aws_cli_are_printed_and_hold_no_secret() {
    let world = World::new();
    let life = &LIVES[1];
    let commands = life.code(&world, &["--cli"], 2).out;
    for words in [
        "USER_POOL_ID=$(aws",
        "--user-pool-id \"$USER_POOL_ID\"",
        "--domain 'acme-rw-dev'",
        "--region 'eu-west-1'",
    ] {
        assert!(commands.contains(words), "no {words:?} in {commands}");
    }
    life.code(&world, &["--apply"], 0);
    let secret = life.client(&world).secrets[0].value.clone();
    let commands = life.code(&world, &["--destroy", "--cli"], 2).out;
    assert!(commands.contains("delete-user-pool"), "{commands}");
    assert!(!commands.contains(&secret));
}
