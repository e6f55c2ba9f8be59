//! `setup --destroy`: deletes what the preset created, keeps what others use or what may have existed before.

use serde_json::json;

use crate::presets::{LIVES, Life, steps};
use crate::world::{Ran, World};

const PLAIN: &Life = &LIVES[4];

/// Creates another app client in the pool with the same preset: it has the same scope.
fn other(world: &World, life: &Life) {
    life.code(world, &["--set", "client=other", "--apply"], 0);
}

fn says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.out.contains(word), "no {word:?} in {}", ran.out);
    }
}

#[test]
fn taken_down_nothing_of_it_is_left_and_all_else_is() {
    for life in LIVES {
        let world = World::new();
        let before = life.shape(&world);
        life.code(&world, &["--apply"], 0);
        let made = life.shape(&world);
        let name = life.pool.unwrap_or(life.client);
        let plan = life.code(&world, &["--destroy"], 2);
        says(&plan, &[&format!("--yes '{name}'")]);
        let wrong = life.run(&world, &["--destroy", "--yes", "something-else"]);
        wrong.refused(&["not confirmed", "Nothing was taken down"]);
        assert_eq!(life.shape(&world), made);
        life.code(&world, &["--destroy", "--yes", name], 0);
        assert_eq!(life.shape(&world), before, "{}", life.preset);
        let again = life.code(&world, &["--destroy"], 0);
        says(&again, &["No changes."]);
    }
}

#[test]
fn a_domain_that_was_there_before_is_not_taken_from_those_who_use_it() {
    let world = World::new();
    let pool = world.sandbox.state().pools["eu-west-1_sT7eAm06d"].clone();
    let domains = world.sandbox.state().domains;
    let (domain, _) = domains.iter().find(|(_, of)| of.pool == pool.id).unwrap();
    let (there, users) = (format!("domain={domain}"), &pool.clients);
    let run = |more: &[&str]| {
        let args = ["setup", "plain", "--pool", &pool.id, "--set", &there];
        world.run(&[&args[..], more].concat())
    };
    // The set-up found the pool and its domain there.
    let made = run(&["--apply"]);
    assert_eq!(made.code, 0, "{made:?}");
    says(&made, &[&format!("= Domain {domain} exists")]);
    let plan = run(&["--destroy"]);
    assert_eq!(plan.code, 2, "{plan:?}");
    says(
        &plan,
        &[
            "- Delete app client m2m-client",
            &format!(
                "= Domain {domain} is kept: the pool has {} other app clients",
                users.len()
            ),
            &users[0].name,
            "--with domain to take them down",
        ],
    );
    let done = run(&["--destroy", "--yes", "m2m-client"]);
    assert_eq!(done.code, 0, "{done:?}");
    let state = world.sandbox.state();
    assert!(state.domains.contains_key(domain));
    assert_eq!(state.pools[&pool.id].clients.len(), users.len());
    assert_eq!(run(&["--destroy"]).code, 0);
    // Asked for, it goes, and who loses it is named.
    let plan = run(&["--destroy", "--with", "domain"]);
    assert_eq!(plan.code, 2);
    says(
        &plan,
        &[
            "- Delete domain",
            "Deletes the token endpoint of",
            &users[0].name,
        ],
    );
    let done = run(&["--destroy", "--with", "domain", "--yes", domain]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(!world.sandbox.state().domains.contains_key(domain));
    run(&["--destroy", "--with", "pool"]).misused(&["not the preset's"]);
}

#[test]
fn a_pool_that_others_use_stays_with_what_they_use() {
    let world = World::new();
    PLAIN.code(&world, &["--apply"], 0);
    other(&world, PLAIN);
    let plan = PLAIN.code(&world, &["--destroy"], 2);
    says(
        &plan,
        &[
            "- Delete app client m2m-client",
            "= Domain acme-plain is kept: the pool has 1 other app client: other",
            "= Resource server https://api.example.com is kept: its scopes are used by other (https://api.example.com/read)",
            "= User pool m2m is kept: it has 1 other app client: other",
            "--yes 'm2m-client'",
            "--with domain,scopes,pool to take them down",
        ],
    );
    let json = PLAIN.code(&world, &["--destroy", "--json"], 2).json();
    let states: Vec<_> = json["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["state"].clone())
        .collect();
    assert_eq!(states, ["pending", "present", "present", "present"]);
    // Nobody takes the pool by its name alone.
    PLAIN
        .run(&world, &["--destroy", "--yes", "m2m"])
        .refused(&["not confirmed"]);
    PLAIN.code(&world, &["--destroy", "--yes", "m2m-client"], 0);
    let state = world.sandbox.state();
    let pool = PLAIN.find(&state).unwrap();
    let names: Vec<&str> = pool
        .clients
        .iter()
        .map(|client| client.name.as_str())
        .collect();
    assert_eq!(names, ["other"]);
    assert_eq!(pool.servers[0].scopes.len(), 1);
    assert!(state.domains.contains_key("acme-plain"));
    // What the other needs for its tokens is all there.
    let token = ["token", "--pool", "m2m", "--client", "other"];
    assert_eq!(world.run(&token).code, 0);
}

#[test]
fn a_pool_that_was_there_before_stays() {
    for (what, change) in [
        (
            "deletion protection",
            (|pool| {
                let protected = json!("ACTIVE");
                pool.settings
                    .insert("DeletionProtection".to_owned(), protected);
            }) as fn(&mut cognitui::sandbox::state::Pool),
        ),
        ("other scopes in orders", |pool| {
            let mut server = pool.servers[0].clone();
            "orders".clone_into(&mut server.identifier);
            pool.servers.push(server);
        }),
    ] {
        let world = World::new();
        PLAIN.code(&world, &["--apply"], 0);
        PLAIN.edit(&world, change);
        let plan = PLAIN.code(&world, &["--destroy"], 2);
        says(&plan, &[&format!("= User pool m2m is kept: it has {what}")]);
        PLAIN.code(&world, &["--destroy", "--yes", "m2m-client"], 0);
        let state = world.sandbox.state();
        let pool = PLAIN.find(&state).unwrap();
        assert!(pool.clients.is_empty());
        // Gone on with, it takes nothing that it left before.
        PLAIN.code(&world, &["--destroy"], 0);
    }
}

#[test]
fn asked_for_the_pool_goes_unprotected_first_and_who_loses_what_is_named() {
    let world = World::new();
    PLAIN.code(&world, &["--apply"], 0);
    other(&world, PLAIN);
    PLAIN.edit(&world, |pool| {
        pool.settings
            .insert("DeletionProtection".to_owned(), json!("ACTIVE"));
    });
    let all = ["--destroy", "--with", "pool"];
    let plan = PLAIN.code(&world, &all, 2);
    says(
        &plan,
        &[
            "~ Switch deletion protection of user pool m2m off",
            "DeletionProtection ACTIVE -> INACTIVE",
            "other (https://api.example.com/read)",
            "Deletes the token endpoint of 1 app client: other",
            "- Delete user pool m2m",
        ],
    );
    let yes = [&all[..], &["--yes", "m2m"]].concat();
    world.fault("DeleteUserPoolDomain:access-denied");
    PLAIN.code(&world, &yes, 5);
    world.fault("");
    PLAIN.code(&world, &yes, 0);
    assert!(PLAIN.find(&world.sandbox.state()).is_none());
}

#[test]
fn cut_at_every_step_the_rest_is_taken_down_by_the_next_run() {
    for life in [&LIVES[1], &LIVES[5]] {
        let whole = World::new();
        let before = life.shape(&whole);
        let name = life.pool.unwrap_or(life.client);
        life.code(&whole, &["--apply"], 0);
        for step in steps(&life.code(&whole, &["--destroy", "--json"], 2)) {
            let operation = step["operation"].as_str().unwrap();
            for fault in ["access-denied", "cut*1", "html*1"] {
                let world = World::new();
                life.code(&world, &["--apply"], 0);
                world.fault(&format!("{operation}:{fault}"));
                let cut = life.run(&world, &["--destroy", "--yes", name]);
                world.fault("");
                // Where only the answer was lost, what is gone is no failure.
                let code = match fault {
                    "cut*1" => 0,
                    "access-denied" => 5,
                    _ => 1,
                };
                assert_eq!(cut.code, code, "{operation} {fault}: {cut:?}");
                let rest = life.run(&world, &["--destroy"]);
                if rest.code == 2 {
                    let left: String = rest
                        .out
                        .rsplit("--yes '")
                        .next()
                        .unwrap()
                        .chars()
                        .take_while(|c| *c != '\'')
                        .collect();
                    life.code(&world, &["--destroy", "--yes", &left], 0);
                }
                assert_eq!(life.shape(&world), before, "{operation} {fault}");
            }
        }
    }
}
