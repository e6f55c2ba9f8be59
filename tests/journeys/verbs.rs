//! The same keys on every row, page, cell and finding of one thing: each works on that thing, or says why it can't.

use crate::stage::{STAGING, STAGING_ID, Stage};

/// A client with findings.
const CLIENT: &str = "nightly-report";
/// A client without a secret.
const PUBLIC: &str = "batch-client-credentials";
const SCOPE: &str = "orders/read";

/// What a key of a thing leads to: words on the screen, with `{}` for the thing's name.
type Verb = (&'static str, &'static str);

const OF_CLIENT: &[Verb] = &[
    ("x", "secret hides in"),
    ("y", "Client secret"),
    ("t", "{} › token"),
    ("e", "Edit app client {}"),
    ("D", "Doctor: {}"),
    ("R", "Rotate {}"),
    ("u", "What {} can call"),
    ("E", "CloudFormation"),
    ("ctrl-d", "Delete app client "),
];

/// The places where a client is under the cursor, each with the keys that lead to it from the list of its pool, where the client is
/// the only row, and the keys of a client that mean something else there.
const CLIENT_PLACES: &[(&str, &str, &[&str])] = &[
    ("its row", "", &[]),
    ("its page", "enter", &[]),
    // There, `u` is about the scope of the column.
    ("its row of the scope map", "MAP", &["u"]),
    ("its row among those with a scope", "SCOPE", &[]),
    ("a finding about it", "FINDING", &[]),
    // The same screen is wider with the same key.
    ("its findings", "D", &["D"]),
    // It is the page of one token, and of its client.
    ("the page of its tokens", "t", &["t", "y"]),
    ("its token", "t enter H enter", &["y"]),
    // Only the secret that is added can be revealed.
    ("its rotation", "R", &["x", "R"]),
];

/// A console with the client under the cursor in one of the places.
async fn at(client: &str, way: &str) -> Stage {
    let mut stage = Stage::sized(140, 50).await;
    stage.pool(STAGING).await;
    match way {
        "MAP" => {
            stage.press("S /").await;
            stage.type_text(client).await;
            stage.press("enter").await;
        }
        "SCOPE" => {
            stage.press("/").await;
            stage.type_text(client).await;
            // The first scope that a machine has.
            stage.press("enter u enter /").await;
            stage.type_text(client).await;
            stage.press("enter").await;
        }
        "FINDING" => {
            stage.press("1 D /").await;
            stage.type_text(client).await;
            stage.press("enter").await;
        }
        way => {
            stage.press("/").await;
            stage.type_text(client).await;
            stage.press("enter").await;
            stage.press(way).await;
        }
    }
    stage
}

#[tokio::test]
async fn the_keys_of_a_client_are_the_same_wherever_it_is() {
    for (place, way, own) in CLIENT_PLACES {
        for (key, words) in OF_CLIENT.iter().filter(|(key, _)| !own.contains(key)) {
            let mut stage = at(CLIENT, way).await;
            stage.press(key).await;
            let words = words.replace("{}", CLIENT);
            assert!(
                stage.has(&words) && stage.has(CLIENT) || stage.has(&words) && *key == "y",
                "{key} on {place}: no {words:?}\n{}",
                stage.screen()
            );
        }
    }
}

#[tokio::test]
async fn a_key_of_a_client_is_refused_for_this_client() {
    for (place, way, own) in CLIENT_PLACES {
        // No token is issued to it, it has no rotation, and no scope.
        if ["SCOPE", "R"].contains(way) || way.starts_with('t') {
            continue;
        }
        for (key, why) in [
            ("x", "Public client: no secret to reveal"),
            ("R", "Public client: no secret to rotate"),
            ("y s", "Public client: no secret to reveal"),
        ] {
            if own.iter().any(|own| key.starts_with(own)) {
                continue;
            }
            let mut stage = at(PUBLIC, way).await;
            stage.press(key).await;
            assert!(
                stage.bottom().contains(why),
                "{key} on {place}\n{}",
                stage.screen()
            );
        }
    }
}

#[tokio::test]
async fn yy_copies_the_id_and_ys_the_secret_wherever_a_client_is() {
    let id = Stage::open()
        .await
        .sandbox_client(STAGING_ID, CLIENT)
        .id
        .clone();
    for (place, way, own) in CLIENT_PLACES {
        if own.contains(&"y") {
            continue;
        }
        let mut stage = at(CLIENT, way).await;
        stage.press("y y").await;
        assert_eq!(stage.clipboard(), id, "{place}\n{}", stage.screen());
        let mut stage = at(CLIENT, way).await;
        stage.press("y s").await;
        let secret = stage.secret(STAGING_ID, CLIENT);
        assert_eq!(stage.clipboard(), secret, "{place}\n{}", stage.screen());
    }
}

#[tokio::test]
async fn the_keys_of_a_scope_are_the_same_wherever_it_is() {
    // The list of servers, the scopes of its server, those of a client, a column of the map.
    for way in ["3 /", "3 / SERVER", "u /"] {
        for (key, words) in [
            ("enter", "Who can use {}"),
            ("u", "Who can use {}"),
            ("e", "Edit"),
            ("ctrl-d", "Delete scope {}"),
            ("y", "Resource server identifier"),
        ] {
            let mut stage = Stage::sized(140, 50).await;
            stage.pool(STAGING).await;
            let (first, rest) = way.rsplit_once('/').unwrap();
            if first == "u " {
                stage.press("/").await;
                stage.type_text(CLIENT).await;
                stage.press("enter").await;
            }
            stage.press(first).await;
            let scope = if first == "u " {
                scope_of_client(&mut stage)
            } else {
                SCOPE.to_owned()
            };
            stage.press("/").await;
            if rest.is_empty() {
                stage.type_text(&scope).await;
                stage.press("enter").await;
            } else {
                let (server, _) = scope.split_once('/').unwrap();
                stage.type_text(server).await;
                stage.press("enter home enter /").await;
                stage.type_text(&scope).await;
                stage.press("enter").await;
            }
            stage.press(key).await;
            let words = words.replace("{}", &scope);
            assert!(
                stage.has(&words),
                "{key} after {way}: no {words:?}\n{}",
                stage.screen()
            );
        }
    }
}

/// The first scope that the client has.
fn scope_of_client(stage: &mut Stage) -> String {
    let client = stage.sandbox_client(STAGING_ID, CLIENT);
    let scopes = client.settings.get("AllowedOAuthScopes").unwrap();
    scopes[0].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn enter_on_a_server_shows_its_scopes_and_on_a_scope_who_has_it() {
    let mut stage = Stage::sized(140, 40).await;
    stage.pool(STAGING).await;
    stage.press("3 enter").await;
    let there = stage.sandbox_pool(STAGING_ID);
    let mut servers = there.servers.iter();
    let server = servers
        .find(|server| server.identifier == "billing")
        .unwrap();
    stage.sees(&[&format!("Scopes of {}", server.identifier), "CLIENTS"]);
    for scope in &server.scopes {
        let name = format!("{}/{}", server.identifier, scope.scope_name);
        let has = |client: &&cognitui::sandbox::state::Client| {
            let scopes = client.settings.get("AllowedOAuthScopes");
            let scopes = scopes.and_then(serde_json::Value::as_array);
            scopes.is_some_and(|scopes| scopes.iter().any(|has| *has == name.as_str()))
        };
        let count = there.clients.iter().filter(has).count().to_string();
        let screen = stage.screen();
        let row = screen.lines().find(|line| line.contains(&name)).unwrap();
        assert!(
            row.split_whitespace().any(|word| word == count),
            "{count} have {name}: {row}"
        );
    }
    stage.press("enter").await;
    stage.sees(&["Who can use "]);
}
