//! How the console starts, and its message if it cannot reach Cognito.

use std::net::TcpListener;

use crate::pty::console::Start;

#[test]
fn a_start_shows_the_pools_and_a_resize_redraws_at_once() {
    let mut console = Start::console(&["--demo"]).size(80, 24).open();
    console.wait_for_words(&["User pools", "team06dbb7fc", "DEMO", "? help"]);
    console.resize(140, 45);
    console.wait_for("a frame of 140x45", |screen| {
        let rows: Vec<String> = screen.rows(0, 140).collect();
        rows[0].trim_end().chars().count() > 120
            && rows[44].contains("? help")
            && rows[43].trim_end().chars().count() == 140
    });
    console.resize(20, 5);
    console.wait_for("a frame of 20x5", |screen| {
        screen.rows(0, 20).next().unwrap().contains("cognitui")
    });
    console.resize(80, 24);
    console.wait_for("a frame of 80x24", |screen| {
        let rows: Vec<String> = screen.rows(0, 80).collect();
        rows[23].contains("? help") && rows[22].trim_end().chars().count() == 80
    });
}

#[test]
fn no_credentials() {
    let console = Start::console(&["--region", "eu-west-1"]).open();
    console.wait_for_words(&["credentials"]);
    console.wait_for_words(&["aws configure"]);
}

#[test]
fn no_region() {
    let console = Start::console(&[]).with_credentials().open();
    console.wait_for_words(&["Region", "--region"]);
}

#[test]
fn a_dead_endpoint() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let url = format!("http://127.0.0.1:{port}");
    let mut console = Start::console(&["--endpoint-url", &url, "--region", "eu-west-1"])
        .with_credentials()
        .open();
    console.wait_for_words(&["ListUserPools", &url]);
    console.press("q");
    assert_eq!(console.end().code, 0);
}

#[test]
fn a_region_that_does_not_exist() {
    let console = Start::console(&["--region", "nowhere-1"])
        .with_credentials()
        .open();
    console.wait_for_words(&["ListUserPools", "nowhere-1", "Region"]);
}

#[test]
fn no_color_means_none() {
    let mut console = Start::console(&["--demo"]).env("NO_COLOR", "1").open();
    console.open_pool("team06dbb7fc");
    console.press("\x03");
    let raw = console.end().text();
    let colours: Vec<&str> = sgr(&raw).filter(|code| is_colour(code)).collect();
    assert_eq!(colours, Vec::<&str>::new());
    assert!(
        sgr(&raw).any(|code| code == "7" || code == "1"),
        "the selection has no look"
    );
}

#[test]
fn colours_are_the_terminals_own_sixteen() {
    let mut console = Start::console(&["--demo"]).open();
    console.open_pool("team06dbb7fc");
    console.press("\x03");
    let raw = console.end().text();
    assert!(sgr(&raw).any(is_colour));
    assert!(
        !raw.contains("38;2;") && !raw.contains("48;2;"),
        "a colour of ours"
    );
}

/// Returns the parameters of every SGR sequence.
fn sgr(raw: &str) -> impl Iterator<Item = &str> {
    raw.split("\x1b[").skip(1).flat_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let is_sgr = rest[end..].starts_with('m');
        rest[..end].split(';').filter(move |_| is_sgr)
    })
}

fn is_colour(code: &str) -> bool {
    code.parse()
        .is_ok_and(|code: u8| matches!(code, 30..=38 | 40..=48 | 90..=97 | 100..=107))
}
