use super::*;
use crate::domain::resource_server::Scope;

fn server(identifier: &str, name: &str, scopes: &[&str]) -> ResourceServer {
    let scope = |name: &&str| Scope {
        name: (*name).to_owned(),
        description: "x".to_owned(),
    };
    ResourceServer {
        identifier: identifier.to_owned(),
        name: name.to_owned(),
        scopes: scopes.iter().map(scope).collect(),
        ..ResourceServer::default()
    }
}

fn servers() -> Vec<ResourceServer> {
    vec![
        server(
            "https://api.example.com",
            "Users API",
            &["users:read", "users:write"],
        ),
        server("orders", "Order desk", &["read", "write", "cancel_all"]),
    ]
}

const USERS: &str = "https://api.example.com/users:read";

#[test]
fn a_scope_is_found_however_it_is_mistyped() {
    let has = [ScopeName::new(USERS), ScopeName::new("orders/read")];
    for (asked, expected, slip) in [
        // The identifier or the scheme is left out.
        ("users:read", USERS, Slip::BareName),
        ("users/read", USERS, Slip::BareName),
        ("users.read", USERS, Slip::BareName),
        ("cancel_all", "orders/cancel_all", Slip::BareName),
        ("api.example.com/users:read", USERS, Slip::Spelling),
        ("http://api.example.com/users:read", USERS, Slip::Spelling),
        // Separators.
        ("https://api.example.com/users/read", USERS, Slip::Spelling),
        ("https://api.example.com//users:read", USERS, Slip::Spelling),
        ("https://api.example.com/users:read/", USERS, Slip::Spelling),
        ("orders:read", "orders/read", Slip::Spelling),
        ("orders.read", "orders/read", Slip::Spelling),
        ("orders\\read", "orders/read", Slip::Spelling),
        ("orders/cancel-all", "orders/cancel_all", Slip::Spelling),
        // Case, white space, quotes, encoding.
        ("Orders/Read", "orders/read", Slip::Spelling),
        (" orders/read", "orders/read", Slip::Spelling),
        ("orders / read", "orders/read", Slip::Spelling),
        ("\"orders/read\"", "orders/read", Slip::Spelling),
        ("‘orders/read’", "orders/read", Slip::Spelling),
        ("[orders/read]", "orders/read", Slip::Spelling),
        ("orders/read,", "orders/read", Slip::Spelling),
        ("orders%2Fread", "orders/read", Slip::Spelling),
        ("orders%252Fread", "orders/read", Slip::Spelling),
        (
            "https%3A%2F%2Fapi.example.com%2Fusers%3Aread",
            USERS,
            Slip::Spelling,
        ),
        // The server's name.
        ("Order desk/read", "orders/read", Slip::ServersName),
        ("users api/users:read", USERS, Slip::ServersName),
        // A number, some letters.
        ("order/read", "orders/read", Slip::Number),
        ("user:read", USERS, Slip::Number),
        ("orders/raed", "orders/read", Slip::Letters),
        ("order/reads", "orders/read", Slip::Number),
        ("oders/read", "orders/read", Slip::Letters),
        // Several.
        (
            "orders/read,orders/write",
            "orders/read orders/write",
            Slip::Comma,
        ),
        (
            "orders/read, users:read",
            &format!("orders/read {USERS}"),
            Slip::Comma,
        ),
        (
            "orders/read;orders/write",
            "orders/read orders/write",
            Slip::Comma,
        ),
    ] {
        let found = meant(asked, Some(&servers()), Some(&has));
        let first = found.first().unwrap_or_else(|| panic!("{asked}"));
        assert_eq!(
            (first.names().as_str(), first.slip),
            (expected, slip),
            "{asked}"
        );
        let lacking = first.scopes.iter().filter(|scope| !has.contains(scope));
        let lacking: Vec<ScopeName> = lacking.cloned().collect();
        assert_eq!(first.lacking, Some(lacking), "{asked}");
    }
}

#[test]
fn what_is_another_scope_is_not_taken_for_a_slip() {
    for asked in [
        "orders/delete",
        "billing/read",
        "a/x",
        "",
        "/",
        "openid",
        "%",
    ] {
        assert_eq!(meant(asked, Some(&servers()), None), [], "{asked}");
    }
    // A comma may be a part of a name.
    let comma = [server("a", "a", &["x,y"])];
    assert_eq!(meant("A/x,y", Some(&comma), None)[0].names(), "a/x,y");
}

#[test]
fn of_two_that_are_as_near_the_clients_comes_first() {
    let two = [server("a", "a", &["read"]), server("b", "b", &["read"])];
    let has = [ScopeName::new("b/read")];
    let found = meant("read", Some(&two), Some(&has));
    let names: Vec<String> = found.iter().map(Meant::names).collect();
    assert_eq!(names, ["b/read", "a/read"]);
    assert!(found[0].question().ends_with("This client has it."));
    // Of servers that are not read, the client's scopes are known; of no client, nothing is said of it.
    assert_eq!(meant("READ", None, Some(&has))[0].names(), "b/read");
    assert_eq!(
        meant("a:read", Some(&two), None)[0].question(),
        "Did you mean a/read?"
    );
}

#[test]
fn of_a_list_only_what_the_client_lacks_is_said_to_be_lacking() {
    let has = [ScopeName::new("orders/read")];
    let found = meant("orders/read,orders/write", Some(&servers()), Some(&has));
    assert_eq!(
        found[0].question(),
        "Did you mean orders/read orders/write? This client does not have orders/write."
    );
}

#[test]
fn the_last_word_of_a_name_is_a_bare_name() {
    let two = [server("crm", "CRM", &["users:read", "users:write"])];
    assert_eq!(
        meant("write", Some(&two), None)[0].names(),
        "crm/users:write"
    );
}

#[test]
fn a_listed_scope_is_corrected_only_where_one_can_be_meant() {
    let misspelt = |listed: &str, servers: &[ResourceServer]| {
        misspelt(&ScopeName::new(listed), servers).map(|scope| scope.as_str().to_owned())
    };
    let all = servers();
    assert_eq!(misspelt("Orders/Read", &all), Some("orders/read".into()));
    assert_eq!(
        misspelt("Order desk/read", &all),
        Some("orders/read".into())
    );
    assert_eq!(
        misspelt("https://api.example.com/users/read", &all),
        Some(USERS.into())
    );
    // It may be another scope, that was deleted.
    assert_eq!(misspelt("orders/reed", &all), None);
    assert_eq!(misspelt("orders/delete", &all), None);
    let twins = [
        server("a", "desk", &["read"]),
        server("b", "desk", &["read"]),
    ];
    assert_eq!(misspelt("desk/read", &twins), None);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(asked in "\\PC{0,40}") {
        let _ = meant(&asked, Some(&servers()), None);
    }
}
