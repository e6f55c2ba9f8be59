//! `decode`, `doctor` and who issues tokens judge a scope alike: each cell of token, client and definition.

use serde_json::{Value, json};

use crate::world::{STAGING, World};

const SCOPE: &str = "orders/write";

/// The client's scopes and the pool's definitions.
fn arrange(world: &World, listed: bool, defined: bool) {
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == STAGING).unwrap();
        let client = pool.clients.iter_mut().find(|one| one.name == "storefront");
        let scopes = if listed {
            json!(["orders/read", SCOPE])
        } else {
            json!(["orders/read"])
        };
        let settings = &mut client.unwrap().settings;
        settings.insert("AllowedOAuthScopes".to_owned(), scopes);
        let server = pool
            .servers
            .iter_mut()
            .find(|one| one.identifier == "orders");
        let scopes = &mut server.unwrap().scopes;
        let mut write = scopes[0].clone();
        scopes.retain(|scope| scope.scope_name != "write");
        if defined {
            "write".clone_into(&mut write.scope_name);
            scopes.push(write);
        }
    });
}

fn token(world: &World) -> String {
    let args = ["token", "--pool", STAGING, "--client", "storefront"];
    world.run(&args).out.trim_end().to_owned()
}

fn decoded(world: &World, token: &str) -> Value {
    let ran = world.feed(&["decode", "--verify", "--json"], token);
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn every_cell_has_one_verdict() {
    let world = World::new();
    for in_token in [true, false] {
        for (listed, defined) in [(true, true), (true, false), (false, true), (false, false)] {
            let cell = format!("token {in_token}, client {listed}, defined {defined}");
            arrange(&world, in_token, true);
            let token_before = token(&world);
            arrange(&world, listed, defined);
            let judged = decoded(&world, &token_before);
            let states = judged["scopes"].as_array().unwrap();
            let state = states.iter().find(|one| one["scope"] == SCOPE);
            let state = state.map_or("none", |one| one["state"].as_str().unwrap());
            // Who issues tokens.
            let new = decoded(&world, &token(&world));
            let scopes = new["claims"]["scope"].as_str().unwrap();
            let renewed = scopes.split(' ').any(|scope| scope == SCOPE);
            assert_eq!(renewed, listed && defined, "{cell}");
            assert_eq!(
                ["carried", "left_out"].contains(&state),
                renewed,
                "{cell}: {state}"
            );
            let carried = ["carried", "removed", "deleted"].contains(&state);
            assert_eq!(carried, in_token, "{cell}: {state}");
            // The doctor.
            let args = [
                "doctor",
                "--pool",
                STAGING,
                "--client",
                "storefront",
                "--json",
            ];
            let inactive = world.run(&args).out.contains("\"inactive-scopes\"");
            assert_eq!(inactive, listed && !defined, "{cell}");
            let in_order = state == "carried" || state == "none";
            assert_eq!(
                judged["verdict"]["fix"].is_null(),
                in_order,
                "{cell}: {judged}"
            );
            let answer = judged["verdict"]["summary"].as_str().unwrap();
            assert_eq!(answer.contains(SCOPE), state != "none", "{cell}: {answer}");
        }
    }
}
