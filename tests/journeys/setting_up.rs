//! From a preset to a client that gets tokens, and back: choose, answer, read the plan, confirm it, watch it.

use std::sync::Arc;

use cognitui::app::session::Session;
use cognitui::domain::preset::{PresetCatalog, UserFile};
use cognitui::runtime::LoopControl;
use cognitui::sandbox::Options;
use cognitui::sandbox::state::Pool;
use cognitui::ui::theme::Theme;

use crate::screen::dangerous;
use crate::snapshots::levelled;
use crate::stage::{DEVICES, DEVICES_ID, Stage, TEAM, TEAM_ID, edit_client, sandbox};

/// The presets in the order of the list.
const PRESETS: [&str; 6] = [
    "team",
    "read-write",
    "m2m-client",
    "api-gateway",
    "plain",
    "no-domain",
];

impl Stage {
    /// Opens the form of this preset from the list of presets.
    pub async fn preset(&mut self, name: &str) {
        let at = PRESETS.iter().position(|preset| *preset == name).unwrap();
        self.press(&"down ".repeat(at)).await;
        assert!(self.cursor().contains(name), "{}", self.cursor());
        self.press("enter").await;
    }

    /// Replaces the text of the focused field.
    pub async fn answer(&mut self, text: &str) {
        self.press("ctrl-u").await;
        self.type_text(text).await;
    }

    /// Returns the only pool with this name.
    pub fn pool_named(&self, name: &str) -> Option<Pool> {
        let pools = self.sandbox.state().pools;
        pools.into_values().find(|pool| pool.name == name)
    }
}

/// Opens the list of presets in an empty account.
pub async fn empty() -> Stage {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| {
        state.pools.clear();
        state.domains.clear();
    });
    let mut stage = Stage::on(sandbox, 140, 50).await;
    stage.press("m").await;
    stage
}

/// Opens the plan of the preset `plain` in an empty account: pool, server, client and domain.
pub async fn plain() -> Stage {
    let mut stage = empty().await;
    stage.preset("plain").await;
    stage.press("shift-tab").await;
    stage.answer("acme-m2m").await;
    stage.press("enter").await;
    stage.sees(&[
        "+ Create user pool m2m",
        "+ Create resource server api",
        "+ Create app client m2m-client",
        "+ Create domain acme-m2m",
        "enter apply",
    ]);
    stage
}

#[tokio::test]
async fn team_from_the_pools_to_a_token_and_again() {
    let mut stage = Stage::open().await;
    stage.press("m").await;
    stage.sees(&[
        "Set up M2M access",
        "AWS TEAM",
        "+ Create app client machine_auth",
    ]);
    stage.press("enter").await;
    // Its one question has its answer: the plan is next. Found over all the pools, by a part of its name.
    stage.sees(&[
        TEAM_ID,
        "= User pool team06dbb7fc",
        "+ Create resource server api",
        "+ Create app client machine_auth",
        "AllowedOAuthScopes api/admin",
    ]);
    assert_eq!(stage.calls("CreateUserPoolClient"), 0);
    stage.press("enter").await;
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    stage.sees(&[
        "ready to use",
        &client.id,
        "••••",
        "Token endpoint",
        "JWKS",
        "Test token issued",
        "Granted scopes: api/admin",
        "Valid signature",
    ]);
    let secret = client.secrets[0].value.clone();
    stage.sees_no(&secret);
    // Nobody has seen the secret: leaving asks once.
    stage.press("q").await;
    stage.sees(&["ready to use", "press again to leave"]);
    stage.press("x").await;
    stage.sees(&[&secret]);
    stage.press("enter").await;
    stage.sees(&["app client", "machine_auth", TEAM]);
    stage.press("esc esc esc").await;
    // Again: all of it is there, and nothing is written.
    stage.press("m enter").await;
    stage.sees(&[
        "everything exists already",
        "= App client machine_auth exists",
    ]);
    let writes = stage.calls("CreateUserPoolClient") + stage.calls("UpdateUserPoolClient");
    assert_eq!(writes, 1);
    stage.press("enter").await;
    stage.sees(&["Ready to use", &client.id]);
    stage.press("esc").await;
    stage.sees_no("press again");
}

#[tokio::test]
async fn what_was_broken_by_hand_is_shown_old_and_new_and_repaired() {
    let mut stage = Stage::open().await;
    stage.press("m enter enter x enter esc").await;
    edit_client(&stage.sandbox, TEAM_ID, "machine_auth", |client| {
        client.settings["AllowedOAuthFlowsUserPoolClient"] = false.into();
    });
    stage.press("m enter").await;
    stage.sees(&[
        "~ Change app client machine_auth",
        "AllowedOAuthFlowsUserPoolClient false -> true",
    ]);
    stage.press("enter").await;
    stage.sees(&["Ready to use", "Test token issued"]);
    assert!(
        stage
            .sandbox_client(TEAM_ID, "machine_auth")
            .flag("AllowedOAuthFlowsUserPoolClient")
    );
}

#[tokio::test]
async fn every_preset_leads_to_a_token() {
    for (name, keys, typed) in [
        ("read-write", "tab tab", "acme"),
        ("m2m-client", "tab tab", "acme"),
        ("api-gateway", "shift-tab", "acme-apigw"),
        ("plain", "shift-tab", "acme-m2m"),
    ] {
        let mut stage = empty().await;
        stage.preset(name).await;
        stage.press(keys).await;
        stage.answer(typed).await;
        stage.press("enter").await;
        stage.sees(&["+ Create user pool", "+ Create domain acme"]);
        stage.press("enter").await;
        stage.sees(&["ready to use", "Test token issued", "Valid signature"]);
    }
}

#[tokio::test]
async fn a_pool_without_a_domain_gets_its_token_from_the_api() {
    let mut stage = Stage::open().await;
    stage.pool(DEVICES).await;
    stage.press("m").await;
    stage.preset("no-domain").await;
    stage.sees(&["Tokens without a domain", DEVICES]);
    stage.press("enter enter").await;
    stage.sees(&["ready to use", "Test token issued", "api/read"]);
    stage.sandbox_client(DEVICES_ID, "m2m-client");
}

#[tokio::test]
async fn in_a_pool_nobody_asks_which_and_one_question_with_its_answer_is_none() {
    let mut stage = Stage::open().await;
    stage.press("m").await;
    stage.preset("plain").await;
    stage.sees(&["User pool", "Resource server", "Domain"]);
    stage.press("esc esc").await;
    stage.pool(DEVICES).await;
    stage.press("m").await;
    stage.preset("plain").await;
    stage.sees(&["Resource server", "Domain"]);
    stage.sees_no("User pool ");
    stage.press("esc g").await;
    stage.presses();
    // From the list to what is written: two keys.
    stage.press("enter").await;
    stage.sees(&["+ Create resource server api", DEVICES_ID]);
    stage.press("enter").await;
    stage.sees(&["ready to use"]);
    assert_eq!(stage.presses(), 2);
    stage.sandbox_client(DEVICES_ID, "machine_auth");
}

#[tokio::test]
async fn the_one_answer_can_be_another() {
    let mut stage = Stage::open().await;
    stage.press("m e").await;
    stage.sees(&["App client", "machine_auth", "plan"]);
    stage.answer("machine_two").await;
    stage.press("enter").await;
    stage.sees(&["+ Create app client machine_two", TEAM_ID]);
}

#[tokio::test]
async fn a_preset_of_ones_own_is_chosen_like_any_other() {
    let file = |name: &str, text: &str| UserFile {
        name: name.to_owned(),
        path: format!("presets/{name}.toml"),
        text: text.to_owned(),
    };
    let nightly = "title = \"Nightly export\"\n[client]\nname = \"nightly-export\"\nscopes = [\"api/read\"]\n\
                   [[server]]\nidentifier = \"api\"\nname = \"api\"\n[[server.scope]]\nname = \"read\"\ndescription = \"d\"\n";
    let files = [file("nightly", nightly), file("broken", "title = 7\n")];
    let session = Session {
        demo: true,
        presets: Arc::new(PresetCatalog::new(&files)),
        ..Session::default()
    };
    let mut stage = Stage::guarded(session, Theme::colour()).await;
    stage.pool(TEAM).await;
    stage.press("m").await;
    stage.sees(&["nightly", "own", "presets/broken.toml, line 1"]);
    stage.press("G e").await;
    stage.sees(&["nightly has no questions"]);
    stage.press("enter").await;
    stage.sees(&["+ Create app client nightly-export", TEAM_ID]);
    stage.press("enter").await;
    stage.sees(&["ready to use", "Granted scopes: api/read"]);
}

#[tokio::test]
async fn a_preset_may_ask_as_much_as_it_likes() {
    let ask =
        |at: u8| format!("[[ask]]\nkey = \"k{at}\"\nlabel = \"K{at}\"\ndefault = \"x{at}\"\n");
    let asks: String = (1..=40).map(ask).collect();
    let text = format!(
        "title = \"Many questions\"\n{asks}[client]\nname = \"{{k40}}\"\nscopes = [\"api/read\"]\n\
         [[server]]\nidentifier = \"api\"\nname = \"api\"\n[[server.scope]]\nname = \"read\"\ndescription = \"d\"\n"
    );
    let files = [UserFile {
        name: "zz-many".to_owned(),
        path: "presets/zz-many.toml".to_owned(),
        text,
    }];
    let session = Session {
        demo: true,
        presets: Arc::new(PresetCatalog::new(&files)),
        ..Session::default()
    };
    let mut stage = Stage::guarded(session, Theme::colour()).await;
    stage.pool(TEAM).await;
    stage.press("m G e").await;
    stage.press(&"tab ".repeat(39)).await;
    stage.sees(&["K40", "x40"]);
    stage.answer("the-fortieth").await;
    stage.press("enter").await;
    stage.sees(&["+ Create app client the-fortieth", TEAM_ID]);
}

#[tokio::test]
async fn where_several_pools_fit_the_user_says_which() {
    let mut stage = Stage::open().await;
    // The cursor is on none.
    stage.press("/").await;
    stage.type_text("no such pool").await;
    stage.press("enter m").await;
    stage.preset("no-domain").await;
    stage.press("enter").await;
    stage.sees(&["user pools match. Choose one."]);
    while !stage.cursor().contains(DEVICES) {
        stage.press("down").await;
    }
    stage.press("enter").await;
    stage.sees(&[DEVICES_ID, "+ Create app client m2m-client"]);
}

#[tokio::test]
async fn leaving_asks_while_it_is_being_written() {
    let mut stage = plain().await;
    stage.tap("enter esc");
    stage.sees(&["wait for the result"]);
    stage.settle().await;
    stage.sees(&["ready to use"]);
    stage.tap("ctrl-c");
    stage.sees(&["press again to leave"]);
    assert_eq!(stage.turn(), LoopControl::Go);
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn the_command_of_a_step_is_shown_and_copied() {
    let mut stage = plain().await;
    stage.press("down y").await;
    stage.sees(&[
        "create-resource-server",
        "Copied the command for CreateResourceServer",
    ]);
    let copied = stage.clipboard();
    assert!(copied.starts_with("aws --endpoint-url"), "{copied}");
    assert!(
        copied.contains("cognito-idp create-resource-server"),
        "{copied}"
    );
    assert!(copied.contains("\"$USER_POOL_ID\""), "{copied}");
    stage.press("space").await;
    stage.sees_no("create-resource-server");
}

#[tokio::test]
async fn the_domain_is_looked_up_as_one_pauses() {
    let mut stage = Stage::open().await;
    let domains = stage.sandbox.state().domains;
    let (taken, _) = domains.iter().find(|(_, of)| of.pool == TEAM_ID).unwrap();
    let taken = taken.clone();
    stage.press("m").await;
    stage.preset("plain").await;
    stage.press("shift-tab").await;
    stage.answer("acme-nobody-has").await;
    stage.sees(&["acme-nobody-has is not used in this account"]);
    let asked = stage.calls("DescribeUserPoolDomain");
    stage.answer(&taken).await;
    stage.sees(&[&format!("{taken} belongs to the user pool {TEAM}")]);
    // Not once for every letter.
    assert_eq!(stage.calls("DescribeUserPoolDomain"), asked + 1);
    stage.answer("my-aws-login").await;
    stage.sees(&["✗"]);
    stage.press("enter").await;
    stage.sees(&["Domain: The prefix cannot contain the reserved word aws"]);
    stage.answer(&taken).await;
    stage.press("enter").await;
    stage.sees(&["has it", "Choose another"]);
    stage.press("enter").await;
    stage.sees(&["Blocked: "]);
    assert_eq!(stage.calls("CreateUserPool"), 0);
}

/// Takes snapshots of the screens of the main way.
async fn keep(width: u16, height: u16) {
    let mut stage = Stage::sized(width, height).await;
    for (keys, what) in [
        ("m", "the_presets"),
        ("down down down down enter", "the_questions"),
        ("shift-tab a c m e enter", "a_set_up"),
        ("enter", "what_is_ready"),
    ] {
        stage.press(keys).await;
        let name = format!("{width}x{height}_{what}");
        insta::assert_snapshot!(name, levelled(&mut stage));
    }
}

#[tokio::test]
async fn at_80_columns() {
    keep(80, 24).await;
}

#[tokio::test]
async fn at_120_columns() {
    keep(120, 40).await;
}

#[tokio::test]
async fn at_200_columns() {
    keep(200, 60).await;
}

#[tokio::test]
async fn every_size_shows_every_screen_of_a_set_up() {
    let mut stage = plain().await;
    for (width, height) in [(20, 5), (40, 10), (80, 24), (120, 40), (200, 60), (1, 1)] {
        stage.resize(width, height);
        let screen = stage.screen();
        assert!(dangerous(&screen).is_empty(), "{screen}");
    }
    stage.resize(80, 24);
    stage.press("G").await;
    stage.sees(&["Create domain acme-m2m", "enter apply"]);
    stage.press("g").await;
    stage.sees(&["Create user pool m2m"]);
}
