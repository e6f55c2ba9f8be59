//! Who this session is, and whether its credentials work: what they may do, when they end, and what became of them.

use super::App;
use super::message::{Notice, Query, QueryResult};
use crate::app::store::load::Load;
use crate::cognito::SignInEvent;
use crate::domain::guard::Account;
use crate::domain::identity::Source;
use crate::domain::time::Timestamp;
use crate::input::Action;

/// How long before credentials end that is said, in milliseconds.
const WARNING: i64 = 5 * 60 * 1_000;

/// When the credentials end, where that is known, and whether it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SessionEnd {
    at: Option<Timestamp>,
    said: bool,
}

impl App {
    /// Takes in what became of the credentials.
    pub(super) fn on_signing(&mut self, signing: &SignInEvent) {
        match signing {
            SignInEvent::Found(at) => {
                self.session.other_account = None;
                let later = self.end.said && *at > self.end.at;
                if let Some(at) = at.filter(|_| later) {
                    let until = at.clock();
                    self.notice = Some(Notice::good(format!("Credentials renewed until {until}")));
                }
                let said = self.end.said && *at == self.end.at;
                self.end = SessionEnd { at: *at, said };
            }
            SignInEvent::Renewed(who) => {
                self.session.other_account = None;
                if let Some(who) = who {
                    // STS was asked on the way: the answer counts as one to the question.
                    let run = self.store.begin(&Query::Identity);
                    let data = QueryResult::Identity(who.clone());
                    self.store.file(&Query::Identity, run, data, true, self.now);
                    self.judge();
                }
                let account = who.as_ref().map(|who| who.account.as_str());
                let caller = self.session.caller(account);
                self.notice = Some(Notice::good(format!("Signed in again as {caller}")));
            }
            SignInEvent::OtherAccount { found, account } => {
                let again = self.keys.label(Action::Refresh);
                let other = &found.account;
                self.session.other_account = Some(other.clone());
                self.notice = Some(Notice::bad(format!(
                    "ANOTHER ACCOUNT: the credentials are now of {other} ({}), and this session is {account}'s. Nothing is sent. \
                     Sign in to {account} again and press {again}, or start cognitui again for {other}",
                    found.arn
                )));
            }
        }
    }

    /// Applies the rules that name accounts, as far as the account is known.
    pub(super) fn judge(&mut self) {
        if !self.session.rules.name_accounts() {
            return;
        }
        let guard = match self.store.identity() {
            Load::Failed(error) => {
                let reason = error.one_line();
                self.session.rules.guard(Account::Unknown(&reason))
            }
            identity => {
                let who = identity.value();
                let account = who.map_or(Account::Asked, |who| Account::Known(&who.account));
                self.session.rules.guard(account)
            }
        };
        self.session.read_only = guard.read_only;
        self.session.production = guard.production;
        self.frame_it();
    }

    /// Frames everything as it befits the account.
    pub(super) fn frame_it(&mut self) {
        self.theme = if self.session.production {
            self.calm.alarmed()
        } else {
            self.calm
        };
    }

    /// Says that the credentials end soon, once, and over nothing else that was said.
    pub(super) fn warn_of_end(&mut self) {
        let Some(at) = self.end.at.filter(|_| !self.end.said) else {
            return;
        };
        if self.now.millis() < at.millis() - WARNING || self.notice.is_some() {
            return;
        }
        let again = self.keys.label(Action::Refresh);
        let way = if self.session.source == Source::Keys {
            "Start cognitui again with other keys: the environment of a running program does not change".to_owned()
        } else {
            format!("Sign in again, then {again} goes on with the new ones")
        };
        let verb = if self.now < at { "expire" } else { "expired" };
        let words = format!("The credentials {verb} at {}. {way}", at.clock());
        self.notice = Some(Notice::warn(words));
        self.end.said = true;
    }

    /// Whether the user was warned that the credentials end.
    pub(super) fn end_was_said(&self) -> bool {
        self.end.said
    }

    /// How many milliseconds until the warning that the credentials end.
    pub(super) fn warns_in(&self, now: Timestamp) -> Option<u64> {
        let at = self.end.at.filter(|_| !self.end.said)?;
        let wait = at.millis() - WARNING - now.millis();
        u64::try_from(wait).ok().filter(|wait| *wait > 0)
    }

    /// Who we are, where that did not come: a refresh of anything asks for it again.
    pub(super) fn missing_identity(&self) -> Option<Query> {
        let failed = self.store.has_failed(&Query::Identity);
        failed.then_some(Query::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::{Message, TaskEvent};
    use crate::app::testing::{EmptyScreen, console};

    const END: i64 = 10_000;

    fn found(end: Option<i64>) -> Message {
        let end = end.map(Timestamp::from_seconds);
        Message::Event(Box::new(TaskEvent::SignIn(SignInEvent::Found(end))))
    }

    #[test]
    fn an_idle_console_is_woken_once_to_say_that_the_session_ends() {
        let at = Timestamp::from_seconds;
        let mut app = console(|_, _| Box::new(EmptyScreen));
        app.update(found(Some(END)), at(1));
        let wait = app.next_tick(at(1)).unwrap();
        assert_eq!(wait, 1_000 * u64::try_from(END - 300 - 1).unwrap());
        assert!(app.notice.is_none());
        app.update(Message::Tick, at(END - 300));
        let said = app.notice.take().unwrap().text;
        assert!(said.contains("02:46:40 UTC"), "{said}");
        // Said once, and nothing moves any more.
        assert_eq!(app.next_tick(at(END - 300)), None);
        app.update(Message::Tick, at(END - 200));
        assert!(app.notice.is_none());
        app.update(found(Some(END + 3_600)), at(END - 100));
        let said = app.notice.take().unwrap().text;
        assert!(said.contains("renewed until 03:46:40"), "{said}");
        assert!(app.next_tick(at(END - 100)).is_some());
    }

    #[test]
    fn nothing_wakes_a_console_whose_credentials_do_not_end() {
        let at = Timestamp::from_seconds(1);
        let mut app = console(|_, _| Box::new(EmptyScreen));
        app.update(found(None), at);
        assert_eq!(app.next_tick(at), None);
    }
}
