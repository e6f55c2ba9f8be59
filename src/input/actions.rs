//! The table of actions: the source of the key map, the footer, the help and the README's key table.

/// The help section of an action. It also decides which actions may share a key: see
/// [`KeyMap::with_overrides`](super::KeyMap::with_overrides).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Moves the cursor or the focus.
    Move,
    /// Changes what is shown.
    View,
    /// Acts on the selected row.
    Act,
    /// Works while a form is open.
    Form,
    /// Concerns the program itself.
    Program,
}

impl Group {
    /// All groups, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Move, Self::View, Self::Act, Self::Form, Self::Program];

    /// Returns the heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::View => "View",
            Self::Act => "Act",
            Self::Form => "In a form",
            Self::Program => "Program",
        }
    }
}

macro_rules! actions {
    ($($group:ident { $($action:ident [$($key:literal),+], $word:literal, $help:literal;)+ })+) => {
        /// What a key can request. The screen decides what it does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[doc = $help] $action,)+)+ }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &[Self] = &[$($(Self::$action,)+)+];

            /// Returns the default keys, the one that the footer shows first.
            #[must_use]
            pub const fn keys(self) -> &'static [&'static str] {
                match self { $($(Self::$action => &[$($key),+],)+)+ }
            }

            /// Returns its word in the footer.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($(Self::$action => $word,)+)+ }
            }

            /// Returns its sentence in the help.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $($(Self::$action => $help,)+)+ }
            }

            /// Returns its group in the help.
            #[must_use]
            pub const fn group(self) -> Group {
                match self { $($(Self::$action => Group::$group,)+)+ }
            }

            const fn variant(self) -> &'static str {
                match self { $($(Self::$action => stringify!($action),)+)+ }
            }
        }
    };
}

actions! {
    Move {
        Down      ["j", "down"],           "down",      "Move to the next row";
        Up        ["k", "up"],             "up",        "Move to the previous row";
        First     ["g", "home"],           "first",     "Move to the first row";
        Last      ["G", "end"],            "last",      "Move to the last row";
        PageDown  ["pgdn", "ctrl-f"],      "page down", "Move one page down";
        PageUp    ["pgup", "ctrl-b"],      "page up",   "Move one page up";
        Left      ["h", "left"],           "left",      "Move or scroll left";
        Right     ["l", "right"],          "right",     "Move or scroll right";
        ScrollDown ["J"],                  "scroll",    "Scroll the details down";
        ScrollUp  ["K"],                   "scroll",    "Scroll the details up";
        Enter     ["enter"],               "open",      "Open the selected row";
        Back      ["esc"],                 "back",      "Go back, or close a dialog";
        NextTab   ["tab"],                 "next tab",  "Go to the next tab or pane";
        PrevTab   ["shift-tab"],           "prev tab",  "Go to the previous tab or pane";
        Tab       ["1", "2", "3", "4", "5", "6", "7", "8", "9"], "tab", "Go to the tab, or choose the item, of this number";
    }
    View {
        Filter    ["/"],                   "filter",    "Filter the rows";
        Sort      ["o"],                   "sort",      "Sort by the next column (no arrow: Cognito's order)";
        Refresh   ["r"],                   "refresh",   "Refresh from AWS";
        ReadAll   ["A"],                   "read all",  "Read all app clients of a large pool, or pause it";
        Reveal    ["x"],                   "reveal",    "Reveal or hide the secret";
        Privacy   ["P"],                   "privacy",   "Toggle privacy: hide ids, account, ARNs and endpoints";
    }
    Act {
        New       ["n"],                   "create",    "Create a resource";
        Edit      ["e"],                   "edit",      "Edit the selected resource";
        Delete    ["ctrl-d"],              "delete",    "Delete the selected resource (type its name)";
        Copy      ["y"],                   "copy",      "Copy to the clipboard";
        CopySecret ["s"],                  "copy secret", "Copy the client secret, in the copy menu";
        Token     ["t"],                   "token",     "Request a token for the selected app client";
        Call      ["a"],                   "call API",  "Call an API with the token";
        Paste     ["p"],                   "inspect",   "Inspect any token";
        History   ["H"],                   "history",   "Show the tokens of this session";
        Wire      ["v"],                   "wire",      "Show the HTTP exchange";
        Rotate    ["R"],                   "rotate",    "Rotate the client secret without downtime";
        SetUp     ["m"],                   "set up",    "Set up M2M access from a preset";
        TakeDown  ["T"],                   "take down", "Switch a set-up plan (m) between set up and take down";
        Doctor    ["D"],                   "doctor",    "Find problems and fixes";
        Fix       ["f"],                   "fix",       "Fix a finding";
        ScopeMap  ["S"],                   "scope map", "Show which app client has which scope";
        WhoUses   ["u"],                   "access",    "Show who can use a scope, or what a client can call";
        Export    ["E"],                   "export",    "Export to Terraform, CloudFormation, CDK or AWS CLI";
        Save      ["w"],                   "save",      "Save to a file";
    }
    Form {
        NextField ["tab"],                 "next",      "Go to the next field";
        PrevField ["shift-tab"],           "previous",  "Go to the previous field";
        Toggle    ["space"],               "toggle",    "Toggle or choose";
        Submit    ["enter"],               "submit",    "Submit the form";
    }
    Program {
        Help      ["?"],                   "help",      "Show all keys of this screen";
        Quit      ["q"],                   "quit",      "Go back, or quit the first screen";
        ForceQuit ["ctrl-c"],              "quit",      "Quit from any screen";
        SaveScreen ["ctrl-s"],             "save",      "Save the screen as text and SVG, ids and secrets hidden";
        LogIn     ["L"],                   "log in",    "Log in again with aws sso login or aws login";
        Suspend   ["ctrl-z"],              "suspend",   "Suspend (resume with fg)";
    }
}

impl Action {
    /// Returns its name in the configuration file: `page-down` for [`Action::PageDown`].
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in self.variant().chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }

    /// Returns the action of that [`name`](Self::name).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }

    /// Returns whether it leads to a write to Cognito. Read-only sessions refuse these.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::New | Self::Edit | Self::Fix | Self::Delete | Self::Rotate | Self::SetUp
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_actions() {
        for &action in Action::ALL {
            assert_eq!(Action::named(&action.name()), Some(action));
        }
        assert_eq!(Action::PageDown.name(), "page-down");
        assert_eq!(Action::named("PageDown"), None);
    }

    #[test]
    fn help_is_a_sentence_without_a_full_stop() {
        for &action in Action::ALL {
            let help = action.help();
            assert!(help.starts_with(|c: char| c.is_ascii_uppercase()), "{help}");
            assert!(!help.ends_with('.'), "{help}");
            assert!(!action.word().is_empty());
        }
    }
}
