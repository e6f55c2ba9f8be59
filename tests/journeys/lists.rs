//! Lists: 300 clients that fill in, the filter, the order, a refresh, the tabs, and a describe that is denied.

use cognitui::sandbox::Options;
use cognitui::ui::theme::Theme;

use crate::stage::{DEVICES, PARTNERS, PARTNERS_ID, STAGING, STAGING_ID, Stage};

/// Returns the number of rows of the list of clients on the screen, and of those that are still blank but for name and id.
fn rows(screen: &str) -> (usize, usize) {
    let rows: Vec<_> = screen
        .lines()
        .skip(3)
        .take_while(|line| line.starts_with('│'))
        .filter_map(|line| line.split('│').nth(1))
        .filter(|row| !row.trim().is_empty() && !row.contains("app clients not read"))
        .collect();
    let blank = rows
        .iter()
        .filter(|row| !row.contains("client_credentials") && !row.contains("code"))
        .count();
    (rows.len(), blank)
}

/// Opens the list of 300 clients, with only its names loaded.
async fn names_only() -> Stage {
    let mut stage = Stage::dark(Options::default(), 110, 30).await;
    stage.start();
    stage.settle().await;
    stage.press("/").await;
    stage.type_text(PARTNERS).await;
    stage.press("enter").await;
    stage.tap("enter");
    stage
        .hear_until("all 300 names", |screen| screen.contains("App clients 300"))
        .await;
    stage
}

#[tokio::test]
async fn the_first_frame_says_what_it_waits_for() {
    let mut stage = Stage::dark(Options::default(), 110, 30).await;
    stage.start();
    let screen = stage.screen();
    assert!(screen.contains("loading user pools"), "{screen}");
    stage.settle().await;
    let screen = stage.screen();
    assert!(!screen.contains("loading user pools"), "{screen}");
}

#[tokio::test]
async fn the_rows_in_sight_are_described_first() {
    let mut stage = names_only().await;
    stage
        .hear_until("every row in sight", |screen| rows(screen).1 == 0)
        .await;
    let (in_sight, _) = rows(&stage.screen());
    assert!(in_sight > 15, "{}", stage.screen());
    let described = stage.calls("DescribeUserPoolClient");
    assert!(described <= in_sight + 8, "{described} for {in_sight} rows");
}

#[tokio::test]
async fn after_a_jump_the_rows_in_sight_are_described_next() {
    let mut stage = names_only().await;
    stage.tap("G");
    stage
        .hear_until("every row in sight", |screen| rows(screen).1 == 0)
        .await;
    let described = stage.calls("DescribeUserPoolClient");
    assert!(
        described < 100,
        "{described} were described before the rows in sight"
    );
}

#[tokio::test]
async fn nobody_is_read_that_nobody_looks_at() {
    let mut stage = names_only().await;
    stage.settle().await;
    let (in_sight, _) = rows(&stage.screen());
    let described = stage.calls("DescribeUserPoolClient");
    assert!(
        (in_sight..=2 * in_sight + 8).contains(&described),
        "{described} for {in_sight} rows"
    );
    let left = 300 - described;
    stage.sees(&[&format!("{left} of 300 app clients not read: A reads them")]);
    // The next page is there at once; then the one after it is read. (The first key takes the cursor to the end of the page.)
    stage.press("pgdn pgdn").await;
    assert_eq!(rows(&stage.screen()).1, 0, "{}", stage.screen());
    let more = stage.calls("DescribeUserPoolClient");
    assert!(more > described && more < 150, "{described}, then {more}");
    // A refresh reads what is seen, once.
    stage.press("r").await;
    let again = stage.calls("DescribeUserPoolClient") - more;
    assert!(again <= 3 * in_sight + 8, "{again}");
}

#[tokio::test]
async fn reading_all_is_paused_and_goes_on() {
    let mut stage = names_only().await;
    stage.settle().await;
    stage.tap("A");
    stage
        .hear_until("a part", |screen| screen.contains("A pauses"))
        .await;
    stage.press("A").await;
    stage.sees(&["Paused at ", "A goes on"]);
    let paused = stage.calls("DescribeUserPoolClient");
    assert!(paused < 300, "{paused}");
    // Elsewhere it is paused, too, and nothing is claimed of the others.
    stage.press("D").await;
    assert_eq!(stage.calls("DescribeUserPoolClient"), paused);
    stage.press("esc A").await;
    assert_eq!(stage.calls("DescribeUserPoolClient"), 300);
    stage.sees_no("app clients not read");
}

#[tokio::test]
async fn what_depends_on_every_client_asks_before_it_reads_them() {
    let mut stage = names_only().await;
    stage.settle().await;
    let seen = stage.calls("DescribeUserPoolClient");
    // The scopes of a resource server, and its deletion.
    for keys in ["3 enter", "3 ctrl-d"] {
        stage.press(keys).await;
        stage.sees(&["app clients not read: A reads them"]);
        stage.sees_no("No app client has");
        let held = stage.calls("DescribeUserPoolClient");
        assert_eq!(held, seen, "{keys}; {}", stage.screen());
        stage.press("esc").await;
    }
    stage.press("3 ctrl-d enter").await;
    stage.sees(&["app clients not read"]);
    stage.press("A").await;
    stage.sees_no("not read");
    stage.press("enter").await;
    stage.sees(&["› confirm", "Delete resource server catalog"]);
}

#[tokio::test]
async fn all_300_fill_in_with_two_calls_each() {
    let mut stage = names_only().await;
    stage.settle().await;
    stage.press("A").await;
    assert_eq!(stage.calls("DescribeUserPoolClient"), 300);
    assert_eq!(stage.calls("ListUserPoolClientSecrets"), 300);
    assert_eq!(stage.calls("ListUserPoolClients"), 5, "pages of 60");
    stage.press("G").await;
    assert_eq!(rows(&stage.screen()).1, 0, "{}", stage.screen());
    let cursor = stage.cursor();
    let clients = stage.sandbox_pool(PARTNERS_ID).clients;
    let last = clients
        .iter()
        .find(|client| cursor.split_whitespace().any(|word| word == client.name))
        .unwrap();
    stage.press("enter").await;
    stage.sees(&[&last.name, &last.id]);
}

#[tokio::test]
async fn the_filter_narrows_by_every_column() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    for (query, left, one) in [
        ("price", "1 of 11", "price-poller"),
        ("OAuthoff", "1 of 11", "billing-export"),
        ("refunds", "1 of 11", "invoice-sync"),
        ("invoices.read", "1 of 11", "invoice-sync"),
    ] {
        stage.press("/").await;
        stage.type_text(query).await;
        stage.sees(&[left, one]);
        stage.press("esc").await;
        stage.sees_no(left);
    }
}

#[tokio::test]
async fn a_filter_that_matches_nothing_says_how_to_get_back() {
    let mut stage = Stage::open().await;
    stage.press("/").await;
    stage.type_text("no such pool").await;
    stage.sees(&["No matches. esc clears the filter"]);
    stage.press("enter").await;
    assert!(!stage.bottom().contains("open"), "{}", stage.bottom());
    for key in ["enter", "y"] {
        stage.press(key).await;
        stage.sees(&["No row matches the filter"]);
    }
    stage.press("esc").await;
    stage.sees(&["ci-runners"]);
    stage.pool(STAGING).await;
    stage.press("/").await;
    stage.type_text("no such client").await;
    stage.press("enter").await;
    for key in ["enter", "y", "t", "x"] {
        stage.press(key).await;
        stage.sees(&["No row matches the filter"]);
    }
}

#[tokio::test]
async fn sorting_by_lifetime_brings_the_shortest_to_the_top() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    // Name up and down, id, grant, scopes, then the token's life.
    stage.press("o o o o o o o o o g").await;
    assert!(
        stage.cursor().contains("price-poller"),
        "{}",
        stage.screen()
    );
    stage.press("o g").await;
    assert!(
        stage.cursor().contains("nightly-report"),
        "{}",
        stage.screen()
    );
}

#[tokio::test]
async fn a_refresh_keeps_cursor_filter_and_order() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("o o /").await;
    stage.type_text("orders").await;
    stage.press("enter j").await;
    let before = stage.cursor();
    let count = stage.calls("ListUserPoolClients");
    stage.press("r").await;
    assert!(stage.calls("ListUserPoolClients") > count);
    assert_eq!(stage.cursor(), before);
    assert!(stage.screen().contains("/ orders"), "{}", stage.screen());
}

#[tokio::test]
async fn the_cursor_stays_with_its_row_when_rows_come_and_go() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("G k k").await;
    let name = |row: String| row.split_whitespace().nth(2).unwrap().to_owned();
    let before = name(stage.cursor());
    let gone = {
        stage.press("g").await;
        let first = name(stage.cursor());
        stage.press("G k k").await;
        first
    };
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients.retain(|client| client.name != gone);
    });
    stage.press("r").await;
    stage.sees_no(&format!("{gone} "));
    assert_eq!(name(stage.cursor()), before, "{}", stage.screen());
}

#[tokio::test]
async fn a_refresh_shows_what_changed() {
    let mut stage = Stage::open().await;
    stage.pool(DEVICES).await;
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(crate::stage::DEVICES_ID).unwrap();
        pool.clients[0].name = "renamed-behind".to_owned();
    });
    stage.press("r").await;
    stage.sees(&["renamed-behind"]);
}

#[tokio::test]
async fn every_tab_by_number_and_in_turn() {
    let mut stage = Stage::open().await;
    stage.pool("acme-platform-prod").await;
    let tabs = [
        ("1", "Token endpoints"),
        ("2", "storefront"),
        ("3", "https://inventory.acme.example/v1"),
        ("4", "auth.acme.example"),
    ];
    for (key, words) in tabs {
        stage.press(key).await;
        stage.sees(&[words]);
    }
    for (_, words) in tabs {
        stage.press("tab").await;
        stage.sees(&[words]);
    }
    stage.press("shift-tab").await;
    stage.sees(&[tabs[2].1]);
}

#[tokio::test]
async fn the_servers_tab_lists_scopes_under_their_servers() {
    let mut stage = Stage::open().await;
    stage.pool("acme-platform-prod").await;
    stage.press("3").await;
    stage.sees(&[
        "3 servers, 9 scopes",
        "Orders API",
        "Create and change orders",
        "stock.reserve",
    ]);
    stage.press("/").await;
    stage.type_text("ledger").await;
    // Away from its server a scope needs its whole name.
    stage.sees(&["billing/export", "Export the ledger"]);
    stage.sees_no("Read invoices");
}

#[tokio::test]
async fn scopes_stay_under_their_servers_in_either_order() {
    let mut stage = Stage::open().await;
    stage.pool("acme-platform-prod").await;
    stage.press("3").await;
    for arrow in ["IDENTIFIER / SCOPE ↑", "IDENTIFIER / SCOPE ↓"] {
        stage.press("o").await;
        stage.sees(&[arrow]);
        let screen = stage.screen();
        let place = |word: &str| screen.find(word).unwrap_or_else(|| panic!("{screen}"));
        assert!(place("Billing") < place("├ export"), "{screen}");
        assert!(place("Orders API") < place("└ write"), "{screen}");
    }
}

#[tokio::test]
async fn the_best_match_is_on_top_and_what_was_typed_is_marked() {
    for theme in [Theme::colour(), Theme::monochrome()] {
        let mut stage = Stage::themed(theme).await;
        stage.pool(STAGING).await;
        stage.sees(&["Cognito's order"]);
        stage.press("/").await;
        // Letters of several names; of one of them its beginning.
        stage.type_text("sto").await;
        stage.sees(&["best match first"]);
        stage.sees_no("Cognito's order");
        assert!(stage.cursor().contains("storefront"), "{}", stage.screen());
        let buffer = stage.buffer();
        let marked: String = buffer
            .content()
            .iter()
            .filter(|cell| {
                let style = cell.style();
                style.fg == theme.found.fg.or(style.fg)
                    && style.add_modifier.contains(theme.found.add_modifier)
                    && cell.symbol().chars().all(char::is_lowercase)
            })
            .map(|cell| cell.symbol().to_owned())
            .collect();
        // In storefront in one piece, in support-console letter by letter.
        assert!(marked.ends_with("stosto"), "{marked:?}; {}", stage.screen());
        stage.press("enter o").await;
        stage.sees(&["best match first, then NAME ↑", "esc clear filter"]);
        stage.press("esc").await;
        stage.sees(&["NAME ↑"]);
        stage.sees_no("best match");
    }
}

#[tokio::test]
async fn the_domains_and_where_this_session_asks_are_both_told_everywhere() {
    let own = "https://acme-platform-staging.auth.eu-west-1.amazoncognito.com/oauth2/token";
    let mut stage = Stage::sized(200, 50).await;
    let asked = format!("{}/oauth2/token", stage.sandbox.url());
    stage.press("/").await;
    stage.type_text(STAGING).await;
    // The preview beside the list.
    stage.sees(&[&asked]);
    stage.press("enter enter").await;
    for tab in ["1", "4", "2 enter"] {
        stage.press(tab).await;
        stage.sees(&[own, &asked, "Endpoint used", "used by this session"]);
    }
}

#[tokio::test]
async fn a_pool_without_a_domain_says_what_that_means() {
    let mut stage = Stage::open().await;
    stage.pool(DEVICES).await;
    stage.press("4").await;
    stage.sees(&["No domain, so no token endpoint", "GetClientToken"]);
}

#[tokio::test]
async fn a_denied_describe_leaves_the_list_usable() {
    let mut stage = Stage::open().await;
    // As many as are asked for at once; whoever asks for more gets an answer.
    stage.fault("DescribeUserPoolClient:access-denied*8");
    stage.pool(STAGING).await;
    stage.sees(&["price-poller", "denied", "App clients 11"]);
    assert_eq!(stage.calls("DescribeUserPoolClient"), 0, "in vain");
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.press("/").await;
    stage.type_text("price").await;
    stage.sees(&["1 of 11", "price-poller"]);
    stage.press("enter enter").await;
    stage.sees(&[
        "DescribeUserPoolClient: access denied",
        "cognito-idp:DescribeUserPoolClient",
    ]);
    stage.press("esc").await;
    stage.sandbox.faults().clear();
    stage.press("r").await;
    stage.sees(&["5 min", "client_credentials"]);
}

#[tokio::test]
async fn a_pool_of_its_own_is_described_beside_the_list_only_where_there_is_room() {
    let mut wide = Stage::sized(140, 40).await;
    assert!(wide.calls("DescribeUserPool") > 0);
    wide.sees(&["Pool id"]);
    let narrow = Stage::sized(100, 40).await;
    assert_eq!(narrow.calls("DescribeUserPool"), 0);
}

#[tokio::test]
async fn the_row_that_was_seen_under_the_cursor_stays_there_though_nobody_moved() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    let seen = stage.cursor();
    let name = seen.split_whitespace().nth(2).unwrap().to_owned();
    stage.sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        let mut other = pool.clients[0].clone();
        // They come in the order of their ids.
        other.id = "0".repeat(26);
        other.name = "aaa-first".to_owned();
        pool.clients.push(other);
    });
    stage.press("r").await;
    stage.sees(&["aaa-first", "App clients 12"]);
    assert!(stage.cursor().contains(&name), "{}", stage.cursor());
    stage.press("enter").await;
    stage.sees(&[&name, "AccessTokenValidity"]);
    // Who sorts wants to see what comes first, and then where a row of one's own choice goes.
    stage.press("esc o").await;
    assert!(stage.cursor().contains("aaa-first"), "{}", stage.cursor());
    stage.press("j k o").await;
    assert!(stage.cursor().contains("aaa-first"), "{}", stage.cursor());
}

#[tokio::test]
async fn a_key_that_edits_a_line_elsewhere_deletes_nothing_while_a_filter_is_typed() {
    let mut stage = Stage::open().await;
    for way in ["", "esc enter"] {
        stage.press(way).await;
        stage.press("/").await;
        stage.type_text("e").await;
        assert!(!stage.bottom().contains("delete"), "{}", stage.bottom());
        stage.press("ctrl-d").await;
        stage.sees(&["/ e", "Press enter to keep the filter first, then delete"]);
        stage.press("enter ctrl-d").await;
        stage.sees(&["› delete"]);
        stage.press("esc").await;
    }
}
