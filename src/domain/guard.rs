//! What may be done as whom, and what is marked as production: by the flag, by profile, by account.

use std::collections::BTreeMap;

/// What holds for a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Why nothing may be written, where that is so.
    pub read_only: Option<String>,
    /// Whether it is marked as production.
    pub production: bool,
}

/// What the configuration says of one account. What is left out is left to the profile's rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountRule {
    /// Whether nothing may be written.
    pub read_only: Option<bool>,
    /// Whether it is marked as production.
    pub production: Option<bool>,
}

impl AccountRule {
    fn restricts(self) -> bool {
        self.read_only == Some(true) || self.production == Some(true)
    }
}

/// How much is known of the account that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// STS is yet to answer.
    Asked,
    /// STS named it.
    Known(&'a str),
    /// STS did not name it; why.
    Unknown(&'a str),
}

/// The rules that hold for a caller, before the account is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `--read-only`, which no rule lifts.
    pub flag: bool,
    /// What the profile's rules and the file as a whole come to.
    pub profile: Guard,
    /// The rules of accounts, by id.
    pub accounts: BTreeMap<String, AccountRule>,
    /// The profile that is used, or that is marked as production and passed over.
    pub name: Option<String>,
    /// That rules of a profile do not apply, because keys of the environment are used in its place.
    pub bypassed: Option<String>,
}

impl Rules {
    /// Whether something depends on the account.
    #[must_use]
    pub fn name_accounts(&self) -> bool {
        !self.flag && !self.accounts.is_empty()
    }

    /// What holds for `account`. Its own rule counts before those of the profile, for it is a fact where a profile is a name. While
    /// it is not known, the strictest rule of all counts.
    #[must_use]
    pub fn guard(&self, account: Account) -> Guard {
        if self.flag {
            return Guard {
                read_only: Some("it was started with --read-only".to_owned()),
                production: self.profile.production,
            };
        }
        let why = match account {
            Account::Known(id) => return self.known(id),
            Account::Asked => "the account is not known yet".to_owned(),
            Account::Unknown(reason) => format!("the account is not known ({reason})"),
        };
        let mut rules = self.accounts.iter();
        let restricting = rules.find(|(_, rule)| rule.restricts());
        let read_only = restricting.map(|(id, _)| {
            format!("{why}, and the configuration has rules for [accounts.\"{id}\"]")
        });
        let red = |rule: &AccountRule| rule.production == Some(true);
        Guard {
            read_only: self.profile.read_only.clone().or(read_only),
            // The mark of a moment would alarm at every start.
            production: self.profile.production
                || account != Account::Asked && self.accounts.values().any(red),
        }
    }

    /// What is typed, or given, before anything is written where production is marked.
    #[must_use]
    pub fn word(&self) -> &str {
        self.name.as_deref().unwrap_or("production")
    }

    /// Whether what holds depends on the account, `given` being what was given as the name of production.
    #[must_use]
    pub fn ask_account(&self, given: Option<&str>) -> bool {
        let marked = !self.flag && self.profile.production;
        self.name_accounts() || marked && given.is_some_and(is_account)
    }

    /// Why nothing may be written in production although writing as such is allowed: `given` does not name it. The second is what does.
    #[must_use]
    pub fn unnamed(&self, account: Account, given: Option<&str>) -> Option<(String, String)> {
        if !self.guard(account).production {
            return None;
        }
        let id = match account {
            Account::Known(id) => Some(id),
            Account::Asked | Account::Unknown(_) => None,
        };
        if given.is_some() && (given == Some(self.word()) || given == id) {
            return None;
        }
        let (what, name) = match (&self.name, id) {
            (Some(name), _) => (format!("profile {name}"), name.as_str()),
            (None, Some(id)) => (format!("account {id}"), id),
            (None, None) => ("this account".to_owned(), self.word()),
        };
        let why = match given {
            None => format!("{what} is marked as production"),
            Some(given) => {
                format!("{what} is marked as production, and --production names {given}")
            }
        };
        Some((why, name.to_owned()))
    }

    fn known(&self, id: &str) -> Guard {
        let rule = self.accounts.get(id).copied().unwrap_or_default();
        Guard {
            read_only: match rule.read_only {
                Some(true) => Some(format!("[accounts.\"{id}\"] has read_only = true")),
                Some(false) => None,
                None => self.profile.read_only.clone(),
            },
            production: rule.production.unwrap_or(self.profile.production),
        }
    }
}

/// Whether this can be an account's id, which is twelve digits.
#[must_use]
pub fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROD: &str = "111111111111";
    const DEV: &str = "222222222222";

    fn rules(accounts: &[(&str, AccountRule)]) -> Rules {
        let accounts = accounts.iter();
        Rules {
            accounts: accounts
                .map(|(id, rule)| ((*id).to_owned(), *rule))
                .collect(),
            ..Rules::default()
        }
    }

    fn read_only(value: bool) -> AccountRule {
        AccountRule {
            read_only: Some(value),
            production: None,
        }
    }

    #[test]
    fn an_accounts_rule_counts_before_the_profiles() {
        let mut rules = rules(&[(PROD, read_only(true)), (DEV, read_only(false))]);
        assert!(rules.guard(Account::Known(PROD)).read_only.is_some());
        assert_eq!(rules.guard(Account::Known("3")).read_only, None);
        rules.profile.read_only = Some("the file".to_owned());
        assert_eq!(rules.guard(Account::Known(DEV)).read_only, None);
        let other = rules.guard(Account::Known("3"));
        assert_eq!(other.read_only.as_deref(), Some("the file"));
        rules.flag = true;
        let flagged = rules.guard(Account::Known(DEV)).read_only.unwrap();
        assert!(flagged.contains("--read-only"), "{flagged}");
    }

    #[test]
    fn an_account_that_is_not_known_falls_under_the_strictest_rule() {
        let strict = rules(&[(DEV, read_only(false)), (PROD, read_only(true))]);
        for (account, why) in [
            (Account::Asked, "not known yet"),
            (
                Account::Unknown("GetCallerIdentity: timed out"),
                "timed out",
            ),
        ] {
            let reason = strict.guard(account).read_only.unwrap();
            assert!(reason.contains(why) && reason.contains(PROD), "{reason}");
        }
        let lax = rules(&[(DEV, read_only(false))]);
        assert_eq!(lax.guard(Account::Unknown("denied")).read_only, None);
    }

    #[test]
    fn production_is_named_by_its_profile_or_its_account_and_by_nothing_else() {
        let mut rules = rules(&[]);
        let known = Account::Known(PROD);
        assert_eq!(rules.unnamed(known, None), None);
        rules.profile.production = true;
        rules.name = Some("team-prod".to_owned());
        for given in ["team-prod", PROD] {
            assert_eq!(rules.unnamed(known, Some(given)), None, "{given}");
        }
        for given in [None, Some(""), Some("production"), Some("dev"), Some(DEV)] {
            let (_, name) = rules.unnamed(known, given).unwrap();
            assert_eq!(name, "team-prod", "{given:?}");
        }
        assert!(rules.ask_account(Some(PROD)) && !rules.ask_account(Some("team-prod")));
        let unknown = Account::Unknown("denied");
        assert!(rules.unnamed(unknown, Some(PROD)).is_some());
        rules.name = None;
        assert_eq!(rules.unnamed(known, None).unwrap().1, PROD);
        assert_eq!(rules.unnamed(unknown, None).unwrap().1, "production");
        assert_eq!(rules.unnamed(unknown, Some("production")), None);
    }

    #[test]
    fn a_red_frame_is_an_accounts_too() {
        let mark = |production| AccountRule {
            read_only: None,
            production: Some(production),
        };
        let mut rules = rules(&[(PROD, mark(true)), (DEV, mark(false))]);
        assert!(rules.guard(Account::Known(PROD)).production);
        assert!(!rules.guard(Account::Asked).production);
        assert!(rules.guard(Account::Unknown("denied")).production);
        rules.profile.production = true;
        assert!(!rules.guard(Account::Known(DEV)).production);
    }
}
