//! The token form before all data is loaded, with denied data, and at all widths: what it says about scopes is true.

use crate::stage::{PROD, STAGING, Stage};

/// The scopes of `checkout` and of its pool in the sample.
const SCOPES: [&str; 9] = [
    "orders/write",
    "https://inventory.acme.example/v1/stock.reserve",
    "billing/export",
    "billing/invoices.read",
    "billing/invoices.write",
    "https://inventory.acme.example/v1/stock.count",
    "https://inventory.acme.example/v1/stock.read",
    "orders/cancel",
    "orders/read",
];

#[tokio::test]
async fn a_scope_can_be_told_from_every_other_in_every_width() {
    let mut stage = Stage::sized(200, 50).await;
    stage.client(PROD, "checkout").await;
    stage.press("t").await;
    for width in 80..=200 {
        stage.resize(width, 50);
        let screen = stage.screen();
        let rows: Vec<&str> = screen
            .lines()
            .filter_map(|line| line.split_once("[x] ").or(line.split_once("[ ] ")))
            .map(|(_, row)| row)
            .collect();
        assert_eq!(rows.len(), SCOPES.len(), "{width}:\n{screen}");
        for (row, scope) in rows.iter().zip(SCOPES) {
            let name = row.split_whitespace().next().unwrap();
            // A name that fits is whole, and of a longer one both ends tell it from its neighbours.
            let (head, tail) = name.split_once('…').unwrap_or((name, name));
            assert!(
                name == scope || scope.len() > 30 && name.chars().count() >= 38,
                "{width}: {name} for {scope}\n{screen}"
            );
            assert!(
                scope.starts_with(head) && scope.ends_with(tail),
                "{width}: {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_scope_is_not_called_inactive_where_the_servers_may_not_be_read() {
    // Narrow: nothing of the pool is read before it is opened.
    let mut stage = Stage::sized(100, 40).await;
    stage.fault("ListResourceServers:access-denied");
    stage.client(PROD, "checkout").await;
    stage.press("t").await;
    stage.sees(&["[x] orders/write", "ListResourceServers", "access denied"]);
    stage.sees_no("inactive");
    stage.press("enter").await;
    stage.sees(&["granted ✓ orders/write"]);
    stage.sees_no("inactive");
    // What is asked for beyond the client's own is the cause, and not a flag that was read as on.
    stage.press("esc t tab tab tab").await;
    stage.type_text("orders/read").await;
    stage.press("enter").await;
    stage.sees(&[
        "✗ invalid_grant",
        "A requested scope is not among the client's",
        "Not among the client's scopes: orders/read",
    ]);
    stage.sees_no("OAuth is switched off");
}

/// Opens a narrow stage, with nothing of the pool loaded before it is opened, on `checkout`'s token form under a fault.
async fn asking_under(fault: &str) -> Stage {
    let mut stage = Stage::sized(100, 40).await;
    stage.press("/").await;
    stage.type_text(PROD).await;
    stage.press("enter").await;
    stage.fault(fault);
    stage.tap("enter");
    let is_there = |screen: &str| screen.contains("checkout");
    stage.hear_until("the client", is_there).await;
    stage.tap("/ c h e c k o u t enter t");
    stage
}

#[tokio::test]
async fn a_scope_is_not_called_inactive_while_the_servers_are_read() {
    let mut stage = asking_under("ListResourceServers:latency=600s").await;
    let is_there = |screen: &str| screen.contains("[x] orders/write");
    stage.hear_until("the scopes", is_there).await;
    stage.sees(&["loading resource servers"]);
    stage.sees_no("inactive");
}

#[tokio::test]
async fn the_scopes_of_a_client_that_is_not_read_are_not_called_none() {
    let mut stage = Stage::sized(100, 40).await;
    stage.fault("DescribeUserPoolClient:access-denied");
    stage.pool(PROD).await;
    stage.press("t").await;
    stage.sees(&["Request", "DescribeUserPoolClient", "access denied"]);
    stage.sees_no("Scopes none");
    stage.sees_no("No scope checked");
    // Nothing may be counted that was not read.
    stage.press("esc S").await;
    stage.sees(&["CLIENTS", "10 of 10 clients could not be read"]);
    let screen = stage.screen();
    let totals = screen
        .lines()
        .find(|line| line.contains("CLIENTS"))
        .unwrap();
    assert!(!totals.contains('0'), "{totals}");
    assert!(totals.contains('?'), "{totals}");
}

#[tokio::test]
async fn the_scopes_of_a_client_are_on_their_way_while_it_is_read() {
    let mut stage = asking_under("DescribeUserPoolClient:latency=600s").await;
    stage.sees(&["Request", "loading client settings"]);
    stage.sees_no("Scopes none");
    stage.sees_no("No scope checked");
}

#[tokio::test]
async fn a_token_that_a_terminal_pastes_over_several_lines_is_whole() {
    let mut stage = Stage::open().await;
    stage.client(STAGING, "price-poller").await;
    stage.press("t enter y 1").await;
    let token = stage.clipboard();
    let lines: Vec<String> = token
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    // A terminal sends what Enter sends for each line break of a paste.
    for ends in ["\r", "\r\n", "\n"] {
        stage.press("esc esc").await;
        stage.paste(&lines.join(ends)).await;
        stage.sees(&["signature", "valid: RS256", "line breaks"]);
    }
}
