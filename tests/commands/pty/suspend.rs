//! Ctrl-Z gives the terminal to the shell, and `fg` takes it back.

use crate::pty::console::{BINARY, Start};

#[test]
fn ctrl_z_stops_it_and_fg_resumes_it() {
    let mut shell = Start::program("bash", &["--norc", "--noprofile", "-i"])
        .env("PS1", "shell> ")
        .env("HISTFILE", "/dev/null")
        .open();
    shell.wait_for_words(&["shell> "]);
    shell.press(&format!("{BINARY} --demo\n"));
    shell.wait_for_words(&["team06dbb7fc", "DEMO"]);

    shell.press("\x1a");
    shell.wait_for("the shell's prompt", |screen| {
        let text = screen.contents();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && text.contains("Stopped")
            && text.trim_end().ends_with("shell>")
    });
    // The line is back in the shell's hands: what is typed is echoed and run.
    shell.press("stty -a | grep -q -e -isig || echo signals are on; echo back to $((40 + 2))\n");
    shell.wait_for_words(&["\nback to 42", "\nsignals are on"]);

    shell.press("fg\n");
    shell.wait_for("the console", |screen| {
        screen.alternate_screen() && screen.contents().contains("team06dbb7fc")
    });
    shell.press("?");
    shell.wait_for_words(&["Move to the next row"]);
    shell.press("\x03");
    shell.wait_for("the shell", |screen| !screen.alternate_screen());
    shell.press("echo code $?; exit\n");
    let ended = shell.end();
    assert!(ended.screen.contents().contains("code 0"));
}
