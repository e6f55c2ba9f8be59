//! Setting up in the real terminal: from the pools to a client with a token, and a window that is not closed by mistake.

use crate::console::Start;

#[test]
fn team_is_set_up_and_its_secret_is_not_left_behind() {
    let mut console = Start::console(&["--demo"]).size(80, 24).open();
    console.wait_for_words(&["DEMO", "team06dbb7fc"]);
    console.press("m");
    console.wait_for_words(&["Set up machine access", "AWS TEAM"]);
    console.press("\r");
    console.wait_for_words(&["see the plan", "machine_auth"]);
    console.press("\r");
    console.wait_for_words(&["+ Create resource server api", "write it"]);
    console.press("\r");
    console.wait_for_words(&["Set up, and ready to use", "Granted scopes: api/admin"]);
    console.press("\x03");
    console.wait_for_words(&["press again to leave"]);
    console.press("\x03");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}
