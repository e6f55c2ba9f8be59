//! The form for a custom client: what Cognito would refuse is refused while typing, with the reason.

use cognitui::sandbox::state::{Client, Pool};
use serde_json::json;

use crate::stage::{STAGING, STAGING_ID, Stage, TEAM, TEAM_ID};

/// Opens the free form, on its first field after the choice of the preset: the name.
async fn free_form() -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("n right tab").await;
    stage.sees(&["(•) Custom", "Name", "Token lifetime"]);
    stage
}

/// Opens the free form with a name and the scope orders/read, the focus on the scopes. The next fields are the lifetime, the
/// grants and the secret.
async fn filled_form() -> Stage {
    let mut stage = free_form().await;
    stage.type_text("fresh").await;
    stage.press("tab").await;
    stage.check(2, "orders/read").await;
    stage
}

impl Stage {
    /// Checks the box with this label, this many rows below the focus.
    async fn check(&mut self, down: usize, label: &str) {
        self.press(&"down ".repeat(down)).await;
        self.press("space").await;
        self.sees(&[&format!("[x] {label}")]);
    }

    /// Sends the form and fails unless it stays open with this reason.
    #[track_caller]
    fn is_refused(&mut self, reason: &str) {
        self.sees(&[reason, "New app client in"]);
        assert!(!self.confirms(), "{}", self.screen());
        assert_eq!(self.calls("CreateUserPoolClient"), 0);
    }
}

#[tokio::test]
async fn a_client_of_ones_own_is_made_as_the_form_says() {
    let mut stage = filled_form().await;
    stage.press("tab ctrl-u").await;
    stage.type_text("15 min").await;
    stage.press("enter").await;
    stage.sees(&[
        "Apply this plan?",
        "AllowedOAuthScopes orders/read",
        "AccessTokenValidity 15 minutes",
    ]);
    stage.press("enter").await;
    stage.sees(&["Created fresh"]);
    let client = stage.sandbox_client(STAGING_ID, "fresh");
    assert_eq!(client.list("AllowedOAuthScopes"), ["orders/read"]);
    assert_eq!(client.list("AllowedOAuthFlows"), ["client_credentials"]);
    assert!(client.flag("AllowedOAuthFlowsUserPoolClient"));
    assert_eq!(client.settings["AccessTokenValidity"], json!(15));
    assert_eq!(
        client.settings["TokenValidityUnits"]["AccessToken"],
        json!("minutes")
    );
    assert_eq!(client.secrets.len(), 1);
    stage.press("t enter").await;
    stage.sees(&["HTTP 200", "1 granted"]);
}

#[tokio::test]
async fn no_name() {
    let mut stage = free_form().await;
    stage.press("tab").await;
    stage.check(2, "orders/read").await;
    stage.press("enter").await;
    stage.is_refused("The name is empty. Write 1 to 128 characters.");
}

#[tokio::test]
async fn a_name_with_a_character_that_cognito_refuses() {
    let mut stage = free_form().await;
    stage.type_text("naïve").await;
    stage.sees(&["The name cannot contain ï"]);
    stage.press("enter").await;
    stage.is_refused("The name cannot contain ï");
}

#[tokio::test]
async fn a_name_that_is_too_long() {
    let mut stage = free_form().await;
    stage.paste(&"a".repeat(130)).await;
    stage.sees(&["The name has 130 characters, 128 at most. Shorten it by 2."]);
    stage.press("enter").await;
    stage.is_refused("128 at most");
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_made_twice() {
    let mut stage = free_form().await;
    stage.type_text("price-poller").await;
    stage.press("tab").await;
    stage.check(2, "orders/read").await;
    stage.press("enter").await;
    assert_eq!(stage.calls("CreateUserPoolClient"), 0);
    stage.sees(&["price-poller", "lready"]);
}

#[tokio::test]
async fn no_scope() {
    let mut stage = free_form().await;
    stage.type_text("fresh").await;
    stage.press("tab tab").await;
    stage.sees(&["OAuth is on, so at least one scope is required"]);
    stage.press("enter").await;
    stage.is_refused("OAuth is on, so at least one scope is required");
}

#[tokio::test]
async fn a_lifetime_that_is_too_short_or_too_long() {
    for lifetime in ["4 min", "25 h", "2 d"] {
        let mut stage = filled_form().await;
        stage.press("tab ctrl-u").await;
        stage.type_text(lifetime).await;
        stage.sees(&["The access token lifetime is 5 minutes to 24 hours."]);
        stage.press("enter").await;
        stage.is_refused("The access token lifetime is 5 minutes to 24 hours.");
    }
}

#[tokio::test]
async fn a_lifetime_that_is_none() {
    for (lifetime, reason) in [
        ("soon", "type a number and a unit"),
        ("3 moons", "moons is no unit"),
        ("", "type a number and a unit"),
        ("99999999999999999999 h", "type a number and a unit"),
        (
            "2000000000 d",
            "The access token lifetime is 5 minutes to 24 hours.",
        ),
    ] {
        let mut stage = filled_form().await;
        stage.press("tab ctrl-u").await;
        stage.type_text(lifetime).await;
        stage.sees(&[reason]);
        stage.press("enter").await;
        stage.is_refused(reason);
    }
}

#[tokio::test]
async fn client_credentials_along_with_code() {
    let mut stage = filled_form().await;
    stage.press("tab tab").await;
    stage.check(1, "code").await;
    stage.sees(&["client_credentials cannot be combined with code or implicit"]);
    stage.press("enter").await;
    stage.is_refused("client_credentials cannot be combined with code or implicit");
}

#[tokio::test]
async fn client_credentials_along_with_implicit() {
    let mut stage = filled_form().await;
    stage.press("tab tab").await;
    stage.check(2, "implicit").await;
    stage.press("enter").await;
    stage.is_refused("client_credentials cannot be combined with code or implicit");
}

#[tokio::test]
async fn client_credentials_without_a_secret() {
    let mut stage = filled_form().await;
    stage.press("tab tab tab right right").await;
    stage.sees(&[
        "(•) none (public client)",
        "client_credentials needs a client secret",
    ]);
    stage.press("enter").await;
    stage.is_refused("client_credentials needs a client secret");
}

#[tokio::test]
async fn an_openid_scope_along_with_client_credentials() {
    let mut stage = filled_form().await;
    stage.press("tab tab").await;
    stage.check(1, "code").await;
    stage.press("shift-tab shift-tab").await;
    stage.check(2, "openid").await;
    stage.sees(&["openid is not supported with client_credentials"]);
    stage.press("enter").await;
    stage.is_refused("client_credentials cannot be combined");
}

#[tokio::test]
async fn what_was_typed_survives_looking_at_the_plan() {
    let mut stage = filled_form().await;
    stage.press("enter").await;
    assert!(stage.confirms(), "{}", stage.screen());
    stage.press("esc").await;
    stage.sees(&["fresh", "[x] orders/read"]);
    assert_eq!(stage.calls("CreateUserPoolClient"), 0);
}

#[tokio::test]
async fn a_change_of_preset_keeps_what_was_typed() {
    let mut stage = free_form().await;
    stage.type_text("fresh").await;
    stage.press("shift-tab left").await;
    stage.sees(&["(•) machine_auth"]);
    stage.sees_no("fresh");
    stage.press("right").await;
    stage.sees(&["fresh"]);
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_told_by_cognitos_words() {
    let mut stage = filled_form().await;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        let one = pool.clients[0].clone();
        for number in 0..1_000 {
            let mut copy = one.clone();
            copy.id = format!("copy{number}");
            pool.clients.push(copy);
        }
    });
    stage.press("enter enter").await;
    stage.sees(&["CreateUserPoolClient", "quota exceeded"]);
    stage.press("esc").await;
    stage.sees(&["fresh", "[x] orders/read"]);
}

/// Creates the client in TEAM's pool, breaks the pool without the console, then opens the form again.
async fn broken(by: impl FnOnce(&mut Pool)) -> Stage {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.press("n enter enter").await;
    stage
        .sandbox
        .edit(|state| by(state.pools.get_mut(TEAM_ID).unwrap()));
    let mut stage = stage.restarted().await;
    stage.pool(TEAM).await;
    stage.press("n").await;
    stage
}

fn team_client(pool: &mut Pool) -> &mut Client {
    let mut clients = pool.clients.iter_mut();
    clients
        .find(|client| client.name == "machine_auth")
        .unwrap()
}

#[tokio::test]
async fn a_machine_auth_that_is_broken_is_put_right() {
    let mut stage = broken(|pool| {
        let client = team_client(pool);
        client.settings["AllowedOAuthFlowsUserPoolClient"] = json!(false);
    })
    .await;
    stage.sees(&["The client machine_auth exists with other settings"]);
    stage.press("enter").await;
    stage.sees(&[
        "~ Change app client machine_auth",
        "AllowedOAuthFlowsUserPoolClient false -> true",
    ]);
    stage.press("enter").await;
    stage.sees(&[
        "Done: Change app client machine_auth",
        "Client id",
        "app clients › machine_auth",
    ]);
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    assert!(client.flag("AllowedOAuthFlowsUserPoolClient"));
    assert_eq!(stage.calls("CreateUserPoolClient"), 1);
    // The form is closed: the way back leads to the pool.
    stage.press("esc").await;
    stage.sees_no("New app client");
}

#[tokio::test]
async fn a_machine_auth_without_its_scope_gets_it_back() {
    let mut stage = broken(|pool| {
        pool.servers[0].scopes[0].scope_name = "audit".to_owned();
        let client = team_client(pool);
        client.settings["AllowedOAuthScopes"] = json!(["api/audit"]);
    })
    .await;
    stage.sees(&[
        "Adds the scope to the resource server",
        "exists with other settings",
    ]);
    stage.press("enter").await;
    stage.sees(&[
        "~ Add scope admin to resource server api",
        "AllowedOAuthScopes + api/admin",
    ]);
    stage.press("enter").await;
    stage.press("t enter").await;
    stage.sees(&["HTTP 200", "2 granted"]);
}

#[tokio::test]
async fn a_machine_auth_whose_scope_alone_went_needs_but_that() {
    let mut stage = broken(|pool| {
        pool.servers[0].scopes[0].scope_name = "audit".to_owned();
    })
    .await;
    stage.press("enter").await;
    stage.sees(&[
        "~ Add scope admin to resource server api",
        "= App client machine_auth exists",
    ]);
    stage.press("enter").await;
    stage.sees(&["app clients › machine_auth", "Client id"]);
}

#[tokio::test]
async fn a_machine_auth_that_can_never_be_one_is_said_with_the_way_out() {
    let mut stage = broken(|pool| {
        let client = team_client(pool);
        client.secrets.clear();
        client.settings.remove("AllowedOAuthFlows");
    })
    .await;
    stage.sees(&["is public and cannot get a secret"]);
    stage.press("enter").await;
    stage.sees(&["is public and cannot get a secret", "Delete or rename it"]);
    stage.press("enter").await;
    stage.sees(&["Blocked: "]);
    assert_eq!(stage.calls("UpdateUserPoolClient"), 0);
}

#[tokio::test]
async fn of_two_of_the_name_none_is_guessed() {
    let mut stage = broken(|pool| {
        let mut twin = team_client(pool).clone();
        "1h57kf5cpq17m0eml12example".clone_into(&mut twin.id);
        pool.clients.push(twin);
    })
    .await;
    stage.sees(&[
        "2 app clients are named machine_auth",
        "1h57kf5cpq17m0eml12example",
    ]);
    stage.press("enter enter").await;
    stage.sees(&["Blocked: "]);
}

#[tokio::test]
async fn a_form_that_nobody_has_touched_does_not_scold() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("n right").await;
    stage.sees(&["Scopes", "client_credentials"]);
    stage.sees_no("✗");
    stage.press("tab").await;
    stage.sees_no("✗");
    // A field that was left has something to say, the others not yet.
    stage.press("tab").await;
    assert_eq!(stage.screen().matches('✗').count(), 1, "{}", stage.screen());
    stage.sees_no("at least one scope");
    // Once it is sent, all of it is said.
    stage.press("enter").await;
    stage.sees(&["at least one scope"]);
    assert!(
        stage.screen().matches('✗').count() > 1,
        "{}",
        stage.screen()
    );
}
